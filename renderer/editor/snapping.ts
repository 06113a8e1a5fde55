import { outlineOf } from '../../core/geometry/edit.ts';
import type { Part, Point } from '../../core/geometry/shapes.ts';
import { nearestEdge, nearestVertex, vertexAt } from '../../core/geometry/vertices.ts';
import type { Geometry } from '../../core/records.ts';

/** Traced once for each region, since regions are replaced, not changed. */
const outlines = new WeakMap<Geometry, Part[]>();

function knownOutline(geometry: Geometry): Part[] {
  const known = outlines.get(geometry) ?? outlineOf(geometry);
  outlines.set(geometry, known);
  return known;
}

/**
 * The point of the regions' outlines nearest to `at` within `reach`, vertices before edges; null
 * when none is near.
 */
export function snapPoint(geometries: readonly Geometry[], at: Point, reach: number): Point | null {
  const parts = geometries.flatMap(knownOutline);
  const vertex = nearestVertex(parts, at, reach);
  if (vertex) return vertexAt(parts, vertex);
  return nearestEdge(parts, at, reach)?.at ?? null;
}
