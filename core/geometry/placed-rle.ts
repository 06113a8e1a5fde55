import { rasterizeParts, rasterizeScribble } from './raster.ts';
import { rleFromRuns } from './rle.ts';
import { bitmapRuns } from './runs.ts';
import type { Box, Part, PlacedBitmap, Point, Rle } from './shapes.ts';
import { movePart } from './vertices.ts';

/**
 * Masks made from pixels at a place in an image, so that a small object costs little in a large
 * image. Pixels outside the image are left out.
 */

/** The inverse of `decodeRleBox`: the mask of an image of the given size that has these pixels. */
export function encodeRleAt(placed: PlacedBitmap, width: number, height: number): Rle {
  const { bitmap, left, top } = cutToImage(placed, width, height);
  const runs = bitmapRuns(bitmap);
  const placedRuns: number[] = [];
  let placedEnd = 0;
  let position = 0;
  for (let index = 0; index + 1 < runs.length; index += 2) {
    position += runs[index]!;
    const end = position + runs[index + 1]!;
    // A run that goes on in the next column of the crop is cut there, for in the image others lie
    // between.
    while (position < end) {
      const row = position % bitmap.height;
      const length = Math.min(end - position, bitmap.height - row);
      const start = (left + (position - row) / bitmap.height) * height + top + row;
      if (start === placedEnd && placedRuns.length > 0) {
        placedRuns[placedRuns.length - 1]! += length;
      } else {
        placedRuns.push(start - placedEnd, length);
      }
      placedEnd = start + length;
      position += length;
    }
  }
  const rest = width * height - placedEnd;
  if (rest > 0) placedRuns.push(rest);
  return rleFromRuns([height, width], Uint32Array.from(placedRuns));
}

function cutToImage(placed: PlacedBitmap, width: number, height: number): PlacedBitmap {
  const { bitmap, left, top } = placed;
  const first = { column: Math.max(0, -left), row: Math.max(0, -top) };
  const end = {
    column: Math.min(bitmap.width, width - left),
    row: Math.min(bitmap.height, height - top),
  };
  const isWhole = first.column === 0 && first.row === 0;
  if (isWhole && end.column === bitmap.width && end.row === bitmap.height) return placed;
  const cut = {
    width: Math.max(0, end.column - first.column),
    height: Math.max(0, end.row - first.row),
  };
  const data = new Uint8Array(cut.width * cut.height);
  for (let row = 0; row < cut.height; row++) {
    const start = (first.row + row) * bitmap.width + first.column;
    data.set(bitmap.data.subarray(start, start + cut.width), row * cut.width);
  }
  return { bitmap: { ...cut, data }, left: left + first.column, top: top + first.row };
}

/**
 * The mask of one part by the pixel-centre rule, so that a part of `traceRle` gets just the pixels
 * that it was traced around. @throws AppError `invalid-input` for coordinates that are not finite.
 */
export function rleOfTracedPart(part: Part, width: number, height: number): Rle {
  const [left, top, boxWidth, boxHeight] = wholeBoxAround(part.outer, 0, width, height);
  const bitmap = rasterizeParts([movePart(part, -left, -top)], boxWidth, boxHeight);
  return encodeRleAt({ bitmap, left, top }, width, height);
}

/**
 * The mask of a stroke with round ends (`rasterizeScribble`).
 * @throws AppError `invalid-input` likewise.
 */
export function rleOfStroke(
  points: readonly Point[],
  strokeWidth: number,
  width: number,
  height: number,
): Rle {
  const margin = Math.max(strokeWidth, 2) / 2;
  const [left, top, boxWidth, boxHeight] = wholeBoxAround(points.flat(), margin, width, height);
  const moved = points.map(([x, y]): Point => [x - left, y - top]);
  const bitmap = rasterizeScribble(moved, strokeWidth, boxWidth, boxHeight);
  return encodeRleAt({ bitmap, left, top }, width, height);
}

/** The pixels of the image that flat coordinates, and `margin` around them, can cover. */
function wholeBoxAround(
  coordinates: readonly number[],
  margin: number,
  width: number,
  height: number,
): Box {
  const least: [number, number] = [Infinity, Infinity];
  const most: [number, number] = [-Infinity, -Infinity];
  coordinates.forEach((value, index) => {
    const axis = index % 2 === 0 ? 0 : 1;
    least[axis] = Math.min(least[axis], value);
    most[axis] = Math.max(most[axis], value);
  });
  const inside = (value: number, limit: number) => Math.min(Math.max(value, 0), limit);
  const left = inside(Math.floor(least[0] - margin), width);
  const top = inside(Math.floor(least[1] - margin), height);
  const right = inside(Math.ceil(most[0] + margin), width);
  const bottom = inside(Math.ceil(most[1] + margin), height);
  return [left, top, right - left, bottom - top];
}
