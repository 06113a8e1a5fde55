import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import {
  changesNothing,
  emptyDiff,
  invertDiff,
  isEmptyDiff,
  type Diff,
} from '../../../core/diff.ts';
import {
  mergeChanges,
  type Merge,
  type MergeConflict,
  type MergeDecision,
} from '../../../core/project/merge-changes.ts';
import { sharedCategories, withIds } from '../../../core/project/merge-ids.ts';
import { stepLabel } from '../../../core/project/step-labels.ts';
import type { ImageRecord, Person, ProjectRecord, RecordId } from '../../../core/records.ts';
import { openProjectDatabase, type ProjectDatabase } from '../../../db/project-database.ts';
import type { GradualOptions } from '../../../db/project.ts';
import { refuseFileOfOpenProject } from '../../../db/project-files.ts';
import { splitDiff } from '../../../db/split-diff.ts';
import type { JobContext } from '../../jobs/job-kind.ts';
import { projectFileAt } from './handout-package.ts';
import { handoutFailure } from './sentences.ts';

/** The changes of a colleague in a handout. */
export interface HandoutChanges {
  readonly diff: Diff;
  readonly people: readonly Person[];
  /** The folders of its images, absolute, by their ids. */
  readonly folders: ReadonlyMap<RecordId, string>;
  /** The images that it was made with, by their folders. */
  readonly imagesIn: ReadonlyMap<RecordId, readonly RecordId[]>;
}

export interface MergeReport {
  readonly file: string;
  /** Records that the project has now, has otherwise, and has no more. */
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
  readonly conflicts: readonly MergeConflict[];
  readonly leftOut: readonly ProjectRecord[];
}

/**
 * Merges what a colleague changed in a handout into the project, as one step. The file stays as it
 * is; merging it again changes nothing.
 * @param decide whose change of a record stays where both changed it
 * @throws AppError `invalid-input` for another project's file, and what opening a project throws;
 *   `cancelled`, after which nothing is changed.
 */
export async function mergeHandout(
  database: ProjectDatabase,
  file: string,
  decide: (conflict: MergeConflict) => MergeDecision,
  { signal, progress }: Pick<JobContext, 'signal' | 'progress'>,
): Promise<MergeReport> {
  const changes = await readHandout(database, file, signal, progress);
  await database.gradually.rest();
  const madeHere = (path: string) => database.addFolder(path).id;
  const { diff, conflicts, leftOut } = mergeOf(database, changes, decide, madeHere);
  if (!isEmptyDiff(diff)) {
    for (const person of changes.people) database.addPerson(person);
    const parts = splitDiff(diff);
    const counted = function* (): Generator<Diff> {
      for (const [done, part] of parts.entries()) {
        yield part;
        progress(done + 1, parts.length);
      }
    };
    const label = stepLabel('mergeHandout', { name: basename(file) });
    await database.gradually.applyEach(label, counted(), { signal });
  }
  const countOf = (part: object) => Object.keys(part).length;
  return {
    file: resolve(file),
    added: countOf(diff.added),
    updated: countOf(diff.updated),
    removed: countOf(diff.removed),
    conflicts,
    leftOut,
  };
}

/** A preview of the merge; the project does not change. */
export async function previewMerge(
  database: ProjectDatabase,
  file: string,
): Promise<Pick<Merge, 'conflicts' | 'leftOut'> & { readonly changesNothing: boolean }> {
  const changes = await readHandout(database, file);
  // A folder that is not there yet gets no record before the merge; its path stands for it.
  const { diff, conflicts, leftOut } = mergeOf(
    database,
    changes,
    () => 'here',
    (path) => path,
  );
  const hasNone = changesNothing(diff) && conflicts.length === 0 && leftOut.length === 0;
  return { conflicts, leftOut, changesNothing: hasNone };
}

