import { z } from 'zod';
import { precisions } from '../../../core/precision.ts';
import { graphSchema, manifestSchema } from '../../package/manifest.ts';
import { modelConfigSchema } from './config.ts';

/**
 * The four graphs. N = patches, T = text tokens, P = past length, h = hidden size, d = head width,
 * C = mask_dim, S = number of `[SEG]`. All floats are float32 at the interface whatever the
 * weights' precision.
 *
 * - image: patches [N, 3*p*p], prompt_index int64 [N] (-2 none, else prompt id), cos/sin [N+2, d/2]
 *   -> states [N, h] (final norm applied, patches only), present.{i}.key/value [1, kv, N+2, d]
 * - text: input_ids int64 [1, T], cos/sin [T, d/2], past.{i}.key/value [1, kv, P, d] (P may be 0)
 *   -> hidden [1, T, h] (final norm applied), logits [1, 1, V] (of the last token only),
 *   present.{i}.key/value [1, kv, P+T, d]
 * - features: states [N, h], grid int64 [2] (rows, columns) -> features [C, H', W']
 * - mask: seg_states [S, h], features [C, H', W'] -> queries [S, C], mask_logits [S, H', W']
 *
 * cos/sin hold, per token, the d/2 rotary angles with M-RoPE sections applied: the first d/4
 * columns follow the h position, the next d/4 the w position.
 */
export const graphRoles = ['image', 'text', 'features', 'mask'] as const;
export type GraphRole = (typeof graphRoles)[number];

/** The manifest of a Pixel-SAIL package of any size. */
export const pixelSailManifestSchema = manifestSchema.extend({
  family: z.literal('pixel-sail'),
  precision: z.enum(precisions),
  config: modelConfigSchema,
  graphs: z.object({
    image: graphSchema,
    text: graphSchema,
    features: graphSchema,
    mask: graphSchema,
  }),
  tokenizer: z.string(),
});
export type PixelSailManifest = z.infer<typeof pixelSailManifestSchema>;
