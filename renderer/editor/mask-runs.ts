import { rleRuns } from '../../core/geometry/rle.ts';
import type { Box, Point, Rle } from '../../core/geometry/shapes.ts';

/**
 * A mask ready to be looked into without decoding it: where each of its runs ends, in column-major
 * order.
 */
export interface MaskRuns {
  readonly width: number;
  readonly height: number;
  /** Odd runs are set. */
  readonly ends: Uint32Array;
}

const known = new WeakMap<Rle, MaskRuns>();

/**
 * Parsed once for each mask, for records are replaced, not changed.
 * @throws AppError `invalid-input` for a corrupt RLE.
 */
export function maskRuns(rle: Rle): MaskRuns {
  let mask = known.get(rle);
  if (!mask) {
    const ends = rleRuns(rle);
    for (let run = 1; run < ends.length; run++) ends[run]! += ends[run - 1]!;
    mask = { height: rle.size[0], width: rle.size[1], ends };
    known.set(rle, mask);
  }
  return mask;
}

/** Whether the pixel under an image point is set. */
export function maskHas(mask: MaskRuns, [x, y]: Point): boolean {
  if (!(x >= 0 && y >= 0 && x < mask.width && y < mask.height)) return false;
  return runAt(mask.ends, Math.floor(x) * mask.height + Math.floor(y)) % 2 === 1;
}

/** The run that holds a position. */
function runAt(ends: Uint32Array, position: number): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! > position) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * A piece of a mask, row-major: how much of each cell of `step` x `step` pixels is set, 0 to 255.
 */
export interface MaskCrop {
  readonly x: number;
  readonly y: number;
  /** In cells. */
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * Decodes only the part of a mask that lies in `box`, at the resolution that is needed.
 * @param box in image pixels; grown to whole cells, and cut to the image
 * @param step pixels along the side of a cell, a whole number
 */
export function cropMask(mask: MaskRuns, box: Box, step: number): MaskCrop {
  const left = Math.max(Math.floor(box[0] / step), 0) * step;
  const top = Math.max(Math.floor(box[1] / step), 0) * step;
  const right = Math.min(Math.ceil((box[0] + box[2]) / step) * step, mask.width);
  const bottom = Math.min(Math.ceil((box[1] + box[3]) / step) * step, mask.height);
  const width = Math.max(Math.ceil((right - left) / step), 0);
  const height = Math.max(Math.ceil((bottom - top) / step), 0);
  const counts = new Uint32Array(width * height);

  for (let column = left; column < right; column++) {
    const cells = Math.floor((column - left) / step);
    forEachRun(mask, column, top, bottom, (from, to) => {
      for (let row = from - top; row < to - top;) {
        const cell = Math.floor(row / step);
        const next = Math.min((cell + 1) * step, to - top);
        counts[cell * width + cells]! += next - row;
        row = next;
      }
    });
  }
  const full = step * step;
  const data = Uint8Array.from(counts, (count) => Math.round((255 * count) / full));
  return { x: left, y: top, width, height, data };
}

/** Hands out the set rows [from, to) of a column between two rows. */
function forEachRun(
  { ends, height }: MaskRuns,
  column: number,
  top: number,
  bottom: number,
  take: (from: number, to: number) => void,
): void {
  const base = column * height;
  for (let run = runAt(ends, base + top); run < ends.length; run++) {
    const from = Math.max(run === 0 ? 0 : ends[run - 1]!, base + top) - base;
    if (from >= bottom) return;
    const to = Math.min(ends[run]! - base, bottom);
    if (run % 2 === 1 && to > from) take(from, to);
  }
}

/** A straight piece of a mask's outline along pixel edges, in image coordinates. */
export type OutlineSegment = readonly [x0: number, y0: number, x1: number, y1: number];

/**
 * The outline of a mask: every edge between a set and an unset pixel, collinear neighbours joined.
 */
export function outlineSegments(mask: MaskRuns): OutlineSegment[] {
  const segments: OutlineSegment[] = [];
  /** Where the horizontal edge at a row began. */
  const starts = new Map<number, number>();
  const lastSet = mask.ends.length < 2 ? 0 : mask.ends[(mask.ends.length - 2) | 1]!;
  const first = Math.floor(mask.ends[0]! / mask.height);
  const last = Math.min(Math.ceil(lastSet / mask.height), mask.width);

  let before: readonly number[] = [];
  for (let x = first; x <= last; x++) {
    const rows: number[] = [];
    if (x < last) forEachRun(mask, x, 0, mask.height, (from, to) => rows.push(from, to));
    const changed = inOneOnly(before, rows);
    for (let index = 0; index < changed.length; index += 2) {
      segments.push([x, changed[index]!, x, changed[index + 1]!]);
    }
    for (const y of changed) {
      const start = starts.get(y);
      if (start === undefined) starts.set(y, x);
      else {
        segments.push([start, y, x, y]);
        starts.delete(y);
      }
    }
    before = rows;
  }
  return segments;
}

/** The symmetric difference of two ascending lists, ascending. */
function inOneOnly(a: readonly number[], b: readonly number[]): number[] {
  const result: number[] = [];
  let [indexA, indexB] = [0, 0];
  while (indexA < a.length || indexB < b.length) {
    const [valueA, valueB] = [a[indexA] ?? Infinity, b[indexB] ?? Infinity];
    if (valueA !== valueB) result.push(Math.min(valueA, valueB));
    if (valueA <= valueB) indexA++;
    if (valueB <= valueA) indexB++;
  }
  return result;
}
