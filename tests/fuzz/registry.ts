import { calls } from './families/calls.ts';
import { cocoBytes } from './families/coco-bytes.ts';
import { cocoRows } from './families/coco-rows.ts';
import { commandLines } from './families/command-lines.ts';
import { checkpoints, packages } from './families/packages.ts';
import { datasets } from './families/datasets.ts';
import { photos } from './families/photos.ts';
import { oldProjects, projectBytes, projectRows, rescues } from './families/project-files.ts';
import { folders } from './families/folders.ts';
import { imageHeaders } from './families/image-headers.ts';
import { socketMessages } from './families/socket-messages.ts';
import { twoWindows } from './families/windows.ts';
import { prompts } from './families/prompts.ts';
import type { Family } from './family.ts';

/** Every kind of input that is damaged. */
export const families: readonly Family[] = [
  cocoRows,
  cocoBytes,
  photos,
  datasets,
  projectBytes,
  projectRows,
  calls,
  packages,
  checkpoints,
  prompts,
  commandLines,
  imageHeaders,
  folders,
  twoWindows,
  oldProjects,
  rescues,
  socketMessages,
];
