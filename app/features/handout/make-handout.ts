import { mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join, parse, relative, resolve } from 'node:path';
import { addition, type Diff } from '../../../core/diff.ts';
import { stepLabel } from '../../../core/project/step-labels.ts';
import type { ImageRecord, ImageState, RecordId, Split } from '../../../core/records.ts';
import { createProjectDatabase, type ProjectDatabase } from '../../../db/project-database.ts';
import type { ProjectReader } from '../../../db/project.ts';
import { openSnapshot } from '../../../db/project-snapshot.ts';
import { newOutput } from '../../files/output-file.ts';
import { handoutFailure } from './sentences.ts';

export interface HandoutRequest {
  /** The file to write, a project file that must not exist yet. */
  readonly file: string;
  /** Only images in these states. */
  readonly states?: readonly ImageState[] | undefined;
  /** Only images of this split. */
  readonly split?: Split | undefined;
}

export interface Handout {
  readonly file: string;
  readonly images: number;
}

/**
 * Writes the part of a project that a colleague needs into a project file of its own: some images
 * with everything about them, and all categories, as its first step. Photos are not copied; their
 * folders stay relative to the file. What the colleague changes is brought back by `mergeHandout`.
 * @throws AppError `invalid-input` where no image is left, `already-exists`, `disk-full`,
 *   `permission-denied`.
 */
export async function makeHandout(
  database: ProjectDatabase,
  { file, states, split }: HandoutRequest,
): Promise<Handout> {
  const target = await newOutput(file, 'project');
  const folder = await mkdtemp(join(dirname(target), '.handout-'));
  const project = openSnapshot(database.file);
  try {
    const isChosen = (image: ImageRecord) =>
      (states?.includes(image.state) ?? true) && (split === undefined || image.split === split);
    const chosen = imagesOf(project).filter(isChosen);
    if (chosen.length === 0) throw handoutFailure('invalid-input', 'handoutEmpty', {});
    const draft = join(folder, 'draft.pixelsail');
    const handout = createProjectDatabase(draft, parse(target).name);
    try {
      await fill(handout, project, chosen, dirname(target));
    } finally {
      await handout.endReads();
      handout.close();
    }
    await rename(draft, target);
    return { file: target, images: chosen.length };
  } finally {
    project.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function imagesOf(project: ProjectReader): ImageRecord[] {
  return [...project.exportImages()].map(({ image }) => image);
}

async function fill(
  handout: ProjectDatabase,
  project: ProjectReader,
  images: readonly ImageRecord[],
  home: string,
): Promise<void> {
  const { createdAtMs, name } = project;
  handout.changeSettings({ handoutOf: { createdAtMs, name } });
  for (const person of project.people()) handout.addPerson(person);
  const from = dirname(project.file);
  const folderIds = new Map<RecordId, RecordId>();
  for (const { id, path } of project.folders()) {
    // The file is made in another folder than the one that it is renamed into.
    folderIds.set(id, handout.addFolder(relative(home, resolve(from, path))).id);
  }
  await handout.gradually.applyEach(stepLabel('handOut'), recordsOf(project, images, folderIds));
}

function* recordsOf(
  project: ProjectReader,
  images: readonly ImageRecord[],
  folderIds: ReadonlyMap<RecordId, RecordId>,
): Generator<Diff> {
  yield addition(...project.categories());
  for (const image of images) {
    const { id } = image;
    const placed = { ...image, folderId: folderIds.get(image.folderId)! };
    const about = [...project.annotations(id), ...project.items(id), ...project.reviews(id)];
    yield addition(placed, ...about);
  }
}
