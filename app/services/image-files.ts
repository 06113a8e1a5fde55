import { createHash } from 'node:crypto';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';
import type { ImageRecord } from '../../core/records.ts';
import type { ProjectDatabase } from '../../db/project-database.ts';
import { refuseFileOfOpenProject } from '../../db/project-files.ts';
import { readPlainFile, requirePlainFile } from '../../models/plain-file.ts';
import { openImage, type OpenedImage } from '../../models/processor/open-image.ts';
import { keepWithinLimit, noteUse } from './cache-limit.ts';
import { cacheName } from './cache-name.ts';
import { confine } from './confine.ts';
import { toFileError } from './file-error.ts';
import { makeFolder } from './folders.ts';

/** A file that a host may send to its interface. */
export interface ServedFile {
  readonly file: string;
  readonly contentType: string;
}

/** What reading an image file tells about it. */
export interface ImageFacts {
  readonly width: number;
  readonly height: number;
  readonly orientation: number;
  readonly sha256: string;
}

const thumbnailSide = 256;

/**
 * The absolute path of a registered image, symbolic links resolved.
 * @throws AppError `not-found` when the file is gone, `permission-denied` when it lies outside its image folder.
 */
export async function locateImage(database: ProjectDatabase, image: ImageRecord): Promise<string> {
  const folder = database.folders().find(({ id }) => id === image.folderId);
  if (!folder)
    throw new AppError('not-found', `The folder of ${image.path} is not in the project.`);
  const root = resolve(dirname(database.file), folder.path);
  const path = join(root, image.path);
  try {
    refuseFileOfOpenProject(path);
    const file = await confine(root, path);
    await requirePlainFile(file);
    return file;
  } catch (thrown) {
    throw toFileError(thrown, 'read the image', path);
  }
}

/**
 * Reads a whole image file once: its size as shown, its hash, and (as the proof that its pixels decode) its
 * thumbnail, which is kept in `cache`.
 * @throws AppError `image-unreadable` or `image-too-large`.
 */
export async function readImageFacts(path: string, cache: string): Promise<ImageFacts> {
  refuseFileOfOpenProject(path);
  const bytes = await readPlainFile(path).catch((thrown: unknown) => {
    throw toFileError(thrown, 'read the image', path);
  });
  const opened = await openImage(bytes, path);
  const { autoOrient, orientation = 1 } = opened.metadata;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await makeThumbnail(opened, thumbnailFile(cache, sha256));
  return { width: autoOrient.width, height: autoOrient.height, orientation, sha256 };
}

/** The thumbnail of an image, made when it is not in the cache. */
export async function serveThumbnail(
  path: string,
  image: ImageRecord,
  cache: string,
): Promise<ServedFile> {
  const name = await cacheName(path, image, (known) => isFile(thumbnailFile(cache, known)));
  const file = thumbnailFile(cache, name);
  if (!(await isFile(file))) {
    await requirePlainFile(path);
    await makeThumbnail(await openImage(path, path), file);
  }
  return { file, contentType: 'image/webp' };
}

const shownByBrowsers = new Map([
  ['jpeg', 'image/jpeg'],
  ['png', 'image/png'],
  ['webp', 'image/webp'],
]);

/**
 * The image as shown: the file itself where a browser shows just the pixels that the model sees, else (TIFF,
 * CMYK, animations, turned PNG) a PNG made of them, kept in `cache` as long as there is room.
 */
export async function serveFull(
  path: string,
  image: ImageRecord,
  cache: string,
): Promise<ServedFile> {
  const { metadata, decode } = await openImage(path, path);
  const { format, space, pages = 1, orientation = 1 } = metadata;
  const contentType = shownByBrowsers.get(format);
  // Browsers turn JPEG by its EXIF tag, and do not agree about other formats.
  const isTurnedAlike = orientation === 1 || format === 'jpeg';
  if (contentType && space !== 'cmyk' && pages === 1 && isTurnedAlike) {
    return { file: path, contentType };
  }
  const converted = join(cache, 'shown');
  const fileOf = (name: string) => join(converted, `${name}.png`);
  const file = fileOf(await cacheName(path, image, (known) => isFile(fileOf(known))));
  await noteUse(file);
  if (!(await isFile(file))) {
    await decode((pixels) =>
      writeOnce(file, (part) =>
        pixels.toColourspace('srgb').png({ compressionLevel: 3 }).toFile(part),
      ),
    );
    await keepWithinLimit(converted, 1);
  }
  return { file, contentType: 'image/png' };
}

function thumbnailFile(cache: string, sha256: string): string {
  return join(cache, 'thumbnails', sha256.slice(0, 2), `${sha256}.webp`);
}

async function makeThumbnail({ decode }: OpenedImage, file: string): Promise<void> {
  await decode((pixels) =>
    writeOnce(file, (part) =>
      pixels
        .resize(thumbnailSide, thumbnailSide, { fit: 'inside', withoutEnlargement: true })
        .webp({ quality: 80 })
        .toFile(part),
    ),
  );
}

let parts = 0;

async function writeOnce(file: string, write: (part: string) => Promise<unknown>): Promise<void> {
  await makeFolder(dirname(file));
  const part = `${file}.${process.pid}-${++parts}${extname(file)}`;
  try {
    await write(part);
    await rename(part, file);
  } catch (thrown) {
    await rm(part, { force: true });
    throw thrown;
  }
}

/** Whether there is such a file. */
export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
