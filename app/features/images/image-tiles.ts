import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../core/errors.ts';
import { parseTileName, tileSide } from '../../../core/image-tiles.ts';
import type { ImageRecord } from '../../../core/records.ts';
import { openImage } from '../../../models/image/open-image.ts';
import { keepWithinLimit, noteUse } from './cache-limit.ts';
import { cacheName } from './cache-name.ts';
import { makeFolder } from '../../files/folders.ts';
import { isFile, type ServedFile } from './image-files.ts';

/** Below this quality JPEG shows its blocks where a person looks at single pixels. */
const quality = 92;

/** Folders of tiles that are being made. */
const making = new Map<string, Promise<void>>();

/**
 * A tile of an image as shown. The first one asked for has the whole pyramid made, in one pass
 * over the file that holds a few rows of it at a time; the tiles are kept in `cache` as long as
 * there is room.
 * @throws AppError `not-found` when there is no such tile, `image-unreadable`, `image-too-large`.
 */
export async function serveTile(
  path: string,
  image: ImageRecord,
  name: string,
  cache: string,
): Promise<ServedFile> {
  const tile = parseTileName(name);
  const coarsest = Math.ceil(Math.log2(Math.max(image.width, image.height)));
  if (!tile || tile.level > coarsest) throw noTile(path, name);

  const pyramids = join(cache, 'tiles');
  const folderOf = (name: string) => join(pyramids, name.slice(0, 2), name);
  const isMade = (name: string) => isFile(join(folderOf(name), 'image.dzi'));
  const folder = folderOf(await cacheName(path, image, isMade));
  await noteUse(folder);
  // Deep Zoom counts its levels from the coarsest, a single pixel.
  const level = coarsest - tile.level;
  const file = join(folder, 'image_files', `${level}`, `${tile.column}_${tile.row}.jpeg`);
  if (!(await isFile(file))) {
    if (!(await isFile(join(folder, 'image.dzi')))) {
      await Promise.all([makeOnce(path, folder), keepWithinLimit(pyramids, 2)]);
    }
    if (!(await isFile(file))) throw noTile(path, name);
  }
  return { file, contentType: 'image/jpeg' };
}

function makeOnce(path: string, folder: string): Promise<void> {
  const known = making.get(folder);
  if (known) return known;
  const made = makeTiles(path, folder).finally(() => making.delete(folder));
  making.set(folder, made);
  return made;
}

async function makeTiles(path: string, folder: string): Promise<void> {
  const part = `${folder}.${process.pid}`;
  await rm(part, { recursive: true, force: true });
  await makeFolder(part);
  try {
    const { decode } = await openImage(path, path);
    await decode((pixels) =>
      pixels
        .toColourspace('srgb')
        .removeAlpha()
        .jpeg({ quality, chromaSubsampling: '4:4:4' })
        .tile({ size: tileSide, overlap: 0, layout: 'dz' })
        .toFile(join(part, 'image.dz')),
    );
    await rename(part, folder);
  } catch (thrown) {
    await rm(part, { recursive: true, force: true });
    throw thrown;
  }
}

function noTile(path: string, name: string): AppError {
  return new AppError('not-found', `${path} has no ${name}.`);
}
