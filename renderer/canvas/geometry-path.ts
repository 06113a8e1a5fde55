import type { Box, Part } from '../../core/geometry/shapes.ts';
import { ringsOf } from '../../core/geometry/vertices.ts';
import type { Geometry } from '../../core/records.ts';
import { outlineSegments, type MaskRuns } from '../editor/mask-runs.ts';
import { thinnedRing, type Sight } from './thinned-ring.ts';

/**
 * The outline of vectors in image coordinates, holes included; to be filled by the even-odd rule,
 * where it encloses something.
 * @param sight what is to be seen of it, where that may be drawn with fewer vertices; else it is
 * exact
 */
export function vectorPath(geometry: Exclude<Geometry, { kind: 'mask' }>, sight?: Sight): Path2D {
  switch (geometry.kind) {
    case 'polygon':
      return partsPath(geometry.parts, sight);
    case 'box':
      return boxPath(geometry.box);
    case 'polyline':
      return linePath(geometry.points);
    case 'tag':
      return new Path2D();
  }
}

function partsPath(parts: readonly Part[], sight: Sight | undefined): Path2D {
  const path = new Path2D();
  for (const part of parts) {
    for (const exact of ringsOf(part)) {
      const ring = sight ? thinnedRing(exact, sight) : exact;
      path.moveTo(ring[0]!, ring[1]!);
      for (let index = 2; index < ring.length; index += 2) {
        path.lineTo(ring[index]!, ring[index + 1]!);
      }
      path.closePath();
    }
  }
  return path;
}

function linePath(points: readonly number[]): Path2D {
  const path = new Path2D();
  path.moveTo(points[0]!, points[1]!);
  for (let index = 2; index < points.length; index += 2) {
    path.lineTo(points[index]!, points[index + 1]!);
  }
  return path;
}

function boxPath([x, y, width, height]: Box): Path2D {
  const path = new Path2D();
  path.rect(x, y, width, height);
  return path;
}

/** The outline of a mask along the edges of its pixels, in image coordinates; to be stroked. */
export function maskPath(mask: MaskRuns): Path2D {
  const path = new Path2D();
  for (const [x0, y0, x1, y1] of outlineSegments(mask)) {
    path.moveTo(x0, y0);
    path.lineTo(x1, y1);
  }
  return path;
}
