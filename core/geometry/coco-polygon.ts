import { pixelCount, rleFromRuns, runsArea, runsBox } from './rle.ts';
import { combineRuns, type Runs } from './runs.ts';
import type { Box, Part, Ring, Rle } from './shapes.ts';
import { geometryFailure } from './sentences.ts';

/**
 * Polygons to masks exactly as pycocotools does it (`rleFrPoly` in cocoapi's common/maskApi.c),
 * which is not the pixel-centre rule. Our records use this rule too, so that a polygon that leaves
 * as COCO has the pixels, the area and the box that we stored.
 */

/**
 * The union of polygons, as pycocotools decodes `segmentation: [[x0, y0, …], …]`; holes cannot be
 * expressed.
 * @throws AppError `invalid-input` for coordinates that are not finite or absurdly far outside the
 * image.
 */
export function rleFromCocoPolygons(polygons: readonly Ring[], width: number, height: number): Rle {
  const groups = polygons.map((polygon) => [polygon]);
  return rleFromRuns([height, width], unite(groups, width, height));
}

/**
 * The mask of parts: the rings of one part even-odd (so holes are cut out), parts united. What
 * {@link rleFromCocoPolygons} gives when there are no holes.
 * @throws AppError `invalid-input` for coordinates that are not finite or absurdly far outside the
 * image.
 */
export function rleFromParts(parts: readonly Part[], width: number, height: number): Rle {
  return rleFromRuns([height, width], runsFromParts(parts, width, height));
}

/**
 * The runs of {@link rleFromParts}, for what only counts pixels.
 * @throws AppError `invalid-input` likewise.
 */
