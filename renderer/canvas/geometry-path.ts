import type { Box, Part } from '../../core/geometry/shapes.ts';
import type { Geometry } from '../../core/records.ts';

/** The exact outline of vectors in image coordinates, holes included; to be filled by the even-odd rule. */
export function vectorPath(geometry: Exclude<Geometry, { kind: 'mask' }>): Path2D {
  return geometry.kind === 'polygon' ? partsPath(geometry.parts) : boxPath(geometry.box);
}

function partsPath(parts: readonly Part[]): Path2D {
  const path = new Path2D();
  for (const part of parts) {
    for (const ring of [part.outer, ...part.holes]) {
      path.moveTo(ring[0]!, ring[1]!);
      for (let index = 2; index < ring.length; index += 2) {
        path.lineTo(ring[index]!, ring[index + 1]!);
      }
      path.closePath();
    }
  }
  return path;
}

function boxPath([x, y, width, height]: Box): Path2D {
  const path = new Path2D();
  path.rect(x, y, width, height);
  return path;
}
