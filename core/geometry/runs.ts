import type { Bitmap } from './shapes.ts';

/** The runs of a mask: zeros, ones, zeros, … in column-major order; they sum to height * width. */
export type Runs = Uint32Array;

/**
 * Both directions work row by row, four pixels at a time as 32-bit words, because going down the
 * columns of a row-major bitmap would miss the cache at every pixel. Rows are therefore padded to
 * whole words.
 */
function paddedWidth(width: number): number {
  return (width + 3) & ~3;
}

/**
 * Copies rows between buffers of different row lengths; what the target has beyond a row stays as
 * it is.
 */
function copyRows(
  from: Uint8Array,
  fromWidth: number,
  to: Uint8Array,
  toWidth: number,
): Uint8Array {
  const width = Math.min(fromWidth, toWidth);
  const height = to.length / toWidth;
  for (let row = 0; row < height; row++) {
    to.set(from.subarray(row * fromWidth, row * fromWidth + width), row * toWidth);
  }
  return to;
}

/**
 * The runs of a bitmap: collects where a pixel differs from the one above, and sorts those few by
 * column.
 */
export function bitmapRuns({ width, height, data }: Bitmap): Runs {
  const stride = paddedWidth(width);
  const isAligned = stride === width && data.byteOffset % 4 === 0;
  const rows = isAligned ? data : copyRows(data, width, new Uint8Array(stride * height), stride);
  const changes = verticalChanges(rows, stride);

  const starts = new Uint32Array(stride + 1);
  for (const index of changes) starts[(index % stride) + 1]!++;
  for (let column = 0; column < stride; column++) starts[column + 1]! += starts[column]!;
  const next = starts.slice();
  const changedRows = new Uint32Array(changes.length);
  for (const index of changes) {
    changedRows[next[index % stride]!++] = Math.floor(index / stride);
  }

  const runs = new Uint32Array(changes.length + width + 2);
  let length = 0;
  let value = 0;
  let position = 0;
  const endRun = (end: number): void => {
    runs[length++] = end - position;
    position = end;
    value ^= 1;
  };
  for (let column = 0; column < width; column++) {
    if (data[column] !== value) endRun(column * height);
    for (let index = starts[column]!; index < starts[column + 1]!; index++) {
      endRun(column * height + changedRows[index]!);
    }
  }
  runs[length++] = width * height - position;
  return runs.slice(0, length);
}

/** Indices of the pixels that differ from the pixel above, in row-major order. */
function verticalChanges(rows: Uint8Array, stride: number): Uint32Array {
  const words = new Uint32Array(rows.buffer, rows.byteOffset, rows.length / 4);
  const wordsPerRow = stride / 4;
  let changes = new Uint32Array(4096);
  let length = 0;
  for (let word = wordsPerRow; word < words.length; word++) {
    if (words[word] === words[word - wordsPerRow]) continue;
    if (length + 4 > changes.length) {
      const larger = new Uint32Array(length * 2);
      larger.set(changes);
      changes = larger;
    }
    for (let index = word * 4; index < word * 4 + 4; index++) {
      if (rows[index] !== rows[index - stride]) changes[length++] = index;
    }
  }
  return changes.subarray(0, length);
}

/**
 * The row-major pixels of runs: marks where runs change, then flips the marked pixels of the row
 * above.
 */
export function runPixels(runs: Runs, width: number, height: number): Uint8Array {
  const stride = paddedWidth(width);
  const rows = new Uint8Array(stride * height);
  const hasChanges = new Uint8Array(height);
  let left = stride;
  let right = 0;
  let position = 0;
  for (let index = 0; index + 1 < runs.length; index++) {
    position += runs[index]!;
    const row = position % height;
    const column = (position - row) / height;
    if (column === width) break;
    if (row > 0) {
      rows[row * stride + column]! ^= 1;
      hasChanges[row] = 1;
    }
    if (index % 2 === 0) {
      const lastColumn = Math.floor((position + runs[index + 1]! - 1) / height);
      left = Math.min(left, column);
      right = Math.max(right, lastColumn);
      rows.fill(1, row === 0 ? column : column + 1, lastColumn + 1);
    }
  }
  flipDown(new Uint32Array(rows.buffer), stride / 4, left >> 2, right >> 2, hasChanges);
  return stride === width ? rows : copyRows(rows, stride, new Uint8Array(width * height), width);
}

/**
 * Turns marks into pixels between two columns of words: each row becomes the row above, flipped
 * where marked.
 */
function flipDown(
  words: Uint32Array,
  wordsPerRow: number,
  left: number,
  right: number,
  hasChanges: Uint8Array,
): void {
  for (let row = 1; row < hasChanges.length; row++) {
    const start = row * wordsPerRow;
    if (hasChanges[row]) {
      for (let word = start + left; word <= start + right; word++) {
        words[word]! ^= words[word - wordsPerRow]!;
      }
    } else {
      words.copyWithin(start + left, start - wordsPerRow + left, start - wordsPerRow + right + 1);
    }
  }
}

/**
 * The result for a pixel, 0 or 1, by its membership in each mask. A pixel in neither must stay out.
 */
export type PixelRule = (inA: number, inB: number) => number;

/**
 * The runs of a set operation on two masks of one size, found by walking both lists of runs once.
 */
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

/**
 * The pixels that two masks of one size have in common, found by walking both lists of runs once.
 */
export function intersectionOfRuns(runsOfA: Runs, runsOfB: Runs): number {
  let area = 0;
  let [indexA, indexB] = [0, 0];
  let [leftInA, leftInB] = [runsOfA[0]!, runsOfB[0]!];
  while (indexA < runsOfA.length && indexB < runsOfB.length) {
    const step = Math.min(leftInA, leftInB);
    if (indexA & indexB & 1) area += step;
    leftInA -= step;
    leftInB -= step;
    if (leftInA === 0) leftInA = runsOfA[++indexA] ?? 0;
    if (leftInB === 0) leftInB = runsOfB[++indexB] ?? 0;
  }
  return area;
}
