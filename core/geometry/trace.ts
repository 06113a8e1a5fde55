import { decodeRleBox } from './rle.ts';
import type { Bitmap, Part, Ring, Rle } from './shapes.ts';

/**
 * The outline of a mask along the cracks between its pixels, so nothing is lost: filling the parts
 * again, by `rasterizeParts` or (rings without holes) by pycocotools, gives the same pixels.
 *
 * Foreground is 4-connected: pixels that touch at a corner only belong to different parts, unless
 * they are connected elsewhere, in which case the ring passes that corner twice. Outer rings run
 * clockwise as seen on the screen, holes anticlockwise; vertices are whole numbers and lie at
 * corners only.
 */
export function traceMask(bitmap: Bitmap): Part[] {
  const { width, height, data } = bitmap;
  /** For each pixel whose left crack has been traced, the number of its ring, from 1. */
  const ringAtLeftCrack = new Int32Array(width * height);
  const partOfRing: Part[] = [];
  const parts: Part[] = [];

  const visitLeftCrack = (pixel: number): void => {
    if (ringAtLeftCrack[pixel]) return;
    const ring = followCracks(bitmap, pixel, ringAtLeftCrack, partOfRing.length + 1);
    if (signedArea(ring) > 0) {
      const part: Part = { outer: ring, holes: [] };
      parts.push(part);
      partOfRing.push(part);
    } else {
      const part = partOfRing[ringAtLeftCrack[surroundingLeftCrack(bitmap, pixel)]! - 1]!;
      part.holes.push(ring);
      partOfRing.push(part);
    }
  };

  let start = data.indexOf(1);
  while (start >= 0) {
    const zero = data.indexOf(0, start);
    const end = zero < 0 ? data.length : zero;
    visitLeftCrack(start);
    for (let row = Math.floor(start / width) + 1; row * width < end; row++)
      visitLeftCrack(row * width);
    start = data.indexOf(1, end);
  }
  return parts;
}

/** The same as {@link traceMask} for a compressed mask, decoding no more than its box. */
export function traceRle(rle: Rle): Part[] {
  const box = decodeRleBox(rle);
  if (box === null) return [];
  const move = (ring: Ring): Ring =>
    ring.map((value, index) => value + (index % 2 === 0 ? box.left : box.top));
  return traceMask(box.bitmap).map(({ outer, holes }) => ({
    outer: move(outer),
    holes: holes.map(move),
  }));
}

/**
 * A hole's first left crack in reading order lies in the hole's top row. The pixels left of the
 * hole there hang together with those above it, so they belong to the part around it, and their
 * run's left crack has been traced already.
 */
function surroundingLeftCrack({ width, data }: Bitmap, pixel: number): number {
  const rowStart = pixel - (pixel % width);
  let index = pixel - 1;
  while (data[index] === 0) index--;
  while (index > rowStart && data[index - 1] === 1) index--;
  return index;
}

/**
 * Walks around from a pixel's left crack, foreground on the right hand, and writes down every
 * turn.
 */
function followCracks(
  { width, height, data }: Bitmap,
  firstPixel: number,
  ringAtLeftCrack: Int32Array,
  ringNumber: number,
): Ring {
  const isForeground = (column: number, row: number): boolean =>
    column >= 0 && column < width && row >= 0 && row < height && data[row * width + column] === 1;

  const ring: Ring = [];
  let x = firstPixel % width;
  let y = Math.floor(firstPixel / width) + 1;
  let [dx, dy] = [0, -1];
  for (;;) {
    if (dy === -1) {
      const pixel = (y - 1) * width + x;
      if (ringAtLeftCrack[pixel]) return ring;
      ringAtLeftCrack[pixel] = ringNumber;
    }
    x += dx;
    y += dy;
    const isRightAhead = isForeground(x + ((dx - dy - 1) >> 1), y + ((dx + dy - 1) >> 1));
    const isLeftAhead = isForeground(x + ((dx + dy - 1) >> 1), y + ((dy - dx - 1) >> 1));
    if (isRightAhead && !isLeftAhead) continue;
    ring.push(x, y);
    [dx, dy] = isRightAhead ? [dy, -dx] : [-dy, dx];
  }
}

/** Twice the area that a ring encloses in pixels; positive when it runs clockwise on the screen. */
function signedArea(ring: Ring): number {
  let sum = 0;
  let [x0, y0] = [ring.at(-2)!, ring.at(-1)!];
  for (let index = 0; index < ring.length; index += 2) {
    const [x1, y1] = [ring[index]!, ring[index + 1]!];
    sum += x0 * y1 - x1 * y0;
    [x0, y0] = [x1, y1];
  }
  return sum;
}
