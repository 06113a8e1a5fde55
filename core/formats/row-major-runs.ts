import type { Bitmap } from '../geometry/shapes.ts';
import { geometryFailure } from '../geometry/sentences.ts';

/**
 * The pixels of run lengths that go along the rows and begin with zeros.
 * @throws AppError `invalid-input` when they do not sum to width * height.
 */
export function bitmapOfRowRuns(runs: readonly number[], width: number, height: number): Bitmap {
  const expected = width * height;
  let sum = 0;
  for (const [index, run] of runs.entries()) {
    if (!Number.isInteger(run) || run < 0) {
      throw geometryFailure('invalid-input', 'maskRunWrong', { index, found: run });
    }
    sum += run;
  }
  if (sum !== expected) {
    throw geometryFailure('invalid-input', 'maskRunsSum', { width, height, expected, sum });
  }
  const data = new Uint8Array(expected);
  let position = 0;
  for (const [index, run] of runs.entries()) {
    if (index % 2 === 1) data.fill(1, position, position + run);
    position += run;
  }
  return { width, height, data };
}

/** Run lengths along the rows, beginning with zeros. The inverse of {@link bitmapOfRowRuns}. */
export function rowRunsOf({ data }: Bitmap): number[] {
  const runs: number[] = [];
  let value = 0;
  let start = 0;
  while (start < data.length) {
    const next = data.indexOf(value ^ 1, start);
    const end = next < 0 ? data.length : next;
    runs.push(end - start);
    start = end;
    value ^= 1;
  }
  return runs;
}
