import { decodeRleBox } from '../../geometry/rle.ts';
import type { Rle } from '../../geometry/shapes.ts';
import { masksByValue } from '../masks-by-value.ts';

/** Which segment each pixel of an image belongs to: row-major, 0 for none. */
export interface IdMap {
  readonly width: number;
  readonly height: number;
  readonly ids: Uint32Array;
}

export function emptyIdMap(width: number, height: number): IdMap {
  return { width, height, ids: new Uint32Array(width * height) };
}

/** Gives the pixels of a mask to a segment, also those of other segments. */
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

/** The mask of each segment that has a pixel; 0 is none. @throws Error as {@link masksByValue}. */
export function masksOf({ width, height, ids }: IdMap): Map<number, Rle> {
  return masksByValue({ width, height, values: ids }, new Set([0]));
}
