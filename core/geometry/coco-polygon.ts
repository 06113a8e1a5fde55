import { failure } from '../errors.ts';
import { checkedRuns, rleFromRuns } from './rle.ts';
import { combineRuns, type Runs } from './runs.ts';
import type { Part, Ring, Rle } from './shapes.ts';

/**
 * Polygons to masks exactly as pycocotools does it (`rleFrPoly` in cocoapi's common/maskApi.c), which is not
 * the pixel-centre rule. Our records use this rule too, so that a polygon that leaves as COCO has the pixels,
 * the area and the box that we stored.
 */

/**
 * The union of polygons, as pycocotools decodes `segmentation: [[x0, y0, …], …]`; holes cannot be expressed.
 * @throws AppError `invalid-input` for coordinates that are not finite or absurdly far outside the image.
 */
export function rleFromCocoPolygons(polygons: readonly Ring[], width: number, height: number): Rle {
  const groups = polygons.map((polygon) => [polygon]);
  return rleFromRuns([height, width], unite(groups, width, height));
}

/**
 * The mask of parts: the rings of one part even-odd (so holes are cut out), parts united. What
 * {@link rleFromCocoPolygons} gives when there are no holes.
 * @throws AppError `invalid-input` for coordinates that are not finite or absurdly far outside the image.
 */
export function rleFromParts(parts: readonly Part[], width: number, height: number): Rle {
  return rleFromRuns([height, width], runsFromParts(parts, width, height));
}

/** The runs of {@link rleFromParts}, for what only counts pixels. @throws AppError `invalid-input` likewise. */
export function runsFromParts(parts: readonly Part[], width: number, height: number): Runs {
  const groups = parts.map(({ outer, holes }) => [outer, ...holes]);
  return checkedRuns([height, width], unite(groups, width, height));
}

function unite(groups: readonly Ring[][], width: number, height: number): Runs {
  const total = width * height;
  let runs = groups.map((rings) => evenOddRuns(rings, width, height));
  if (runs.length === 0) runs = [Uint32Array.of(total)];
  // By pairs, so that each of many parts is merged a few times instead of with all before it.
  while (runs.length > 1) {
    runs = Array.from({ length: Math.ceil(runs.length / 2) }, (_, index) => {
      const [first, second] = [runs[2 * index]!, runs[2 * index + 1]];
      return second ? combineRuns(first, second, (inFirst, inSecond) => inFirst | inSecond) : first;
    });
  }
  return runs[0]!;
}

/** pycocotools walks along outlines in steps of a fifth of a pixel. */
const cocoScale = 5;
/** In pixels; further out, nothing can be meant, and the C code runs out of integers at some point. */
const furthestCoordinate = 1e6;

/** The runs that change wherever an outline crosses the middle of a pixel column, even-odd over all rings. */
function evenOddRuns(rings: readonly Ring[], width: number, height: number): Runs {
  let count = 0;
  for (const ring of rings) {
    let x0 = finePosition(ring[ring.length - 2]!);
    let y0 = finePosition(ring[ring.length - 1]!);
    for (let index = 0; index < ring.length; index += 2) {
      const x1 = finePosition(ring[index]!);
      const y1 = finePosition(ring[index + 1]!);
      count = addCrossings(x0, y0, x1, y1, width, height, count);
      x0 = x1;
      y0 = y1;
    }
  }
  return runsBetween(sortedByColumn(count, width, height), width * height);
}

/** Where outlines cross columns, used again for each polygon: it grows to what the largest one needs. */
let crossings = new Uint32Array(1024);
let sorted = new Uint32Array(1024);
/** How many crossings each column has; zero between two polygons. */
let crossingsOf = new Uint32Array(1024);

/** The crossings in rising order: counted by column, for a column has but a few. */
function sortedByColumn(count: number, width: number, height: number): Uint32Array {
  if (sorted.length < count) sorted = new Uint32Array(crossings.length);
  if (crossingsOf.length <= width) crossingsOf = new Uint32Array(2 * width);
  let first = width;
  let last = 0;
  for (let index = 0; index < count; index++) {
    const column = Math.floor(crossings[index]! / height);
    crossingsOf[column]!++;
    if (column < first) first = column;
    if (column > last) last = column;
  }
  let start = 0;
  for (let column = first; column <= last; column++) {
    const next = start + crossingsOf[column]!;
    crossingsOf[column] = start;
    start = next;
  }
  for (let index = 0; index < count; index++) {
    const position = crossings[index]!;
    sorted[crossingsOf[Math.floor(position / height)]!++] = position;
  }
  let from = 0;
  for (let column = first; column <= last; column++) {
    const end = crossingsOf[column]!;
    crossingsOf[column] = 0;
    sortRange(from, end);
    from = end;
  }
  return sorted.subarray(0, count);
}

