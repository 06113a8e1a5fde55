import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../core/errors.ts';
import { parseTileName, tileSide } from '../../../core/image-tiles.ts';
import type { ImageRecord } from '../../../core/records.ts';
import { openImage } from '../../../models/image/open-image.ts';
import { keepWithinLimit, noteUse } from './cache-limit.ts';
import { cacheName } from './cache-name.ts';
import { makeFolder } from '../../files/folders.ts';
import { UnderWay } from '../../files/under-way.ts';
import { isFile, type ServedFile } from './image-files.ts';

/** Below this quality JPEG shows its blocks where a person looks at single pixels. */
const quality = 92;

/**
 * An image of more pixels has its coarse levels made first, so that a person sees it within a few
 * seconds.
 */
export const pixelsBeforeCoarse = 100e6;

/**
 * The finest of these levels: decoders of JPEG give an eighth of the size at a fraction of the
 * work.
 */
const finestCoarseLevel = 3;

/** Folders of tiles. */
const underWay = new UnderWay<void>();

/**
 * A tile of an image as shown. The first one asked for has the whole pyramid made, or the coarse
 * levels of a large image, in one pass over the file that holds a few rows of it at a time; the
 * tiles are kept in `cache` as long as there is room.
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
  const wholeOf = (name: string) => join(pyramids, name.slice(0, 2), name);
  const hasAny = async (name: string) =>
    (await isMade(wholeOf(name))) || (await isMade(coarseOf(wholeOf(name))));
  const whole = wholeOf(await cacheName(path, image, hasAny));
  const isLarge = image.width * image.height > pixelsBeforeCoarse;
  const isCoarse = isLarge && tile.level >= finestCoarseLevel && !(await isMade(whole));
  const folder = isCoarse ? coarseOf(whole) : whole;
  await noteUse(folder);
  // Deep Zoom counts its levels from the coarsest, a single pixel.
  const level = coarsest - tile.level;
  const file = join(folder, 'image_files', `${level}`, `${tile.column}_${tile.row}.jpeg`);
  if (!(await isFile(file))) {
    if (!(await isMade(folder))) {
      const finest = isCoarse ? finestCoarseLevel : 0;
      const made = underWay.once(folder, () => makeTiles(path, folder, finest));
      await Promise.all([made, keepWithinLimit(pyramids, 2)]);
    }
    if (!(await isFile(file))) throw noTile(path, name);
  }
  return { file, contentType: 'image/jpeg' };
}

/** Where the coarse levels lie, beside the folder of all. */
function coarseOf(folder: string): string {
  return `${folder}-coarse`;
}

function isMade(folder: string): Promise<boolean> {
  return isFile(join(folder, 'image.dzi'));
}

/** @param finest the finest level that is made */
async function makeTiles(path: string, folder: string, finest: number): Promise<void> {
  const part = `${folder}.${process.pid}`;
  await rm(part, { recursive: true, force: true });
  await makeFolder(part);
  try {
    const { metadata, decode } = await openImage(path, path);
    const { width, height } = metadata.autoOrient;
    const step = 2 ** finest;
    const [columns, rows] = [Math.ceil(width / step), Math.ceil(height / step)];
    await decode((pixels) =>
      (finest > 0 ? pixels.resize(columns, rows, { fit: 'fill' }) : pixels)
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
