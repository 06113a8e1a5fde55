import type { Box } from '../../core/geometry/shapes.ts';
import { toImage, type Camera } from './camera.ts';
import type { Size } from './tools/bounds.ts';

const longestSidePx = 160;
/** The minimap helps from here on: less than this part of a side of the image is in view. */
const mostInView = 0.9;

/** The size of the minimap of an image on the screen, in CSS pixels. */
export function minimapSize({ width, height }: Size): Size {
  const scale = longestSidePx / Math.max(width, height, 1);
  return { width: Math.max(width * scale, 24), height: Math.max(height * scale, 24) };
}

/**
 * The visible part of the image as fractions of its sides; null if most or none of it is visible.
 * @param viewport in CSS pixels
 * @param image in image pixels
 */
export function minimapBox(camera: Camera, viewport: Size, image: Size): Box | null {
  if (image.width === 0 || viewport.width === 0) return null;
  const [left, top] = toImage(camera, [0, 0]);
  const [right, bottom] = toImage(camera, [viewport.width, viewport.height]);
  const [x, width] = partOf(left, right, image.width);
  const [y, height] = partOf(top, bottom, image.height);
  if (width <= 0 || height <= 0) return null;
  return width >= mostInView && height >= mostInView ? null : [x, y, width, height];
}

function partOf(from: number, to: number, side: number): [start: number, length: number] {
  const [start, end] = [Math.max(from, 0), Math.min(to, side)];
  return [start / side, (end - start) / side];
}
