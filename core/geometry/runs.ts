import type { Bitmap } from './shapes.ts';

/** The runs of a mask: zeros, ones, zeros, … in column-major order; they sum to height * width. */
export type Runs = Uint32Array;

/**
 * The runs of a bitmap.
 *
 * Reading a row-major bitmap column by column would miss the cache at every pixel, so this reads it row by
 * row, collects where a pixel differs from the one above, and sorts those few changes by column.
 */
export function bitmapRuns({ width, height, data }: Bitmap): Runs {
  const { changes, perColumn } = verticalChanges(data, width);
  const starts = new Uint32Array(width + 1);
  for (let column = 0; column < width; column++) {
    starts[column + 1] = starts[column]! + perColumn[column]!;
  }
  const next = starts.slice();
  const sorted = new Uint32Array(changes.length);
  for (const index of changes) {
    const column = index % width;
    sorted[next[column]!++] = (index - column) / width;
  }

  const runs = new Uint32Array(changes.length + width + 2);
  let length = 0;
  let value = 0;
  let position = 0;
  const changeAt = (end: number): void => {
    runs[length++] = end - position;
    position = end;
    value ^= 1;
  };
  for (let column = 0; column < width; column++) {
    if (data[column] !== value) changeAt(column * height);
    for (let index = starts[column]!; index < starts[column + 1]!; index++) {
      changeAt(column * height + sorted[index]!);
    }
  }
  runs[length++] = width * height - position;
  return runs.slice(0, length);
}

/** Row-major indices of the pixels that differ from the pixel above, and their number in each column. */
function verticalChanges(
  data: Uint8Array,
  width: number,
): { changes: Uint32Array; perColumn: Uint32Array } {
  const perColumn = new Uint32Array(width);
  let changes = new Uint32Array(4096);
  let length = 0;
  for (let index = width; index < data.length; index++) {
    if (data[index] === data[index - width]) continue;
    if (length === changes.length) {
      const larger = new Uint32Array(length * 2);
      larger.set(changes);
      changes = larger;
    }
    changes[length++] = index;
    perColumn[index % width]!++;
  }
  return { changes: changes.subarray(0, length), perColumn };
}

/**
 * The row-major pixels of runs.
 *
 * The inverse of {@link bitmapRuns}, again without walking down columns: marks the changes, then each row
 * is the row above with the marked pixels flipped.
 */
export function runPixels(runs: Runs, width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height);
  const rowsWithChanges = new Uint8Array(height);
  let left = width;
  let right = 0;
  let position = 0;
  for (let index = 0; index + 1 < runs.length; index++) {
    position += runs[index]!;
    if (position === data.length) break;
    const row = position % height;
    const column = (position - row) / height;
    const isOne = (index & 1) === 0;
    if (row > 0) {
      data[row * width + column]! ^= 1;
      rowsWithChanges[row] = 1;
    }
    if (isOne) {
      const last = Math.floor((position + runs[index + 1]! - 1) / height);
      if (column < left) left = column;
      if (last > right) right = last;
      data.fill(1, row === 0 ? column : column + 1, last + 1);
    }
  }
  for (let row = 1; row < height; row++) {
    const start = row * width;
    if (rowsWithChanges[row]) {
      for (let index = start + left; index <= start + right; index++)
        data[index]! ^= data[index - width]!;
    } else {
      data.copyWithin(start + left, start - width + left, start - width + right + 1);
    }
  }
  return data;
}

/** What a pixel becomes, 0 or 1, given whether it is in each mask. A pixel in neither must stay out. */
export type PixelRule = (inA: number, inB: number) => number;

/** The runs of a set operation on two masks of one size, found by walking both lists of runs once. */
export function combineRuns(runsOfA: Runs, runsOfB: Runs, rule: PixelRule): Runs {
  const result = new Uint32Array(runsOfA.length + runsOfB.length + 1);
  let length = 0;
  let value = 0;
  let run = 0;
  let [indexA, indexB] = [0, 0];
  let [leftInA, leftInB] = [runsOfA[0]!, runsOfB[0]!];
  while (indexA < runsOfA.length && indexB < runsOfB.length) {
    const step = Math.min(leftInA, leftInB);
    if (step > 0 && rule(indexA & 1, indexB & 1) !== value) {
      result[length++] = run;
      run = 0;
      value ^= 1;
    }
    run += step;
    leftInA -= step;
    leftInB -= step;
    if (leftInA === 0) leftInA = runsOfA[++indexA] ?? 0;
    if (leftInB === 0) leftInB = runsOfB[++indexB] ?? 0;
  }
  result[length++] = run;
  return result.slice(0, length);
}
