import { rleFromRuns, rleRuns } from './rle.ts';
import type { Runs } from './runs.ts';
import type { Rle } from './shapes.ts';

/** Pixels of one column that follow each other: positions in the order of the runs. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

interface ConnectedStretches {
  readonly stretches: Stretch[];
  area: number;
  /** Its first pixel when the image is read row by row. */
  first: number;
}

/**
 * The parts of a mask whose pixels are connected by their sides, the largest first; none of an
 * empty mask. They are found in the runs, because the pixels of a large image take gigabytes.
 * @throws AppError `invalid-input` as {@link rleRuns}.
 */
export function splitRle(rle: Rle): Rle[] {
  const [height, width] = rle.size;
  const stretches = stretchesOf(rleRuns(rle), height);
  const parts = new Map<number, ConnectedStretches>();
  for (const [index, root] of connected(stretches, height).entries()) {
    const { start, end } = stretches[index]!;
    let part = parts.get(root);
    if (!part) parts.set(root, (part = { stretches: [], area: 0, first: Infinity }));
    part.stretches.push(stretches[index]!);
    part.area += end - start;
    part.first = Math.min(part.first, (start % height) * width + Math.floor(start / height));
  }
  if (parts.size === 1) return [rle];
  return [...parts.values()]
    .sort((a, b) => b.area - a.area || a.first - b.first)
    .map((part) => rleFromRuns(rle.size, runsOf(part.stretches, height * width)));
}

function stretchesOf(runs: Runs, height: number): Stretch[] {
  const stretches: Stretch[] = [];
  let position = 0;
  for (const [index, length] of runs.entries()) {
    const end = position + length;
    if (index % 2 === 0) position = end;
    while (position < end) {
      const start = position;
      position = Math.min(end, (Math.floor(start / height) + 1) * height);
      stretches.push({ start, end: position });
    }
  }
  return stretches;
}

/** For each stretch the number of one stretch of its part, the same for all of the part. */
function connected(stretches: readonly Stretch[], height: number): Int32Array {
  const parents = Int32Array.from(stretches.keys());
  const rootOf = (index: number): number => {
    let root = index;
    while (parents[root] !== root) root = parents[root] = parents[parents[root]!]!;
    return root;
  };
  let left = 0;
  for (const [index, { start, end }] of stretches.entries()) {
    // Those of the column before which end above this one touch none that follow either.
    while (stretches[left]!.end <= start - height) left++;
    for (let other = left; stretches[other]!.start < end - height; other++) {
      parents[rootOf(other)] = rootOf(index);
    }
  }
  return parents.map((_, index) => rootOf(index));
}

function runsOf(stretches: readonly Stretch[], pixels: number): Runs {
  const runs: number[] = [];
  let position = 0;
  for (const { start, end } of stretches) {
    if (start === position && runs.length > 0) runs[runs.length - 1]! += end - start;
    else runs.push(start - position, end - start);
    position = end;
  }
  if (position < pixels) runs.push(pixels - position);
  return Uint32Array.from(runs);
}
