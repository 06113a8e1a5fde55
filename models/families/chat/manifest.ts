import { z } from 'zod';
import { manifestSchema } from '../../package/manifest.ts';
import { chatConfigSchema } from './config.ts';

/** The manifest of a model that a server runs: an address instead of graphs and files. */
export const chatManifestSchema = manifestSchema.extend({
  family: z.literal('chat'),
  config: chatConfigSchema,
  graphs: z.strictObject({}),
  files: z.array(z.never()),
});
export type ChatManifest = z.infer<typeof chatManifestSchema>;
