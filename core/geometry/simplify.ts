import { rleFromParts } from './coco-polygon.ts';
import { rleIou } from './rle.ts';
import type { Part, Ring, Rle } from './shapes.ts';

/** Parts with fewer vertices and what that cost. */
export interface SimplifiedParts {
  readonly parts: Part[];
  /** Intersection over union with the given mask of what pycocotools decodes from the parts. */
  readonly iou: number;
  /** Number of vertices of all rings. */
  readonly vertices: number;
}

/** Either the most that a left-out vertex may lie off, in pixels, or the most vertices to keep. */
export type SimplificationTarget = { readonly tolerance: number } | { readonly vertices: number };

/**
 * Leaves out vertices (Douglas and Peucker 1973) and measures the true result. Every ring keeps at
 * least three vertices, so a budget below that is exceeded.
 * @param mask what the parts stand for; usually they are its outline.
 * @throws AppError `invalid-input` for coordinates that `rleFromParts` refuses.
 */
export function simplifyParts(
  parts: readonly Part[],
  target: SimplificationTarget,
  mask: Rle,
): SimplifiedParts {
  const [height, width] = mask.size;
  const rings = parts.map(({ outer, holes }) =>
    [outer, ...holes].map((ring) => ({ ring, errors: vertexErrors(ring) })),
  );
  const threshold =
    'tolerance' in target
      ? target.tolerance
      : errorAtBudget(
          rings.flat().map(({ errors }) => errors),
          target.vertices,
        );
  const simplified = rings.map((ofPart): Part => {
    const [outer, ...holes] = ofPart.map(({ ring, errors }) =>
      verticesAbove(ring, errors, threshold),
    );
    return { outer: outer!, holes };
  });
  const vertices = simplified.reduce(
    (sum, { outer, holes }) =>
      sum + [outer, ...holes].reduce((count, ring) => count + ring.length / 2, 0),
    0,
  );
  return {
    parts: simplified,
    iou: rleIou(rleFromParts(simplified, width, height), mask),
    vertices,
  };
}

/**
 * For each vertex, the largest tolerance at which it is left out no more, so that one pass serves
 * every tolerance and every budget. Three vertices that span the ring are always kept (Infinity).
 */
function vertexErrors(ring: Ring): Float64Array {
  const count = ring.length / 2;
  const errors = new Float64Array(count);
  const opposite = furthestVertex(ring, 0, count, 0, 0).vertex;
  errors[0] = Infinity;
  errors[opposite] = Infinity;
  const sides: [first: number, last: number, limit: number][] = [
    [0, opposite, Infinity],
    [opposite, count, Infinity],
  ];
  let third = { vertex: 0, distance: -1 };
  for (let side = sides.pop(); side; side = sides.pop()) {
    const [first, last, limit] = side;
    if (last - first < 2) continue;
    const { vertex, distance } = furthestVertex(ring, first + 1, last, first, last);
    if (limit === Infinity && distance > third.distance) third = { vertex, distance };
    const error = Math.min(distance, limit);
    errors[vertex] = error;
    sides.push([first, vertex, error], [vertex, last, error]);
  }
  errors[third.vertex] = Infinity;
  return errors;
}

/**
 * Of the vertices [first, end), the one furthest from the segment between two others (counted
 * around).
 */
function furthestVertex(
  ring: Ring,
  first: number,
  end: number,
  from: number,
  to: number,
): { vertex: number; distance: number } {
  const [x0, y0] = [ring[(2 * from) % ring.length]!, ring[(2 * from + 1) % ring.length]!];
  const [dx, dy] = [ring[(2 * to) % ring.length]! - x0, ring[(2 * to + 1) % ring.length]! - y0];
  const squaredLength = dx * dx + dy * dy;
  let furthest = first;
  let most = -1;
  for (let vertex = first; vertex < end; vertex++) {
    const [px, py] = [ring[2 * vertex]! - x0, ring[2 * vertex + 1]! - y0];
    const along = squaredLength === 0 ? 0 : (px * dx + py * dy) / squaredLength;
    const nearest = Math.min(1, Math.max(0, along));
    const squared = (px - nearest * dx) ** 2 + (py - nearest * dy) ** 2;
    if (squared > most) {
      most = squared;
      furthest = vertex;
    }
  }
  return { vertex: furthest, distance: Math.sqrt(most) };
}

/** The tolerance that keeps as many vertices as a budget allows. */
function errorAtBudget(errors: readonly Float64Array[], budget: number): number {
  const all = Float64Array.from(errors.flatMap((ofRing) => Array.from(ofRing)))
    .sort()
    .reverse();
  return all[budget] ?? -1;
}

function verticesAbove(ring: Ring, errors: Float64Array, tolerance: number): Ring {
  return ring.filter(
    (_, index) => errors[index >> 1]! > tolerance || errors[index >> 1] === Infinity,
  );
}
