import { AppError } from '../errors.ts';
import {
  bitmapRuns,
  combineRuns,
  intersectionOfRuns,
  runPixels,
  type PixelRule,
  type Runs,
} from './runs.ts';
import type { Bitmap, Box, PlacedBitmap, Rle } from './shapes.ts';
import { geometryFailure } from './sentences.ts';

/**
 * COCO run-length encoding, byte for byte as pycocotools writes it (cocoapi common/maskApi.c).
 *
 * A mask is a list of run lengths in column-major order that begins with a run of zeros. In the
 * string, run i > 2 is stored as the difference to run i - 2; each number is cut into groups of 5
 * bits, low first, with bit 0x20 saying that another group follows and 48 added to reach printable
 * characters.
 */

/** [height, width], the order of COCO. */
export type RleSize = readonly [height: number, width: number];

const largestMask = 2 ** 31 - 1;

const ascii = new TextDecoder();

/**
 * The runs of a mask, without decoding its pixels.
 * @throws AppError `invalid-input` when the string is truncated, holds a foreign character or a
 * negative run, or when the runs do not sum to height * width.
 */
export function rleRuns(rle: Rle): Runs {
  const { counts } = rle;
  const runs = new Uint32Array(counts.length);
  let length = 0;
  let position = 0;
  while (position < counts.length) {
    let value = 0;
    let shift = 0;
    let group: number;
    do {
      group = counts.charCodeAt(position++) - 48;
      if (!(group >= 0 && group < 64) || shift > 30) throw corrupt(rle, position, counts);
      value |= (group & 0x1f) << shift;
      shift += 5;
    } while (group & 0x20);
    if (group & 0x10 && shift < 32) value |= -1 << shift;
    if (length > 2) value += runs[length - 2]!;
    if (value < 0) throw corrupt(rle, position, counts);
    runs[length++] = value;
  }
  return checkedRuns(rle.size, runs.slice(0, length));
}

function corrupt(rle: Rle, position: number, counts: string): AppError {
  const [height, width] = rle.size;
  const { length } = counts;
  const isCutOff = position > length;
  const parts = { width, height, isCutOff, character: Math.min(position, length), length };
  return geometryFailure('invalid-input', 'maskStringWrong', parts);
}

function describeSize([height, width]: RleSize): string {
  return `${width} x ${height} pixel`;
}

/** The runs themselves. @throws AppError `invalid-input` when they do not sum to height * width. */
export function checkedRuns(size: RleSize, runs: Runs): Runs {
  const expected = pixelCount(size);
  let sum = 0;
  for (let index = 0; index < runs.length; index++) sum += runs[index]!;
  if (sum !== expected) {
    const [height, width] = size;
    throw geometryFailure('invalid-input', 'maskRunsSum', { width, height, expected, sum });
  }
  return runs;
}

/** Of a mask of this size. @throws AppError `invalid-input` for a size that no mask can have. */
export function pixelCount([height, width]: RleSize): number {
  const count = height * width;
  if (!(Number.isInteger(height) && Number.isInteger(width) && height > 0 && width > 0)) {
    throw new AppError(
      'invalid-input',
      `A mask needs a height and a width of at least 1 pixel, found ${height} and ${width}.`,
    );
  }
  if (count > largestMask) {
    throw new AppError(
      'invalid-input',
      `A mask can have ${largestMask} pixels at most, found ${width} x ${height} = ${count}.`,
    );
  }
  return count;
}

/**
 * The compressed form of runs, which may contain runs of length zero.
 * @throws AppError `invalid-input` when they do not sum to height * width.
 */
export function rleFromRuns(size: RleSize, runs: Runs): Rle {
  checkedRuns(size, runs);
  return { size: [size[0], size[1]], counts: countsOf(runs) };
}

/** Used again for each string but the longest. */
const characters = new Uint8Array(65536);

