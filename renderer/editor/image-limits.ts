import type { Size } from './tools/bounds.ts';

/** Browsers refuse larger canvases, and graphics processors larger textures. */
const largestWholeSide = 8192;
const largestWholePixels = 48e6;
/** Of decoded images three may be held at once. */
const largestPreparedPixels = 26e6;

/** Whether an image is shown in tiles, for no browser holds it whole, or not for long. */
export function isTiled({ width, height }: Size): boolean {
  return Math.max(width, height) > largestWholeSide || width * height > largestWholePixels;
}

/** Whether an image is small enough to be made ready before it is asked for. */
export function isPreparedAhead(image: Size): boolean {
  return !isTiled(image) && image.width * image.height <= largestPreparedPixels;
}
