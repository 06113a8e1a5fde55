import type { Family } from '../../family.ts';
import { graphRoles, samManifestSchema, type SamManifest } from './manifest.ts';
import { samImport } from './recognize.ts';

/**
 * Segment Anything (arXiv 2304.02643), SAM 2 (2408.00714) and their relatives: points and boxes
 * in, masks out.
 */
export const sam: Family<SamManifest> = {
  id: 'sam',
  manifest: samManifestSchema,
  tasks: ['segment'],
  graphRoles,
  import: samImport,
  runtime: async () => (await import('./runtime.ts')).samRuntime,
};
