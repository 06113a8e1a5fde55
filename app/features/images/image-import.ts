import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { addition, replacements } from '../../../core/diff.ts';
import type { AppError } from '../../../core/errors.ts';
import { toErrorEnvelope } from '../../../core/errors.ts';
import { newId } from '../../../core/ids.ts';
import { stepLabel } from '../../../core/project/step-labels.ts';
import type { ImageRecord, RecordId } from '../../../core/records.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import type { ImportReport } from '../../api/contract/dataset.ts';
import { eachAtOnce } from '../../each-at-once.ts';
import { confine } from '../../files/confine.ts';
import { toFileError } from '../../files/file-error.ts';
import { imageExtensions, unreadImageExtensions } from '../files/list-folder.ts';
import { readImageFacts } from './image-facts.ts';
import type { JobContext } from '../../jobs/job-kind.ts';
import { PhotoCheck } from './photo-check.ts';
import { MovedPhotos } from './moved-photos.ts';
import { imageImportFailure } from './sentences.ts';

/**
 * Images that are written in one transaction: few at first, so that progress shows soon, then more
 * and more.
 */
const firstBatch = 16;
const largestBatch = 256;
/** Milliseconds between two notices that the list of images has grown. */
const toldEveryMs = 500;
/** Images that are read at once; each may be held whole. */
const readAtOnce = 8;

type Skipped = ImportReport['skipped'][number];

/** An image file as a record, and how many pages it has. */
interface ReadImage {
  readonly image: ImageRecord;
  readonly pages: number;
}

/**
 * Registers every image under `folder`, subfolders included. Files stay where they are and are
 * never written. Bad files are skipped with their reason; images that the project has already are
 * passed over, and one whose file was moved goes with it. All batches form one undoable step.
 * Cancelling keeps what is done.
 * @param isWanted tells by its path relative to `folder`, `/` separated, whether a file is taken;
 *   asked about a folder, whose path ends with `/`, whether it may hold such files
 * @param choose takes only some of the files that were found; where it takes none, the folder is
 * not made known
 * @throws AppError `not-found`, `permission-denied` for the folder itself; `cancelled`, saying
 * what was kept.
 */
export async function importFolder(
  database: ProjectDatabase,
  folder: string,
  context: JobContext,
  isWanted: (path: string) => boolean = () => true,
  choose?: (paths: readonly string[]) => ReadonlySet<string>,
): Promise<ImportReport> {
  const root = resolve(folder);
  const skipped: Skipped[] = [];
  const warnings: Skipped[] = [];
  const found = await findImages(root, isWanted, skipped, context.signal);
  const chosen = choose?.(found);
  const paths = chosen ? found.filter((path) => chosen.has(path)) : found;
  // A folder that brings nothing is none of the project's.
  if (chosen && paths.length === 0) return { images: 0, annotations: 0, categories: 0, skipped };
  const moved = new MovedPhotos(database);
  await database.gradually.rest();
  const folderId = registerFolder(database, folder);
  const label = stepLabel('importFiles', { name: basename(root) || root });
  const quiet = { signal: context.signal, progress: () => undefined };
  const check = new PhotoCheck(database, { everyByte: false }, quiet);
  let imported = 0;
  let batchSize = firstBatch;
  let toldAtMs = -Infinity;
  for (let start = 0; start < paths.length;) {
    const end = Math.min(start + batchSize, paths.length);
    const some = paths.slice(start, end);
    const known = database.imagesByPath(folderId, some);
    await check.look(known.values()).catch((thrown: unknown) => {
      throw context.signal.aborted ? stopped(imported, paths.length) : thrown;
    });
    const batch = some.filter((path) => !known.has(path));
    const read = await readImages(root, folderId, batch, context.signal);
    const added: ImageRecord[] = [];
    const changed: [from: ImageRecord, to: ImageRecord][] = [];
    for (const result of read) {
      if (!('image' in result)) {
        skipped.push(result);
        continue;
      }
      const { image, pages } = result;
      const { path, sha256 } = image;
      if (pages > 1)
        warnings.push(note(path, imageImportFailure('invalid-input', 'imagePages', { pages })));
      const before = await moved.take(sha256, path);
      if (before) {
        changed.push([before, { ...before, folderId, path }]);
        warnings.push(
          note(path, imageImportFailure('not-found', 'imageMoved', { from: before.path })),
        );
      } else {
        added.push(image);
      }
    }
    if (added.length + changed.length > 0) {
      const { updated } = replacements(changed);
      const diff = { ...addition(...added), updated };
      await database.gradually.apply(label, diff, { group: context.jobId });
    }
    imported += added.length;
    context.progress(end, paths.length);
    if (performance.now() - toldAtMs > toldEveryMs) {
      toldAtMs = performance.now();
      context.projectChanged?.();
    }
    const isCut = read.length < batch.length || end < paths.length;
    if (context.signal.aborted && isCut) throw stopped(imported, paths.length);
    start = end;
    batchSize = Math.min(2 * batchSize, largestBatch);
  }
  const photos = check.notes();
  return {
    images: imported,
    annotations: 0,
    categories: 0,
    skipped,
    ...(warnings.length > 0 && { warnings }),
    ...(photos.length > 0 && { photos }),
  };
}

