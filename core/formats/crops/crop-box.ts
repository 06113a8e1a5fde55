import type { Box } from '../../geometry/shapes.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Whole pixels around a box, with a margin on each side, inside the photo; at least one pixel.
 * @param box x, y, width, height in pixels of the photo
 * @param margin in percent of the box's longer side
 */
export function cropBox([x, y, width, height]: Box, margin: number, photo: Size): Box {
  const added = (Math.max(width, height) * margin) / 100;
  const [left, right] = span(x - added, x + width + added, photo.width);
  const [top, bottom] = span(y - added, y + height + added, photo.height);
  return [left, top, right - left, bottom - top];
}

function span(from: number, to: number, length: number): [number, number] {
  const start = Math.min(Math.max(0, Math.floor(from)), length - 1);
  return [start, Math.max(start + 1, Math.min(length, Math.ceil(to)))];
}
