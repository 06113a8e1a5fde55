import type { Box, Ring } from '../../core/geometry/shapes.ts';
import { ringsOf } from '../../core/geometry/vertices.ts';
import type { Geometry } from '../../core/records.ts';

/** The visible part of a ring. */
export interface Sight {
  /** Size of one screen pixel in image pixels. */
  readonly screenPixel: number;
  /** The visible part, in image coordinates. */
  readonly view: Box;
}

/** More vertices than this take long to draw, and are no longer told apart. */
const mostVertices = 20_000;

/** Whether an outline has rings that are drawn with fewer vertices than they have. */
export function isLong(geometry: Geometry): boolean {
  if (geometry.kind !== 'polygon') return false;
  return geometry.parts.some((part) => ringsOf(part).some(isLongRing));
}

function isLongRing({ length }: Ring): boolean {
  return length > 2 * mostVertices;
}

/**
 * The vertices of a ring that its picture needs: none nearer than half a screen pixel to the one
 * before, and none of a stretch that lies beyond one side of the view. Filling and stroking look
 * the same inside the view, except for a tangle that still has too many: of that one only some are
 * taken, at even steps.
 */
export function thinnedRing(ring: Ring, { screenPixel, view }: Sight): Ring {
  if (!isLongRing(ring)) return ring;
  // Lines are wider than nothing.
  const margin = 8 * screenPixel;
  const seen: Box = [
    view[0] - margin,
    view[1] - margin,
    view[2] + 2 * margin,
    view[3] + 2 * margin,
  ];
  const kept = thin(ring, screenPixel / 2, seen);
  const every = Math.ceil(kept.length / 2 / mostVertices);
  return kept.filter((_, index) => Math.floor(index / 2) % every === 0);
}

function thin(ring: Ring, spacing: number, [left, top, width, height]: Box): number[] {
  const [right, bottom] = [left + width, top + height];
  const kept = [ring[0]!, ring[1]!];
  let [lastX, lastY] = [ring[0]!, ring[1]!];
  /** The sides of the view beyond which everything lies since the last kept vertex, as bits. */
  let beyond = 15;
  let [skippedX, skippedY] = [lastX, lastY];
  let hasSkipped = false;
  for (let index = 0; index < ring.length; index += 2) {
    const [x, y] = [ring[index]!, ring[index + 1]!];
    const sides =
      (x < left ? 1 : 0) | (x > right ? 2 : 0) | (y < top ? 4 : 0) | (y > bottom ? 8 : 0);
    if ((beyond & sides) !== 0) {
      beyond &= sides;
      [skippedX, skippedY, hasSkipped] = [x, y, index > 0];
      continue;
    }
    if (hasSkipped) {
      kept.push(skippedX, skippedY);
      [lastX, lastY, hasSkipped] = [skippedX, skippedY, false];
    }
    beyond = sides;
    if (Math.abs(x - lastX) < spacing && Math.abs(y - lastY) < spacing) continue;
    kept.push(x, y);
    [lastX, lastY] = [x, y];
  }
  if (hasSkipped) kept.push(skippedX, skippedY);
  return kept;
}
