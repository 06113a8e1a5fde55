import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { toErrorEnvelope, type AppError } from '../../../core/errors.ts';
import { timeOfId } from '../../../core/ids.ts';
import type { ImageRecord } from '../../../core/records.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import { refuseFileOfOpenProject } from '../../../db/project-files.ts';
import { openImage } from '../../../models/image/open-image.ts';
import { requirePlainFile } from '../../../models/plain-file.ts';
import type { PhotoNote } from '../../api/contract/dataset.ts';
import { eachAtOnce } from '../../each-at-once.ts';
import { confine } from '../../files/confine.ts';
import { toFileError } from '../../files/file-error.ts';
import { readImageFacts } from './image-facts.ts';
import type { JobContext } from '../../jobs/job-kind.ts';
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
  { everyByte }: PhotoCheckOptions,
  { signal, progress }: Pick<JobContext, 'signal' | 'progress'>,
): Promise<PhotoNote[]> {
  const roots = new Map(
    database.folders().map(({ id, path }) => [id, resolve(dirname(database.file), path)] as const),
  );
  const notes: PhotoNote[] = [];
  const total = database.imageCount();
  let done = 0;
  await eachAtOnce(images, atOnce, async (image) => {
    signal.throwIfAborted();
    const problem = await photoProblem(roots.get(image.folderId) ?? '', image, everyByte);
    if (problem) {
      const error = toErrorEnvelope(problem);
      notes.push({ what: image.path, reason: problem.message, error, imageId: image.id });
    }
    progress(++done, total);
  });
  return notes.sort((left, right) => (left.what < right.what ? -1 : 1));
}

/** A project of somebody else may name any path: what leads out of the folder is not read. */
async function photoProblem(
  root: string,
  image: ImageRecord,
  everyByte: boolean,
): Promise<AppError | null> {
  const path = join(root, image.path);
  try {
    await confine(root, path);
    const times = await stat(path);
    await requireSameSize(path, image, times);
    if (!everyByte && times.mtimeMs <= importedAt(image)) return null;
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
