import { boxesOverlap, boxIou } from '../geometry/box.ts';
import { enclosesPixels, geometryRle } from '../geometry/region.ts';
import { rleIou } from '../geometry/rle.ts';
import { isSameGeometry } from './existing-annotations.ts';
import type { MeasuredShape } from './row-shape.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * How much two regions of an image overlap, from 0 to 1: boxes by their sides, all others by
 * their pixels; what encloses none is the same, 1, or another, 0.
 * @param size of the image, in pixels
 */
export function shapeIou(a: MeasuredShape, b: MeasuredShape, { width, height }: Size): number {
  if (isSameGeometry(a.geometry, b.geometry)) return 1;
  if (!enclosesPixels(a.geometry) || !enclosesPixels(b.geometry)) return 0;
  if (!boxesOverlap(a.bbox, b.bbox)) return 0;
  if (a.geometry.kind === 'box' && b.geometry.kind === 'box') {
    return boxIou(a.geometry.box, b.geometry.box);
  }
  return rleIou(geometryRle(a.geometry, width, height), geometryRle(b.geometry, width, height));
}