/** The string of compressed runs, which must sum to the pixels of their mask. */
export function countsOf(runs: Runs): string {
  const longest = runs.length * 7;
  const bytes = longest <= characters.length ? characters : new Uint8Array(longest);
  let length = 0;
  for (let index = 0; index < runs.length; index++) {
    let value = index > 2 ? runs[index]! - runs[index - 2]! : runs[index]!;
    let more = true;
    while (more) {
      let group = value & 0x1f;
      value >>= 5;
      more = group & 0x10 ? value !== -1 : value !== 0;
      if (more) group |= 0x20;
      bytes[length++] = group + 48;
    }
  }
  return ascii.decode(bytes.subarray(0, length));
}

/**
 * The mask of COCO's uncompressed form, `{size: [height, width], counts: [run, run, …]}`.
 * @throws AppError `invalid-input` when a run is not a whole number >= 0 or they do not sum to
 * height * width.
 */
export function rleFromUncompressed(size: RleSize, counts: readonly number[]): Rle {
  const wrong = counts.findIndex((run) => !Number.isInteger(run) || run < 0 || run > largestMask);
  if (wrong >= 0) {
    throw geometryFailure('invalid-input', 'maskRunWrong', { index: wrong, found: counts[wrong]! });
  }
  return rleFromRuns(size, Uint32Array.from(counts));
}

/** COCO's uncompressed form of a mask. @throws AppError `invalid-input` as {@link rleRuns}. */
export function rleToUncompressed(rle: Rle): { size: [number, number]; counts: number[] } {
  return { size: [...rle.size], counts: Array.from(rleRuns(rle)) };
}

/**
 * Compresses a bitmap.
 * @throws AppError `invalid-input` when its data is not width * height bytes long.
 */
export function encodeRle(bitmap: Bitmap): Rle {
  const size: RleSize = [bitmap.height, bitmap.width];
  if (pixelCount(size) !== bitmap.data.length) {
    throw new AppError(
      'invalid-input',
      `A ${describeSize(size)} bitmap needs ${pixelCount(size)} bytes, found ${bitmap.data.length}.`,
    );
  }
  return rleFromRuns(size, bitmapRuns(bitmap));
}

/** The pixels of a mask. @throws AppError `invalid-input` as {@link rleRuns}. */
export function decodeRle(rle: Rle): Bitmap {
  const [height, width] = rle.size;
  return { width, height, data: runPixels(rleRuns(rle), width, height) };
}

/** Number of pixels in the mask. @throws AppError `invalid-input` as {@link rleRuns}. */
export function rleArea(rle: Rle): number {
  return runsArea(rleRuns(rle));
}

/** Number of pixels in the runs of ones. */
export function runsArea(runs: Runs): number {
  let area = 0;
  for (let index = 1; index < runs.length; index += 2) area += runs[index]!;
  return area;
}

/**
 * The tight box of the mask's pixels, as pycocotools' `toBbox`; [0, 0, 0, 0] for an empty mask.
 * @throws AppError `invalid-input` as {@link rleRuns}.
 */
export function rleBox(rle: Rle): Box {
  return runsBox(rleRuns(rle), rle.size);
}

/** {@link rleBox} of a mask whose runs are known already. */
export function runsBox(runs: Runs, [height, width]: RleSize): Box {
  let left = width;
  let top = height;
  let right = -1;
  let bottom = -1;
  let position = 0;
  let column = 0;
  let columnStart = 0;
  for (let index = 0; index + 1 < runs.length; index += 2) {
    const first = position + runs[index]!;
    const length = runs[index + 1]!;
    position = first + length;
    if (length === 0) continue;
    // Most runs begin one column further than those before them, for which nothing need be divided.
    if (first >= columnStart + height) {
      const isNext = first < columnStart + 2 * height;
      column += isNext ? 1 : Math.floor((first - columnStart) / height);
      columnStart = column * height;
    }
    const firstRow = first - columnStart;
    const lastRow = firstRow + length - 1;
    const isOneColumn = lastRow < height;
    const lastColumn = isOneColumn ? column : column + Math.floor(lastRow / height);
    if (column < left) left = column;
    if (lastColumn > right) right = lastColumn;
    if (!isOneColumn) {
      top = 0;
      bottom = height - 1;
    } else {
      if (firstRow < top) top = firstRow;
      if (lastRow > bottom) bottom = lastRow;
    }
  }
  return right < 0 ? [0, 0, 0, 0] : [left, top, right - left + 1, bottom - top + 1];
}

