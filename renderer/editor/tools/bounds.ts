import type { Box, Point } from '../../../core/geometry/shapes.ts';
import type { PromptMark } from '../../../core/prompt.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export function isInside([x, y]: Point, { width, height }: Size): boolean {
  return x >= 0 && y >= 0 && x < width && y < height;
}

/** The nearest point of the image, its far edges included. */
export function clampPoint([x, y]: Point, { width, height }: Size): Point {
  return [Math.min(Math.max(x, 0), width), Math.min(Math.max(y, 0), height)];
}

/** The box between two corners, cut to the image; with `isSquare` its shorter side is drawn out. */
export function boxBetween(from: Point, to: Point, size: Size, isSquare = false): Box {
  let [x, y] = to;
  if (isSquare) {
    const side = Math.max(Math.abs(x - from[0]), Math.abs(y - from[1]));
    x = from[0] + (x < from[0] ? -side : side);
    y = from[1] + (y < from[1] ? -side : side);
  }
  const [x0, y0] = clampPoint(from, size);
  const [x1, y1] = clampPoint([x, y], size);
  return [Math.min(x0, x1), Math.min(y0, y1), Math.abs(x1 - x0), Math.abs(y1 - y0)];
}

export function distance([x0, y0]: Point, [x1, y1]: Point): number {
  return Math.hypot(x1 - x0, y1 - y0);
}

/** The way by which regions can go together, in whole pixels, without leaving the image. */
export function shiftInside(
  regions: readonly { readonly bbox: Box }[],
  [dx, dy]: Point,
  { width, height }: Size,
): Point {
  const least = (values: number[]) => Math.floor(Math.max(0, Math.min(...values)));
  const roomLeft = least(regions.map(({ bbox }) => bbox[0]));
  const roomUp = least(regions.map(({ bbox }) => bbox[1]));
  const roomRight = least(regions.map(({ bbox }) => width - bbox[0] - bbox[2]));
  const roomDown = least(regions.map(({ bbox }) => height - bbox[1] - bbox[3]));
  return [
    Math.min(Math.max(Math.round(dx), -roomLeft), roomRight),
    Math.min(Math.max(Math.round(dy), -roomUp), roomDown),
  ];
}

/** Whether something of a drawn mark lies in a box. */
export function isMarkInside(mark: PromptMark, [left, top, width, height]: Box): boolean {
  const holds = ([x, y]: Point) => isInside([x - left, y - top], { width, height });
  switch (mark.kind) {
    case 'point':
      return holds(mark.at);
    case 'scribble':
      return mark.points.some(holds);
    case 'box': {
      const [x, y, boxWidth, boxHeight] = mark.box;
      const overlaps = (from: number, size: number, start: number, length: number) =>
        from < start + length && from + size > start;
      return overlaps(x, boxWidth, left, width) && overlaps(y, boxHeight, top, height);
    }
    case 'polygon':
    case 'mask':
      // Regions become marks only for words, and these look at the whole image.
      return true;
  }
}
