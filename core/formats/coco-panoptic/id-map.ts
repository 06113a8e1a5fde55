import { decodeRleBox, rleFromRuns } from '../../geometry/rle.ts';
import type { Rle } from '../../geometry/shapes.ts';

/** Which segment each pixel of an image belongs to: row-major, 0 for none. */
export interface IdMap {
  readonly width: number;
  readonly height: number;
  readonly ids: Uint32Array;
}

export function emptyIdMap(width: number, height: number): IdMap {
  return { width, height, ids: new Uint32Array(width * height) };
}

/** Gives the pixels of a mask to a segment, whoever had them. */
export function paint({ width, ids }: IdMap, rle: Rle, id: number): void {
  const box = decodeRleBox(rle);
  if (box === null) return;
  const { bitmap, left, top } = box;
  for (let row = 0; row < bitmap.height; row++) {
    const start = (top + row) * width + left;
    for (let column = 0; column < bitmap.width; column++) {
      if (bitmap.data[row * bitmap.width + column] === 1) ids[start + column] = id;
    }
  }
}

/** The mask of each segment that has a pixel; 0 is none. */
export function masksOf({ width, height, ids }: IdMap): Map<number, Rle> {
  const ends = new Map<number, number[]>();
  let id = ids[0]!;
  let start = 0;
  const end = (position: number): void => {
    if (id === 0) return;
    const runs = ends.get(id);
    if (runs) runs.push(start, position);
    else ends.set(id, [start, position]);
  };
  for (let column = 0; column < width; column++) {
    for (let row = 0; row < height; row++) {
      const next = ids[row * width + column]!;
      if (next === id) continue;
      const position = column * height + row;
      end(position);
      id = next;
      start = position;
    }
  }
  end(width * height);
  return new Map([...ends].map(([each, runs]) => [each, maskOf(runs, width, height)]));
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