/** The changes are read in a copy, where they can be taken back to see what they were. */
async function readHandout(
  database: ProjectDatabase,
  path: string,
  signal?: AbortSignal,
  progress?: JobContext['progress'],
): Promise<HandoutChanges> {
  refuseFileOfOpenProject(path);
  const file = await projectFileAt(path);
  const folder = await mkdtemp(join(tmpdir(), 'pixel-sail-merge-'));
  try {
    const copy = join(folder, 'copy.pixelsail');
    await withProject(file, (sent) => sent.backup(copy));
    return await withProject(copy, async (handout) => {
      const { handoutOf } = handout.settings();
      if (handoutOf?.createdAtMs !== database.createdAtMs) {
        const { name } = database;
        throw handoutFailure('invalid-input', 'handoutForeign', { file, name });
      }
      const people = handout.people();
      const home = dirname(resolve(file));
      const folders = new Map(handout.folders().map(({ id, path }) => [id, resolve(home, path)]));
      const diff = await changesSinceMade(handout, file, {
        ...(signal && { signal }),
        ...(progress && { progress }),
      });
      return { diff, people, folders, imagesIn: imagesByFolder(handout) };
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function withProject<Result>(
  file: string,
  work: (project: ProjectDatabase) => Promise<Result>,
): Promise<Result> {
  const project = openProjectDatabase(file);
  try {
    const [damage] = await project.quickCheck();
    if (damage) throw damage;
    return await work(project);
  } finally {
    await project.endReads();
    project.close();
  }
}

/** The first step of a handout brings its records; everything after it is the colleague's. */
const firstStep = 1;

async function changesSinceMade(
  handout: ProjectDatabase,
  file: string,
  options: GradualOptions,
): Promise<Diff> {
  const [first] = handout.history({ before: firstStep + 1, limit: 1 });
  if (!first) throw handoutFailure('invalid-input', 'handoutUndone', { file });
  const back = first.done
    ? await handout.gradually.travelTo(firstStep, { ...options, tellsAll: true })
    : null;
  return back ? invertDiff(back.diff!) : emptyDiff();
}

function mergeOf(
  database: ProjectDatabase,
  { diff, folders, imagesIn }: HandoutChanges,
  decide: (conflict: MergeConflict) => MergeDecision,
  newFolder: (path: string) => RecordId,
): Merge {
  const ids = sharedCategories(diff, database.categories());
  const added = Object.values(diff.added).filter((record) => record.kind === 'image');
  const needed = new Set(added.map((image) => image.folderId));
  const folderIds = folderIdsHere(database, folders, needed, newFolder);
  for (const image of added) {
    const known = database.imageByPath(folderIds.get(image.folderId)!, image.path);
    if (known) ids.set(image.id, known.id);
  }
  // Photos may have gone along into another folder; what both have lies where the project has it.
  const ownFolderIds = new Map([...folderIds, ...ownFolders(database, imagesIn)]);
  const { added: brought } = withIds({ ...emptyDiff(), added: diff.added }, ids, folderIds);
  const placed = { ...withIds({ ...diff, added: {} }, ids, ownFolderIds), added: brought };
  return mergeChanges(placed, presentRecords(database, placed), decide);
}

/** The images of a project by their folders. */
function imagesByFolder(project: ProjectDatabase): Map<RecordId, RecordId[]> {
  const imagesIn = new Map<RecordId, RecordId[]>();
  for (const { image } of project.exportImages()) {
    const known = imagesIn.get(image.folderId);
    if (known) known.push(image.id);
    else imagesIn.set(image.folderId, [image.id]);
  }
  return imagesIn;
}

/** Where the project has the images of the handout's folders, by the handout's ids. */
function ownFolders(
  database: ProjectDatabase,
  imagesIn: ReadonlyMap<RecordId, readonly RecordId[]>,
): Map<RecordId, RecordId> {
  const ids = new Map<RecordId, RecordId>();
  for (const [id, images] of imagesIn) {
    for (const imageId of images) {
      const here = database.image(imageId);
      if (!here) continue;
      ids.set(id, here.folderId);
      break;
    }
  }
  return ids;
}

/** The project's folders with the paths of the handout's, by the handout's ids. */
function folderIdsHere(
  database: ProjectDatabase,
  folders: ReadonlyMap<RecordId, string>,
  needed: ReadonlySet<RecordId>,
  newFolder: (path: string) => RecordId,
): Map<RecordId, RecordId> {
  const home = dirname(database.file);
  const known = new Map(database.folders().map(({ id, path }) => [resolve(home, path), id]));
  const ids = new Map<RecordId, RecordId>();
  for (const [id, path] of folders) {
    const here = known.get(path) ?? (needed.has(id) ? newFolder(path) : undefined);
    if (here !== undefined) ids.set(id, here);
  }
  return ids;
}

/** The records of the images that changes touch, and all categories. */
function presentRecords(
  database: ProjectDatabase,
  { added, updated, removed }: Diff,
): Map<RecordId, ProjectRecord> {
  const present = new Map<RecordId, ProjectRecord>();
  const note = (records: readonly ProjectRecord[]) => {
    for (const record of records) present.set(record.id, record);
  };
  note(database.categories());
  const changed = [
    ...Object.values(added),
    ...Object.values(updated).map(([, to]) => to),
    ...Object.values(removed),
  ];
  const images = new Set<RecordId>();
  for (const record of changed) {
    if (record.kind === 'image') images.add(record.id);
    else if (record.kind !== 'category') images.add(record.imageId);
  }
  for (const id of images) {
    const image: ImageRecord | null = database.image(id);
    if (!image) continue;
    note([image, ...database.annotations(id), ...database.items(id), ...database.reviews(id)]);
  }
  return present;
}
