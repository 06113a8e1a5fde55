import type { Family } from '../../family.ts';
import { detectorManifestSchema, graphRoles, type DetectorManifest } from './manifest.ts';
import { detectorImport } from './recognize.ts';

/** Detectors of fixed classes, YOLO (arXiv 2304.00501) and others: boxes, or masks too. */
export const detector: Family<DetectorManifest> = {
  id: 'detector',
  manifest: detectorManifestSchema,
  tasks: ['segment'],
  graphRoles,
  import: detectorImport,
  runtime: async () => (await import('./runtime.ts')).detectorRuntime,
};
