import { z } from 'zod';
import { graphSchema, manifestSchema } from '../../package/manifest.ts';
import { detectorConfigSchema } from './config.ts';

export const graphRoles = ['detector'] as const;
export type GraphRole = (typeof graphRoles)[number];

/** The manifest of a graph that finds objects of certain classes, as others exported it. */
export const detectorManifestSchema = manifestSchema.extend({
  family: z.literal('detector'),
  config: detectorConfigSchema,
  classes: z.array(z.string().min(1)).min(1),
  graphs: z.object({ detector: graphSchema }),
});
export type DetectorManifest = z.infer<typeof detectorManifestSchema>;