/** Fails at once where a folder cannot be listed at all, before a job is made of it. */
export async function requireFolder(folder: string): Promise<void> {
  await readdir(folder).catch((thrown: unknown) => {
    throw toFileError(thrown, 'import the folder', folder);
  });
}

/** The id of a folder of images; null while none of its images is in the project. */
export function knownFolder(database: ProjectDatabase, folder: string): RecordId | null {
  const path = toFolderPath(database.file, resolve(folder));
  return database.folders().find((known) => known.path === path)?.id ?? null;
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

/**
 * Paths relative to `root` with `/` separators, in name order. Pictures of a kind that is not read
 * are noted.
 */
async function findImages(
  root: string,
  isWanted: (path: string) => boolean,
  skipped: Skipped[],
  signal: AbortSignal,
): Promise<string[]> {
  const found: string[] = [];
  for await (const path of walk(root, '', isWanted, skipped)) {
    if (signal.aborted) throw stopped(0, found.length);
    const extension = extname(path).toLowerCase();
    if (imageExtensions.has(extension)) {
      if (isWanted(path)) found.push(path);
    } else if (unreadImageExtensions.has(extension) && isWanted(path)) {
      skipped.push(
        note(path, imageImportFailure('image-unreadable', 'imageEndingUnread', { extension })),
      );
    }
  }
  return found;
}

/**
 * Folders in which NAS devices and archives of macOS keep pictures of their own: small copies and
 * fragments.
 */
const foldersOfOthers: ReadonlySet<string> = new Set([
  ...['@eaDir', '__MACOSX', '#recycle', '@Recycle', '$RECYCLE.BIN'],
]);

/**
 * Every file that is not hidden. Links to folders are not followed, for they may form circles, but
 * noted.
 */
async function* walk(
  root: string,
  folder: string,
  isWanted: (path: string) => boolean,
  skipped: Skipped[],
): AsyncGenerator<string> {
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
    if (entry.isDirectory()) {
      const isSearched = !foldersOfOthers.has(entry.name) && isWanted(`${path}/`);
      if (isSearched) yield* walk(root, path, isWanted, skipped);
    } else if (entry.isSymbolicLink() && (await isFolder(join(root, path)))) {
      if (isWanted(`${path}/`))
        skipped.push(note(path, imageImportFailure('unsupported', 'folderLinked', {})));
    } else {
      yield path;
    }
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/**
 * The images at these paths in their order, or why one is left out; ends early when it is asked to
 * stop.
 */
async function readImages(
  root: string,
  folderId: RecordId,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<(ReadImage | Skipped)[]> {
  const read: (ReadImage | Skipped)[] = [];
  await eachAtOnce(paths.entries(), readAtOnce, async ([index, path]) => {
    if (!signal.aborted) read[index] = await readImage(root, folderId, path);
  });
  return read;
}

async function readImage(
  root: string,
  folderId: RecordId,
  path: string,
): Promise<ReadImage | Skipped> {
  try {
    const { pages, ...facts } = await readImageFacts(await confine(root, join(root, path)));
    const image: ImageRecord = {
      ...facts,
      kind: 'image',
      id: newId(),
      folderId,
      path,
      state: 'untouched',
      split: null,
      extra: {},
    };
    return { image, pages };
  } catch (thrown) {
    return note(path, toFileError(thrown, 'read', path));
  }
}

function stopped(imported: number, total: number): AppError {
  return imageImportFailure('cancelled', 'imagesKept', { imported, total });
}

function note(what: string, error: AppError): Skipped {
  return { what, reason: error.message, error: toErrorEnvelope(error) };
}
