import { rleRuns } from '../../core/geometry/rle.ts';
import type { Box, Rle } from '../../core/geometry/shapes.ts';

/** The pixels of a mask inside a box, row-major, 0 or 1. */
export interface MaskCrop {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * Decodes only the part of a mask that lies in `box` (its tight box, in whole pixels).
 * @throws AppError `invalid-input` for a corrupt RLE.
 */
export function cropMask(rle: Rle, box: Box): MaskCrop {
  const imageHeight = rle.size[0];
  const [x, y, width, height] = box;
  const data = new Uint8Array(width * height);
  const runs = rleRuns(rle);
  let start = 0;
  for (let index = 0; index < runs.length; index++) {
    const end = start + runs[index]!;
    if (index % 2 === 1) {
      for (let position = start; position < end; position++) {
        const row = (position % imageHeight) - y;
        const column = Math.floor(position / imageHeight) - x;
        if (row >= 0 && row < height && column >= 0 && column < width)
          data[row * width + column] = 1;
      }
    }
    start = end;
  }
  return { x, y, width, height, data };
}

/** A straight piece of a mask's outline along pixel edges, in image coordinates. */
export type OutlineSegment = readonly [x0: number, y0: number, x1: number, y1: number];

/** The outline of a mask: every edge between a set and an unset pixel, collinear neighbours joined. */
export function outlineSegments(crop: MaskCrop): OutlineSegment[] {
  const { x, y, width, height, data } = crop;
  const at = (column: number, row: number) =>
    column < 0 || row < 0 || column >= width || row >= height ? 0 : data[row * width + column]!;
  const segments: OutlineSegment[] = [];

  for (let row = 0; row <= height; row++) {
    let start = -1;
    for (let column = 0; column <= width; column++) {
      const isEdge = column < width && at(column, row) !== at(column, row - 1);
      if (isEdge && start < 0) start = column;
      if (!isEdge && start >= 0) {
        segments.push([x + start, y + row, x + column, y + row]);
        start = -1;
      }
    }
  }
  for (let column = 0; column <= width; column++) {
    let start = -1;
    for (let row = 0; row <= height; row++) {
      const isEdge = row < height && at(column, row) !== at(column - 1, row);
      if (isEdge && start < 0) start = row;
      if (!isEdge && start >= 0) {
        segments.push([x + column, y + start, x + column, y + row]);
        start = -1;
      }
    }
  }
  return segments;
}
