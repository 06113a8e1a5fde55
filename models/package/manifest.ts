import { z } from 'zod';
import { precisions } from '../../core/precision.ts';
import { modelConfigSchema } from '../families/pixel-sail/config.ts';

/**
 * Names of files inside a package: plain names joined by slashes. What other systems read differently (backslashes, drive
 * letters, dots at either end) has no place in them.
 */
export const packagePath = /^(?:\w[\w.-]*\/)*\w[\w.-]*$/;
const graphPath = z.string().regex(/\.onnx$/, 'expected a name that ends in .onnx');

const fileSchema = z.object({
  path: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().min(0),
});

const tensorSchema = z.object({
  dtype: z.enum(['float32', 'float16', 'int64', 'uint8', 'int8']),
  /** Named dimensions are strings. */
  shape: z.array(z.union([z.number().int(), z.string()])),
});

const graphSchema = z.object({
  /** For the CPU. The name decides how onnxruntime reads it: other endings are other formats, which are not looked into. */
  file: graphPath,
  /**
   * The same graph in standard operators only, where `file` uses fused ones: for every other device, whose fused
   * attention is missing (CUDA in float32) or not trusted (webgpu gave wrong numbers).
   */
  plainFile: graphPath.optional(),
  inputs: z.record(z.string(), tensorSchema),
  outputs: z.record(z.string(), tensorSchema),
});

/**
 * The four graphs. N = patches, T = text tokens, P = past length, h = hidden size, d = head width,
 * C = mask_dim, S = number of `[SEG]`. All floats are float32 at the interface whatever the weights' precision.
 *
 * - image: patches [N, 3*p*p], prompt_index int64 [N] (-2 none, else prompt id), cos/sin [N+2, d/2]
 *   -> states [N, h] (final norm applied, patches only), present.{i}.key/value [1, kv, N+2, d]
 * - text: input_ids int64 [1, T], cos/sin [T, d/2], past.{i}.key/value [1, kv, P, d] (P may be 0)
 *   -> hidden [1, T, h] (final norm applied), logits [1, 1, V] (of the last token only), present.{i}.key/value [1, kv, P+T, d]
 * - features: states [N, h], grid int64 [2] (rows, columns) -> features [C, H', W']
 * - mask: seg_states [S, h], features [C, H', W'] -> queries [S, C], mask_logits [S, H', W']
 *
 * cos/sin hold, per token, the d/2 rotary angles with M-RoPE sections applied: the first d/4 columns follow
 * the h position, the next d/4 the w position.
 */
export const graphRoles = ['image', 'text', 'features', 'mask'] as const;
export type GraphRole = (typeof graphRoles)[number];

/**
 * `manifest.json` of a model package: all that a user or a reviewer needs to know, and all that the runtime
 * needs to load it. A package is a folder; every file in it but the manifest is listed with its sha256.
 */
export const manifestSchema = z.object({
  formatVersion: z.literal(1),
  family: z.literal('pixel-sail'),
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  version: z.string(),
  title: z.string(),
  description: z.string(),
  license: z.string(),
  source: z.object({ url: z.string(), revision: z.string() }),
  precision: z.enum(precisions),
  tasks: z.array(z.enum(['segment', 'describe', 'ask'])),
  config: modelConfigSchema,
  graphs: z.object({
    image: graphSchema,
    text: graphSchema,
    features: graphSchema,
    mask: graphSchema,
  }),
  tokenizer: z.string(),
  files: z.array(fileSchema).max(1000),
  /** Estimated bytes while loaded and answering about one image of the largest size. */
  memory: z.object({ weightsBytes: z.number(), workingBytes: z.number() }),
});
export type Manifest = z.infer<typeof manifestSchema>;
