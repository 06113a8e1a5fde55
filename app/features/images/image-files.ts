import { rename, rm, stat } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import { AppError } from '../../../core/errors.ts';
import type { ImageRecord } from '../../../core/records.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import { refuseFileOfOpenProject } from '../../../db/project-files.ts';
import { fileSource, type ImageSource } from '../../../models/image/image-source.ts';
import { openImage } from '../../../models/image/open-image.ts';
import { requirePlainFile } from '../../../models/plain-file.ts';
import { keepWithinLimit, noteUse } from './cache-limit.ts';
import { cacheName } from './cache-name.ts';
import { confine } from '../../files/confine.ts';
import { toFileError } from '../../files/file-error.ts';
import { makeFolder } from '../../files/folders.ts';
import { requireSameContent, requireSameSize } from './photo-check.ts';

/** A file that a host may send to its interface. */
export interface ServedFile {
  readonly file: string;
  readonly contentType: string;
}

/**
 * The absolute path of a registered image, symbolic links resolved.
 * @throws AppError `not-found` when the file is gone, `permission-denied` when it lies outside its
 *   image folder, `image-unreadable` when it has another size than the image that was imported.
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
    await requireSameSize(file, image, await stat(file));
    return file;
  } catch (thrown) {
    throw toFileError(thrown, 'read the image', path);
  }
}

/**
 * Why an image is not the photo that was imported, or cannot be read; null when all is well. Every
 * byte of it is read when something was done to its file since it was imported.
 */
export async function findPhotoProblem(
  database: ProjectDatabase,
  image: ImageRecord,
): Promise<AppError | null> {
  try {
    await requireSameContent(await locateImage(database, image), image);
    return null;
  } catch (thrown) {
    return toFileError(thrown, 'read the image', image.path);
  }
}

/** Where the pixels of a registered image are; throws as {@link locateImage} does. */
export async function imageSource(
  database: ProjectDatabase,
  image: ImageRecord,
): Promise<ImageSource> {
  return fileSource(await locateImage(database, image));
}

const shownByBrowsers = new Map([
  ['jpeg', 'image/jpeg'],
  ['png', 'image/png'],
  ['webp', 'image/webp'],
]);

/**
 * The image as shown: the file itself where a browser shows just the pixels that the model sees,
 * else (TIFF, CMYK, animations, turned PNG, clear pixels) a PNG made of them, kept in `cache` as
 * long as there is room.
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
  if (contentType && space !== 'cmyk' && pages === 1 && isTurnedAlike && !metadata.hasAlpha) {
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

let parts = 0;

/** Writes a file of the cache under another name first, so that nobody sees half of it. */
export async function writeOnce(
  file: string,
  write: (part: string) => Promise<unknown>,
): Promise<void> {
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
