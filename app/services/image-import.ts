import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { addition } from '../../core/diff.ts';
import type { AppError } from '../../core/errors.ts';
import { failure, toErrorEnvelope } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { ImageRecord, RecordId } from '../../core/records.ts';
import type { ProjectDatabase } from '../../db/project-database.ts';
import type { ImportReport } from '../api/contract.ts';
import { confine } from './confine.ts';
import { toFileError } from './file-error.ts';
import { imageExtensions } from './files.ts';
import { readImageFacts } from './image-facts.ts';
import type { JobContext } from './jobs.ts';

/** Images that are written in one transaction: few at first, so that progress shows soon, then more and more. */
const firstBatch = 16;
const largestBatch = 256;
/** Images that are read at once; each may be held whole. */
const readAtOnce = 8;

type Skipped = ImportReport['skipped'][number];

/**
 * Registers every image under `folder`, subfolders included. Files stay where they are and are never written.
 * Bad files are skipped with their reason; images that the project has already are passed over. All batches
 * form one undoable step. Cancelling keeps what is done.
 * @param isWanted tells by its path relative to `folder`, `/` separated, whether a file is taken
 * @throws AppError `not-found`, `permission-denied` for the folder itself; `cancelled`, saying what was kept.
 */
export async function importFolder(
  database: ProjectDatabase,
  folder: string,
  context: JobContext,
  isWanted: (path: string) => boolean = () => true,
): Promise<ImportReport> {
  const root = resolve(folder);
  const skipped: Skipped[] = [];
  const paths = (await findImages(root, skipped, context.signal)).filter(isWanted);
  const folderId = registerFolder(database, folder);
  const label = `Import ${basename(root) || root}`;
  let imported = 0;
  let batchSize = firstBatch;
  for (let start = 0; start < paths.length;) {
    const end = Math.min(start + batchSize, paths.length);
    const batch = paths
      .slice(start, end)
      .filter((path) => database.imageByPath(folderId, path) === null);
    const read = await readImages(root, folderId, batch, context.signal);
    const images = read.filter((image): image is ImageRecord => 'id' in image);
    skipped.push(...read.filter((image): image is Skipped => 'reason' in image));
    if (images.length > 0) {
      await database.gradually.apply(label, addition(...images), { group: context.jobId });
    }
    imported += images.length;
    context.progress(end, paths.length);
    const isCut = read.length < batch.length || end < paths.length;
    if (context.signal.aborted && isCut) throw stopped(imported, paths.length);
    start = end;
    batchSize = Math.min(2 * batchSize, largestBatch);
  }
  return { images: imported, annotations: 0, categories: 0, skipped };
}

/** Fails at once where a folder cannot be listed at all, before a job is made of it. */
export async function requireFolder(folder: string): Promise<void> {
  await readdir(folder).catch((thrown: unknown) => {
    throw toFileError(thrown, 'import the folder', folder);
  });
}

/** The id of a folder of images, which is made known to the project. */
export function registerFolder(database: ProjectDatabase, folder: string): RecordId {
  return database.addFolder(toFolderPath(database.file, resolve(folder))).id;
}

/** Relative to the project where possible, so that both can be moved together; `/` separators. */
function toFolderPath(projectFile: string, root: string): string {
  const path = relative(dirname(projectFile), root) || '.';
  return (isAbsolute(path) ? root : path).split(sep).join('/');
}

/** Paths relative to `root` with `/` separators, in name order. */
async function findImages(
  root: string,
  skipped: Skipped[],
  signal: AbortSignal,
): Promise<string[]> {
  const found: string[] = [];
  for await (const path of walk(root, '', skipped)) {
    if (signal.aborted) throw stopped(0, found.length);
    if (imageExtensions.has(extname(path).toLowerCase())) found.push(path);
  }
  return found;
}

/** Every file that is not hidden. Links to folders are not followed: they may form circles. */
async function* walk(root: string, folder: string, skipped: Skipped[]): AsyncGenerator<string> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(
    (thrown: unknown) => {
      const error = toFileError(thrown, 'list', join(root, folder));
      if (folder === '') throw error;
      skipped.push(note(folder, error));
      return [];
    },
  );
  for (const entry of entries.sort((left, right) => (left.name < right.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isDirectory()) yield* walk(root, path, skipped);
    else yield path;
  }
}

/** The images at these paths in their order, or why one is left out; ends early when it is asked to stop. */
async function readImages(
  root: string,
  folderId: RecordId,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<(ImageRecord | Skipped)[]> {
  const read: (ImageRecord | Skipped)[] = [];
  let next = 0;
  const readOn = async (): Promise<void> => {
    while (next < paths.length && !signal.aborted) {
      const index = next++;
      read[index] = await readImage(root, folderId, paths[index]!);
    }
  };
  await Promise.all(Array.from({ length: readAtOnce }, readOn));
  return read;
}

async function readImage(
  root: string,
  folderId: RecordId,
  path: string,
): Promise<ImageRecord | Skipped> {
  try {
    const facts = await readImageFacts(await confine(root, join(root, path)));
    return {
      ...facts,
      kind: 'image',
      id: newId(),
      folderId,
      path,
      state: 'untouched',
      split: null,
      texts: [],
      extra: {},
    };
  } catch (thrown) {
    return note(path, toFileError(thrown, 'read', path));
  }
}

function stopped(imported: number, total: number): AppError {
  return failure('cancelled', 'imagesKept', { imported, total });
}

function note(what: string, error: AppError): Skipped {
  return { what, reason: error.message, error: toErrorEnvelope(error) };
}
