import type { Family } from '../../family.ts';
import { graphRoles, pixelSailManifestSchema, type PixelSailManifest } from './manifest.ts';

/**
 * Pixel-SAIL (arXiv 2504.10465): one transformer that reads pixels and words and answers with
 * masks and words.
 */
export const pixelSail: Family<PixelSailManifest> = {
  id: 'pixel-sail',
  manifest: pixelSailManifestSchema,
  tasks: ['segment', 'describe', 'ask'],
  graphRoles,
  runtime: async () => (await import('./runtime.ts')).pixelSailRuntime,
};