/**
 * The part of a mask inside its tight box, as a bitmap of the box's size; null for an empty mask.
 * What looks at one object only need not decode the whole image.
 * @throws AppError `invalid-input` as {@link rleRuns}.
 */
export function decodeRleBox(rle: Rle): PlacedBitmap | null {
  const [imageHeight] = rle.size;
  const runs = rleRuns(rle);
  const [left, top, width, height] = runsBox(runs, rle.size);
  if (width === 0) return null;
  const cropped = new Uint32Array(runs.length | 1);
  let position = 0;
  let croppedPosition = 0;
  for (let index = 0; index + 1 < runs.length; index += 2) {
    position += runs[index]!;
    const row = position % imageHeight;
    const column = (position - row) / imageHeight;
    // A run that goes over the end of a column touches top and bottom, so then the box is as high
    // as the image.
    const start = (column - left) * height + row - top;
    const length = runs[index + 1]!;
    if (length === 0) continue;
    cropped[index] = start - croppedPosition;
    cropped[index + 1] = length;
    croppedPosition = start + length;
    position += length;
  }
  cropped[cropped.length - 1] = width * height - croppedPosition;
  return { bitmap: { width, height, data: runPixels(cropped, width, height) }, left, top };
}

/**
 * Pixel counts of the intersection and the union of two masks of one size, without decoding them.
 */
export interface Overlap {
  readonly intersection: number;
  readonly union: number;
}

/** Intersection over union from pixel counts; 1 when both masks are empty, because they agree. */
export function overlapIou({ intersection, union }: Overlap): number {
  return union === 0 ? 1 : intersection / union;
}

/**
 * How two masks overlap.
 * @throws AppError `invalid-input` when the sizes differ or a mask is corrupt.
 */
export function rleOverlap(a: Rle, b: Rle): Overlap {
  requireSameSize(a, b);
  const [runsOfA, runsOfB] = [rleRuns(a), rleRuns(b)];
  const intersection = intersectionOfRuns(runsOfA, runsOfB);
  return { intersection, union: runsArea(runsOfA) + runsArea(runsOfB) - intersection };
}

/**
 * Intersection over union of two masks; 1 when both are empty, because they agree.
 * @throws AppError `invalid-input` when the sizes differ or a mask is corrupt.
 */
export function rleIou(a: Rle, b: Rle): number {
  return overlapIou(rleOverlap(a, b));
}

/**
 * Pixels in either mask.
 * @throws AppError `invalid-input` when the sizes differ or a mask is corrupt.
 */
export function rleUnion(a: Rle, b: Rle): Rle {
  return combine(a, b, (inA, inB) => inA | inB);
}

/**
 * Pixels in both masks.
 * @throws AppError `invalid-input` when the sizes differ or a mask is corrupt.
 */
export function rleIntersect(a: Rle, b: Rle): Rle {
  return combine(a, b, (inA, inB) => inA & inB);
}

/**
 * Pixels in `a` but not in `b`.
 * @throws AppError `invalid-input` when the sizes differ or a mask is corrupt.
 */
export function rleSubtract(a: Rle, b: Rle): Rle {
  return combine(a, b, (inA, inB) => inA & (inB ^ 1));
}

/**
 * Pixels in exactly one mask.
 * @throws AppError `invalid-input` when the sizes differ or a mask is corrupt.
 */
export function rleExclude(a: Rle, b: Rle): Rle {
  return combine(a, b, (inA, inB) => inA ^ inB);
}

function combine(a: Rle, b: Rle, rule: PixelRule): Rle {
  requireSameSize(a, b);
  return rleFromRuns(a.size, combineRuns(rleRuns(a), rleRuns(b), rule));
}

function requireSameSize(a: Rle, b: Rle): void {
  if (a.size[0] === b.size[0] && a.size[1] === b.size[1]) return;
  throw new AppError(
    'invalid-input',
    `Two masks can be combined only when they have one size; found a ${describeSize(a.size)} and a ${describeSize(b.size)} mask.`,
  );
}
