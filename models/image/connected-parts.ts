import type { Size } from './resize-rule.ts';

/** The connected parts of a bitmap; pixels are connected by their sides. */
export interface ConnectedParts {
  /** The part of each pixel, from 1; 0 outside. */
  readonly partOf: Int32Array;
  /** The pixels of each part; the first is of what lies outside. */
  readonly areas: readonly number[];
}

/** @param bitmap 0 or 1 for each pixel, row by row */
export function connectedParts(bitmap: Uint8Array, { width, height }: Size): ConnectedParts {
  const partOf = new Int32Array(width * height);
  const areas = [0];
  const open: number[] = [];
  const enter = (pixel: number, part: number) => {
    if (bitmap[pixel] !== 1 || partOf[pixel] !== 0) return;
    partOf[pixel] = part;
    areas[part]!++;
    open.push(pixel);
  };
  for (let start = 0; start < partOf.length; start++) {
    if (bitmap[start] !== 1 || partOf[start] !== 0) continue;
    const part = areas.push(0) - 1;
    enter(start, part);
    for (let pixel = open.pop(); pixel !== undefined; pixel = open.pop()) {
      const column = pixel % width;
      if (column > 0) enter(pixel - 1, part);
      if (column < width - 1) enter(pixel + 1, part);
      // Pixels above and below the bitmap are undefined, so they are not entered.
      enter(pixel - width, part);
      enter(pixel + width, part);
    }
  }
  areas[0] = partOf.length - areas.reduce((sum, area) => sum + area, 0);
  return { partOf, areas };
}
