import { stat } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { refuseFileOfOpenProject } from '../../../db/project-files.ts';
import { toFileError } from '../../files/file-error.ts';
import { unpack } from '../../files/unpack.ts';
import { isZip, ZipDataset } from '../../files/zip-dataset.ts';
import { imageExtensions, unreadImageExtensions } from '../files/list-folder.ts';
import { requireFolder } from './image-import.ts';
import { imageImportFailure } from './sentences.ts';

/** A folder, and which of its files are meant. */
export interface PhotosAt {
  readonly folder: string;
  /** Relative to the folder, with `/` separators; null: all. */
  readonly files: ReadonlySet<string> | null;
}

/**
 * The photos at a path: a folder, a zip archive, whose photos are unpacked beside the project
 * first, or one photo.
 * @throws AppError `not-found`, `permission-denied`; `dataset-invalid` for an archive that cannot
 * be read; `disk-full`; what `signal` gives
 */
export async function photosAt(
  path: string,
  projectFile: string,
  signal: AbortSignal,
): Promise<PhotosAt> {
  if ((await kindAt(path)) === 'folder') return { folder: path, files: null };
  refuseFileOfOpenProject(path);
  if (!isZip(path)) return { folder: dirname(resolve(path)), files: new Set([basename(path)]) };
  const zip = await ZipDataset.open(resolve(path));
  const photos = await photosIn(zip);
  const folder = await unpack(zip, dirname(projectFile), photos, signal);
  return { folder, files: new Set(photos) };
}

/**
 * Fails at once where there is nothing to import, before a job is made of it.
 * @throws AppError `not-found`, `permission-denied`; `dataset-invalid` for an archive without
 * photos; `invalid-input` for a file that is neither a photo nor an archive
 */
export async function requirePhotosAt(path: string): Promise<void> {
  if ((await kindAt(path)) === 'folder') return requireFolder(path);
  if (isZip(path)) {
    const photos = await photosIn(await ZipDataset.open(resolve(path)));
    if (photos.length > 0) return;
    throw imageImportFailure('dataset-invalid', 'zipWithoutPhotos', { path });
  }
  if (!isPicture(path)) throw imageImportFailure('invalid-input', 'fileNoPhoto', { path });
}

/** How many photos a zip archive holds. */
export async function countPhotos(zip: ZipDataset): Promise<number> {
  return (await photosIn(zip)).length;
}

/** Whether a file is a picture by its name, be it of a kind that is not read. */
export function isPicture(path: string): boolean {
  const extension = extname(path).toLowerCase();
  return imageExtensions.has(extension) || unreadImageExtensions.has(extension);
}

async function photosIn(zip: ZipDataset): Promise<readonly string[]> {
  return (await zip.list()).filter(isPicture);
}

async function kindAt(path: string): Promise<'folder' | 'file'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (thrown) {
    throw toFileError(thrown, 'read', path);
  }
}
