import { z } from 'zod';
import { precisions } from '../../core/precision.ts';
import { modelTasks, segmentPrompts } from '../../core/prompt.ts';

/**
 * Names of files inside a package: plain names joined by slashes. Characters that other
 * systems read differently (backslashes, drive letters, dots at either end) are refused.
 */
export const packagePath = /^(?:\w[\w.-]*\/)*\w[\w.-]*$/;
const graphPath = z.string().regex(/\.onnx$/, 'expected a name that ends in .onnx');

const fileSchema = z.object({
  path: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().min(0),
});

const tensorSchema = z.object({
  dtype: z.enum(['float32', 'float16', 'int64', 'int32', 'uint8', 'int8', 'bool']),
  /** Named dimensions are strings. */
  shape: z.array(z.union([z.number().int(), z.string()])),
});

export const graphSchema = z.object({
  /**
   * For the CPU. The name decides how onnxruntime reads it: other endings are other formats, which
   * are not looked into.
   */
  file: graphPath,
  /**
   * The same graph in standard operators only, where `file` uses fused ones: for every other
   * device, whose fused attention is missing (CUDA in float32) or not trusted (webgpu gave wrong
   * numbers).
   */
  plainFile: graphPath.optional(),
  /**
   * The same graph with its largest products in int8, for CPUs that are faster with them; its
   * numbers differ by a few percent.
   */
  integerFile: graphPath.optional(),
  inputs: z.record(z.string(), tensorSchema),
  outputs: z.record(z.string(), tensorSchema),
});

/**
 * The content of `manifest.json` in a package of any family: information for users and reviewers,
 * and the paths of the graphs. A family narrows `config` and `graphs` to its own (see
 * models/family.ts). A package is a folder; every file in it but the manifest is listed with its
 * sha256.
 */
export const manifestSchema = z.object({
  formatVersion: z.literal(1),
  family: z.string(),
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  version: z.string(),
  title: z.string(),
  description: z.string(),
  license: z.string(),
  source: z.object({ url: z.string(), revision: z.string() }),
  /** Of the weights; `server` where a server has them and does not say. */
  precision: z.enum([...precisions, 'server']),
  tasks: z.array(z.enum(modelTasks)),
  /** Kinds of prompts for masks; absent = all. */
  prompts: z.array(z.enum(segmentPrompts)).optional(),
  /** Names of all objects that it finds; absent where any name can be asked for. */
  classes: z.array(z.string()).optional(),
  /**
   * Score from which what it finds counts where a request says nothing else; absent where a
   * request cannot say it.
   */
  minimumScore: z.number().min(0).max(1).optional(),
  config: z.looseObject({}),
  graphs: z.record(z.string(), graphSchema),
  /** Absent in a family that reads no text. */
  tokenizer: z.string().optional(),
  files: z.array(fileSchema).max(1000),
  /** Estimated bytes while loaded and answering about one image of the largest size. */
  memory: z.object({ weightsBytes: z.number(), workingBytes: z.number() }),
});
export type Manifest = z.infer<typeof manifestSchema>;
