import { calls } from './families/calls.ts';
import { cocoBytes } from './families/coco-bytes.ts';
import { cocoRows } from './families/coco-rows.ts';
import { commandLines } from './families/command-lines.ts';
import { checkpoints, packages } from './families/packages.ts';
import { photos } from './families/photos.ts';
import { projectBytes, projectRows } from './families/project-files.ts';
import { prompts } from './families/prompts.ts';
import type { Family } from './family.ts';

/** Every kind of input that is damaged. */
export const families: readonly Family[] = [
  cocoRows,
  cocoBytes,
  photos,
  projectBytes,
  projectRows,
  calls,
  packages,
  checkpoints,
  prompts,
  commandLines,
];
