import { geometryRle } from '../geometry/region.ts';
import { rleIou } from '../geometry/rle.ts';
import type { Box } from '../geometry/shapes.ts';
import { isSameGeometry } from './existing-annotations.ts';
import type { MeasuredShape } from './row-shape.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * How much two regions of an image overlap, from 0 to 1: boxes by their sides, all others by
 * their pixels.
 * @param size of the image, in pixels
 */
export function shapeIou(a: MeasuredShape, b: MeasuredShape, { width, height }: Size): number {
  if (isSameGeometry(a.geometry, b.geometry)) return 1;
  if (!overlaps(a.bbox, b.bbox)) return 0;
  if (a.geometry.kind === 'box' && b.geometry.kind === 'box') {
    return boxIou(a.geometry.box, b.geometry.box);
  }
  return rleIou(geometryRle(a.geometry, width, height), geometryRle(b.geometry, width, height));
}

function overlaps(a: Box, b: Box): boolean {
  return a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3];
}

function boxIou(a: Box, b: Box): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  const shared = Math.max(0, width) * Math.max(0, height);
  return shared / (a[2] * a[3] + b[2] * b[3] - shared);
}
