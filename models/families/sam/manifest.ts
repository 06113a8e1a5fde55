import { z } from 'zod';
import { graphSchema, manifestSchema } from '../../package/manifest.ts';
import { samConfigSchema } from './config.ts';

/** A photo is encoded once; each prompt then costs the decoder only. */
export const graphRoles = ['encoder', 'decoder'] as const;
export type GraphRole = (typeof graphRoles)[number];

/** The manifest of a promptable encoder and decoder, as others exported them. */
export const samManifestSchema = manifestSchema.extend({
  family: z.literal('sam'),
  config: samConfigSchema,
  graphs: z.object({ encoder: graphSchema, decoder: graphSchema }),
});
export type SamManifest = z.infer<typeof samManifestSchema>;
