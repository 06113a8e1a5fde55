import type { Size } from '../editor/tools/bounds.ts';
import type { Screen } from './screen.ts';

/** The image under the regions, whole or in tiles. */
export interface ImagePicture {
  draw(screen: Screen): void;
}

/** How far the pixels of an image are; `preparing` while its tiles are made for the first time. */
export type ImageLoad = 'loading' | 'preparing' | 'shown' | 'unreadable';

/** Browsers refuse larger canvases, and graphics processors larger textures. */
const largestWholeSide = 8192;
const largestWholePixels = 48e6;
/** Of decoded neighbours three may be held at once. */
const largestPrefetchedPixels = 26e6;

/** Whether an image is shown in tiles, for no browser holds it whole, or not for long. */
export function isTiled({ width, height }: Size): boolean {
  return Math.max(width, height) > largestWholeSide || width * height > largestWholePixels;
}

/** Whether an image is small enough to be decoded before it is asked for. */
export function isPrefetched(image: Size): boolean {
  return !isTiled(image) && image.width * image.height <= largestPrefetchedPixels;
}
