import { rleFromRuns } from '../geometry/rle.ts';
import type { Rle } from '../geometry/shapes.ts';

/** A number for each pixel, row by row. */
export interface ValueImage {
  readonly width: number;
  readonly height: number;
  readonly values: ArrayLike<number>;
}

/** More values than this are no labels but the colours of a photo. */
const mostValues = 20_000;

/** More runs of equal pixels than this are no labels but noise, and would take more than 1 GB. */
const mostRuns = 30_000_000;

/**
 * The mask of each value but some, in rising order of the values, in one pass over the pixels
 * however many values there are.
 * @throws Error when there are so many values, or so little in one piece, that it must be a photo.
 */
export function masksByValue(
  { width, height, values }: ValueImage,
  leftOut: ReadonlySet<number>,
): Map<number, Rle> {
  const total = width * height;
  const bounds = new Map<number, number[]>();
  let runs = 0;
  const end = (value: number, start: number, position: number): void => {
    if (++runs > mostRuns) throw new Error(`it has more than ${mostRuns} runs of equal pixels`);
    if (leftOut.has(value)) return;
    const known = bounds.get(value);
    if (known) known.push(start, position);
    else if (bounds.size >= mostValues) throw new Error(`it has more than ${mostValues} values`);
    else bounds.set(value, [start, position]);
  };
  let value = values[0]!;
  let start = 0;
  for (let column = 0; column < width; column++) {
    for (let row = 0; row < height; row++) {
      const next = values[row * width + column]!;
      if (next === value) continue;
      const position = column * height + row;
      end(value, start, position);
      value = next;
      start = position;
    }
  }
  if (total > 0) end(value, start, total);
  const rising = [...bounds].sort(([a], [b]) => a - b);
  return new Map(rising.map(([each, ends]) => [each, maskOf(ends, width, height)]));
}

/** @param bounds where each run of ones begins and ends, column-major */
function maskOf(bounds: readonly number[], width: number, height: number): Rle {
  const total = width * height;
  const last = bounds.at(-1)!;
  const runs = new Uint32Array(bounds.length + (last < total ? 1 : 0));
  bounds.forEach((bound, index) => (runs[index] = bound - (index === 0 ? 0 : bounds[index - 1]!)));
  if (last < total) runs[bounds.length] = total - last;
  return rleFromRuns([height, width], runs);
}