export function runsFromParts(parts: readonly Part[], width: number, height: number): Runs {
  pixelCount([height, width]);
  const groups = parts.map(({ outer, holes }) => [outer, ...holes]);
  return unite(groups, width, height);
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
/**
 * In pixels; further out, nothing can be meant, and the C code runs out of integers at some point.
 */
const furthestCoordinate = 1e6;

/**
 * The area and the tight box of the runs of {@link runsFromParts}, for a single part without its
 * runs being written.
 * @throws AppError `invalid-input` likewise.
 */
export function measureParts(
  parts: readonly Part[],
  width: number,
  height: number,
): { readonly area: number; readonly bbox: Box } {
  const [part] = parts;
  if (!part || parts.length > 1) {
    const runs = runsFromParts(parts, width, height);
    return { area: runsArea(runs), bbox: runsBox(runs, [height, width]) };
  }
  pixelCount([height, width]);
  const [first, last] = crossColumns([part.outer, ...part.holes], width, height);
  let area = 0;
  let left = width;
  let top = height;
  let right = -1;
  let bottom = -1;
  let from = 0;
  for (let column = first; column <= last; column++) {
    const end = takeEnd(column);
    // A closed outline crosses a column an even number of times.
    for (let index = from; index < end; index += 2) {
      // Arrays taken apart would be made: a hundred of them for each outline.
      const start = sorted[index]!;
      const stop = sorted[index + 1]!;
      if (start === stop) continue;
      area += stop - start;
      if (column < left) left = column;
      right = column;
      if (start < top) top = start;
      if (stop > bottom) bottom = stop;
    }
    from = end;
  }
  return { area, bbox: right < 0 ? [0, 0, 0, 0] : [left, top, right - left + 1, bottom - top] };
}

/**
 * The runs that change wherever an outline crosses the middle of a pixel column, even-odd over all
 * rings.
 */
function evenOddRuns(rings: readonly Ring[], width: number, height: number): Runs {
  const [first, last] = crossColumns(rings, width, height);
  const total = width * height;
  const runs = crossingCount < shortRuns.length ? shortRuns : new Uint32Array(crossingCount + 1);
  let length = 0;
  let position = 0;
  let from = 0;
  // Two changes at one position cancel, and so do the end of a column and the beginning of the
  // next.
  let change = -1;
  for (let column = first; column <= last; column++) {
    const end = takeEnd(column);
    for (let index = from; index < end; index++) {
      const next = column * height + sorted[index]!;
      if (next === change) {
        change = -1;
        continue;
      }
      if (change >= 0) {
        runs[length++] = change - position;
        position = change;
      }
      change = next;
    }
    from = end;
  }
  if (change >= 0 && change < total) {
    runs[length++] = change - position;
    position = change;
  }
  runs[length++] = total - position;
  return runs.slice(0, length);
}

/** Used again for each polygon but the largest. */
const shortRuns = new Uint32Array(16384);
/**
 * Where outlines cross columns, used again for each polygon: it grows to what the largest one
 * needs.
 */
let crossingColumns = new Int32Array(1024);
let crossingRows = new Int32Array(1024);
let crossingCount = 0;
/** The columns between which all crossings lie. */
let [firstCrossed, lastCrossed] = [0, 0];
/** The rows again, column after column and rising in each. */
let sorted = new Int32Array(1024);
/**
 * How many crossings each column has, then where they end in `sorted`; zero between two polygons.
 */
let crossingsOf = new Int32Array(1024);

/**
 * Finds where outlines cross the middles of columns and sorts that: counted by column, for a
 * column has but a few.
 * @returns the first and the last column; the caller calls {@link takeEnd} for each column between
 */
function crossColumns(
  rings: readonly Ring[],
  width: number,
  height: number,
): readonly [first: number, last: number] {
  if (crossingsOf.length <= width) crossingsOf = new Int32Array(2 * width);
  crossingCount = 0;
  [firstCrossed, lastCrossed] = [width, -1];
  for (const ring of rings) requireNear(ring);
  for (const ring of rings) {
    let x0 = finePosition(ring[ring.length - 2]!);
    let y0 = finePosition(ring[ring.length - 1]!);
    for (let index = 0; index < ring.length; index += 2) {
      const x1 = finePosition(ring[index]!);
      const y1 = finePosition(ring[index + 1]!);
      addCrossings(x0, y0, x1, y1, width, height);
      x0 = x1;
      y0 = y1;
    }
  }
  return sortByColumn();
}

function sortByColumn(): readonly [first: number, last: number] {
  if (sorted.length < crossingCount) sorted = new Int32Array(crossingColumns.length);
  const [first, last] = [firstCrossed, lastCrossed];
  let start = 0;
  for (let column = first; column <= last; column++) {
    const next = start + crossingsOf[column]!;
    crossingsOf[column] = start;
    start = next;
  }
  for (let index = 0; index < crossingCount; index++) {
    const column = crossingColumns[index]!;
    sorted[crossingsOf[column]!++] = crossingRows[index]!;
  }
  let from = 0;
  for (let column = first; column <= last; column++) {
    const end = crossingsOf[column]!;
    if (end - from > 1) sortRange(from, end);
    from = end;
  }
  return [first, last];
}

function takeEnd(column: number): number {
  const end = crossingsOf[column]!;
  crossingsOf[column] = 0;
  return end;
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

/** In fifths of a pixel; {@link furthestCoordinate} keeps these within 32 bits. */
function finePosition(value: number): number {
  return (cocoScale * value + 0.5) | 0;
}

function requireNear(ring: Ring): void {
  for (let index = 0; index < ring.length; index++) {
    const value = ring[index]!;
    if (Math.abs(value) <= furthestCoordinate) continue;
    throw geometryFailure('invalid-input', 'polygonTooFar', {
      furthest: furthestCoordinate,
      found: value,
    });
  }
}

/**
 * Adds to the crossings: for each column whose middle lies between x = 5c + 2 and the next fifth
 * of a pixel, the height at which an edge takes this step, as a row of the mask or as one more
 * than the last. The C code takes every step and looks for these; rounding (towards zero after
 * adding a half) and the direction of the walk are kept, so the heights are the same.
 */
function addCrossings(
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  width: number,
  height: number,
): void {
  const firstColumn = Math.max(0, Math.ceil((Math.min(x0, x1) - 2) / cocoScale));
  const lastColumn = Math.min(width - 1, Math.floor((Math.max(x0, x1) - 3) / cocoScale));
  if (lastColumn < firstColumn) return;
  const dx = Math.abs(x1 - x0);
  const dy = Math.abs(y1 - y0);
  const isFlat = dx >= dy;
  const isTurned = isFlat ? x0 > x1 : y0 > y1;
  const xs = isTurned ? x1 : x0;
  const ys = isTurned ? y1 : y0;
  const slope = isFlat ? (isTurned ? y0 - y1 : y1 - y0) / dx : (isTurned ? x0 - x1 : x1 - x0) / dy;
  const needed = crossingCount + lastColumn - firstColumn + 1;
  if (needed > crossingRows.length) {
    crossingColumns = enlarged(crossingColumns, 2 * needed);
    crossingRows = enlarged(crossingRows, 2 * needed);
  }
  if (firstColumn < firstCrossed) firstCrossed = firstColumn;
  if (lastColumn > lastCrossed) lastCrossed = lastColumn;
  // Heights rise or fall along an edge, so one end of the fifth is the higher one.
  const higher = slope < 0 ? 1 - xs : -xs;
  const inverse = 1 / slope;
  let before = cocoScale * firstColumn + 2;
  for (let column = firstColumn; column <= lastColumn; column++) {
    const y = isFlat
      ? rounded(ys, slope, before + higher)
      : ys + stepBeyond(xs, slope, inverse, before) - 1;
    crossingColumns[crossingCount] = column;
    crossingRows[crossingCount++] = rowOf(y, height);
    crossingsOf[column]!++;
    before += cocoScale;
  }
}

/** The C code has ceil((y + 0.5) / 5 - 0.5), which for whole fifths is this. */
function rowOf(y: number, height: number): number {
  if (y <= 2) return 0;
  const row = ((y + 2) / cocoScale) | 0;
  return row < height ? row : height;
}

function enlarged(values: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(values);
  return larger;
}

function rounded(start: number, slope: number, step: number): number {
  return (start + slope * step + 0.5) | 0;
}

/**
 * Along a steep edge, the first step that has crossed from x = before to the next fifth or back.
 */
function stepBeyond(xs: number, slope: number, inverse: number, before: number): number {
  let step = Math.floor((before + 0.5 - xs) * inverse + 0.5);
  while (isBeyond(xs, slope, step - 1, before)) step--;
  while (!isBeyond(xs, slope, step, before)) step++;
  return step;
}

function isBeyond(xs: number, slope: number, step: number, before: number): boolean {
  return rounded(xs, slope, step) > before === slope > 0;
}