/** Sorts some of the sorted crossings among themselves. */
function sortRange(from: number, end: number): void {
  if (end - from > fewInColumn) {
    sorted.subarray(from, end).sort();
    return;
  }
  for (let index = from + 1; index < end; index++) {
    const position = sorted[index]!;
    let place = index;
    for (; place > from && sorted[place - 1]! > position; place--) {
      sorted[place] = sorted[place - 1]!;
    }
    sorted[place] = position;
  }
}

/** Sorting by insertion is the fastest for up to about as many. */
const fewInColumn = 16;

/** In fifths of a pixel. */
function finePosition(value: number): number {
  if (Math.abs(value) <= furthestCoordinate) return Math.trunc(cocoScale * value + 0.5);
  throw failure('invalid-input', 'polygonTooFar', { furthest: furthestCoordinate, found: value });
}

/**
 * Adds to `crossings` after the first `count` and returns their number then: for each column whose middle lies between
 * x = 5c + 2 and the next fifth of a pixel, the height at which an edge takes this step, as a position in the mask.
 * The C code takes every step and looks for these; rounding (towards zero after adding a half) and the direction of
 * the walk are kept, so the heights are the same.
 */
function addCrossings(
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  width: number,
  height: number,
  count: number,
): number {
  const dx = Math.abs(x1 - x0);
  const dy = Math.abs(y1 - y0);
  const isFlat = dx >= dy;
  const isTurned = isFlat ? x0 > x1 : y0 > y1;
  const xs = isTurned ? x1 : x0;
  const ys = isTurned ? y1 : y0;
  const slope = isFlat ? (isTurned ? y0 - y1 : y1 - y0) / dx : (isTurned ? x0 - x1 : x1 - x0) / dy;
  const firstColumn = Math.max(0, Math.ceil((Math.min(x0, x1) - 2) / cocoScale));
  const lastColumn = Math.min(width - 1, Math.floor((Math.max(x0, x1) - 3) / cocoScale));
  const needed = count + lastColumn - firstColumn + 1;
  if (needed > crossings.length) {
    const larger = new Uint32Array(2 * needed);
    larger.set(crossings);
    crossings = larger;
  }
  let length = count;
  for (let column = firstColumn; column <= lastColumn; column++) {
    const before = cocoScale * column + 2;
    const y = isFlat
      ? Math.min(rounded(ys, slope, before - xs), rounded(ys, slope, before + 1 - xs))
      : ys + stepBeyond(xs, slope, before) - 1;
    const row = (y + 0.5) / cocoScale - 0.5;
    crossings[length++] = column * height + Math.ceil(Math.min(Math.max(row, 0), height));
  }
  return length;
}

function rounded(start: number, slope: number, step: number): number {
  return Math.trunc(start + slope * step + 0.5);
}

/** Along a steep edge, the first step that has crossed from x = before to the next fifth or back. */
function stepBeyond(xs: number, slope: number, before: number): number {
  const isBeyond = (step: number): boolean => rounded(xs, slope, step) > before === slope > 0;
  let step = Math.round((before + 0.5 - xs) / slope);
  while (isBeyond(step - 1)) step--;
  while (!isBeyond(step)) step++;
  return step;
}

/** Runs that change at the given sorted positions; two changes at one position cancel. */
function runsBetween(changes: Uint32Array, total: number): Runs {
  const runs = new Uint32Array(changes.length + 1);
  let length = 0;
  let position = 0;
  for (let index = 0; index < changes.length; index++) {
    const change = changes[index]!;
    if (change === changes[index + 1]) {
      index++;
    } else if (change < total) {
      runs[length++] = change - position;
      position = change;
    }
  }
  runs[length++] = total - position;
  return runs.slice(0, length);
}
