import { lstatSync } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { toErrorEnvelope, type AppError } from '../../../core/errors.ts';
import { timeOfId } from '../../../core/ids.ts';
import type { ImageRecord, RecordId } from '../../../core/records.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import { refuseFileOfOpenProject } from '../../../db/project-files.ts';
import { openImage } from '../../../models/image/open-image.ts';
import { requirePlainFile } from '../../../models/plain-file.ts';
import type { PhotoNote } from '../../api/contract/dataset.ts';
import { eachAtOnce } from '../../each-at-once.ts';
import { confine, isFolderInside } from '../../files/confine.ts';
import { toFileError } from '../../files/file-error.ts';
import { QuickDisk } from '../../files/quick-disk.ts';
import { readImageFacts } from './image-facts.ts';
import type { JobContext } from '../../jobs/job-kind.ts';
import { Turns } from '../../turns.ts';
import { imageImportFailure } from './sentences.ts';

/** When a file was last written, and when it last got its name, rights or content. */
interface FileTimes {
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

/**
 * Fails where a file has another size than the image that was imported: shapes and masks would lie
 * at wrong places. Only a file that something was done to since then is looked into.
 * @throws AppError `image-unreadable`; `invalid-input` for a pipe, socket or device that took its
 *   place, `conflict` for a file of an open project.
 */
export async function requireSameSize(
  path: string,
  image: ImageRecord,
  { ctimeMs }: FileTimes,
): Promise<void> {
  if (ctimeMs <= importedAt(image)) return;
  refuseFileOfOpenProject(path);
  await requirePlainFile(path);
  const { autoOrient } = (await openImage(path, path)).metadata;
  if (autoOrient.width === image.width && autoOrient.height === image.height) return;
  const { width, height } = autoOrient;
  const imported = { width: image.width, height: image.height };
  throw imageImportFailure('image-unreadable', 'imageSizeChanged', {
    path,
    width,
    height,
    imported,
  });
}

/**
 * Fails where a file has other bytes than the image that was imported. Its own clock is not asked:
 * a photo that takes another one's place brings an older time of writing along.
 * @throws AppError `image-unreadable`.
 */
export async function requireSameContent(path: string, image: ImageRecord): Promise<void> {
  const { ctimeMs } = await stat(path);
  if (ctimeMs <= importedAt(image)) return;
  const { sha256 } = await readImageFacts(path);
  if (sha256 === image.sha256) return;
  throw imageImportFailure('image-unreadable', 'imageChanged', { path });
}

export interface PhotoCheckOptions {
  /** Also of files that nobody wrote to since they were imported every byte is compared. */
  readonly everyByte: boolean;
}

/** Files that are looked at at once. */
const atOnce = 8;

/** The images whose files are gone, or no longer the photos that were imported. */
export async function checkPhotos(
  database: ProjectDatabase,
  images: Iterable<ImageRecord>,
  options: PhotoCheckOptions,
  context: Pick<JobContext, 'signal' | 'progress'>,
): Promise<PhotoNote[]> {
  const check = new PhotoCheck(database, options, context);
  await check.look(images);
  return check.notes();
}

/** A check of photos that are given some at a time. */
export class PhotoCheck {
  readonly #everyByte: boolean;
  readonly #context: Pick<JobContext, 'signal' | 'progress'>;
  readonly #total: number;
  /** By the id of the image folder. */
  readonly #roots: ReadonlyMap<RecordId, RootFolder>;
  readonly #notes: PhotoNote[] = [];
  #done = 0;

  constructor(
    database: ProjectDatabase,
    { everyByte }: PhotoCheckOptions,
    context: Pick<JobContext, 'signal' | 'progress'>,
  ) {
    this.#everyByte = everyByte;
    this.#context = context;
    this.#total = database.imageCount();
    this.#roots = new Map(
      database
        .folders()
        .map(({ id, path }) => [id, new RootFolder(resolve(dirname(database.file), path))]),
    );
  }

  /** @throws what the signal of the context gives as its reason. */
  async look(images: Iterable<ImageRecord>): Promise<void> {
    const { signal, progress } = this.#context;
    const turns = new Turns();
    await eachAtOnce(images, atOnce, async (image) => {
      if (turns.isDue) await turns.give();
      signal.throwIfAborted();
      const root = this.#roots.get(image.folderId) ?? new RootFolder('');
      const problem = await photoProblem(root, image, this.#everyByte);
      if (problem) {
        const error = toErrorEnvelope(problem);
        const what = image.path;
        this.#notes.push({ what, reason: problem.message, error, imageId: image.id });
      }
      progress(++this.#done, this.#total);
    });
  }

  /** The notes about them, in the order of their paths. */
  notes(): PhotoNote[] {
    return this.#notes.sort((left, right) => (left.what < right.what ? -1 : 1));
  }
}

/** Folders whose place is remembered. */
const mostFolders = 1000;

/** An image folder, and those below it of which it is known whether they lie inside it. */
class RootFolder {
  readonly path: string;
  readonly #disk = new QuickDisk();
  readonly #insides = new Map<string, Promise<boolean>>();

  constructor(path: string) {
    this.path = path;
  }

  /**
   * When the file of a photo was written.
   * @throws AppError `permission-denied` where it lies outside; the file system's error
   */
  async timesOf(file: string): Promise<FileTimes> {
    // A plain file lies where its folder does: one question instead of three.
    if (await this.#isInside(dirname(file))) {
      const seen = this.#disk.attempt(() => lstatSync(file, { throwIfNoEntry: false }));
      const found = seen ?? (await lstat(file));
      if (found.isFile()) return found;
    }
    await confine(this.path, file);
    return stat(file);
  }

  #isInside(folder: string): Promise<boolean> {
    let isInside = this.#insides.get(folder);
    if (!isInside) {
      if (this.#insides.size >= mostFolders) this.#insides.clear();
      isInside = isFolderInside(this.path, folder);
      this.#insides.set(folder, isInside);
    }
    return isInside;
  }
}

/** A project of somebody else may name any path: what leads out of the folder is not read. */
async function photoProblem(
  root: RootFolder,
  image: ImageRecord,
  everyByte: boolean,
): Promise<AppError | null> {
  const path = join(root.path, image.path);
  try {
    const times = await root.timesOf(path);
    const since = importedAt(image);
    if (!everyByte && times.ctimeMs <= since && times.mtimeMs <= since) return null;
    // The folder may have become a link meanwhile.
    await confine(root.path, path);
    await requireSameSize(path, image, times);
    if (!everyByte && times.mtimeMs <= since) return null;
    const { sha256 } = await readImageFacts(path);
    return sha256 === image.sha256
      ? null
      : imageImportFailure('image-unreadable', 'imageChanged', { path });
  } catch (thrown) {
    return toFileError(thrown, 'read the image', path);
  }
}

/** Ids hold the time at which they were made. */
function importedAt({ id }: ImageRecord): number {
  return timeOfId(id) ?? -Infinity;
}
