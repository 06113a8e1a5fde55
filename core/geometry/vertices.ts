import type { Box, Part, Point, Ring } from './shapes.ts';

/**
 * Where a vertex stands: its part, the ring in it (0 is the outer one, then the holes) and its
 * place in the ring.
 */
export interface VertexPlace {
  readonly part: number;
  readonly ring: number;
  readonly vertex: number;
}

/** By what coordinates are multiplied. */
interface Factor {
  readonly x: number;
  readonly y: number;
}

export function ringsOf({ outer, holes }: Part): readonly Ring[] {
  return [outer, ...holes];
}

export function movePart({ outer, holes }: Part, dx: number, dy: number): Part {
  return { outer: moveRing(outer, dx, dy), holes: holes.map((hole) => moveRing(hole, dx, dy)) };
}

/** Flat coordinates moved. */
export function moveRing(ring: Ring, dx: number, dy: number): Ring {
  return ring.map((value, index) => value + (index % 2 === 0 ? dx : dy));
}

export function scalePart({ outer, holes }: Part, factor: Factor): Part {
  return {
    outer: scaleRing(outer, factor),
    holes: holes.map((hole) => scaleRing(hole, factor)),
  };
}

/** Flat coordinates multiplied. */
export function scaleRing(ring: Ring, { x, y }: Factor): Ring {
  return ring.map((value, index) => value * (index % 2 === 0 ? x : y));
}

/** Whether no vertex lies outside an image. */
export function isRingInside(ring: Ring, width: number, height: number): boolean {
  return ring.every((value, index) => value >= 0 && value <= (index % 2 === 0 ? width : height));
}

/** The box around the vertices; it may have no width or no height. */
export function verticesBox(rings: readonly Ring[]): Box {
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (const ring of rings) {
    for (let index = 0; index < ring.length; index += 2) {
      left = Math.min(left, ring[index]!);
      right = Math.max(right, ring[index]!);
      top = Math.min(top, ring[index + 1]!);
      bottom = Math.max(bottom, ring[index + 1]!);
    }
  }
  return [left, top, right - left, bottom - top];
}

export function vertexAt(parts: readonly Part[], place: VertexPlace): Point {
  const ring = ringsOf(parts[place.part]!)[place.ring]!;
  return [ring[2 * place.vertex]!, ring[2 * place.vertex + 1]!];
}

/** The vertex that follows in its ring, around the end. */
export function nextVertex(parts: readonly Part[], place: VertexPlace): VertexPlace {
  const ring = ringsOf(parts[place.part]!)[place.ring]!;
  return { ...place, vertex: (place.vertex + 1) % (ring.length / 2) };
}

export function moveVertex(parts: readonly Part[], place: VertexPlace, [x, y]: Point): Part[] {
  return replaceRing(parts, place, (ring) => ring.toSpliced(2 * place.vertex, 2, x, y));
}

/** Puts a new vertex behind the given one. */
export function insertVertex(parts: readonly Part[], after: VertexPlace, [x, y]: Point): Part[] {
  return replaceRing(parts, after, (ring) => ring.toSpliced(2 * after.vertex + 2, 0, x, y));
}

/**
 * Takes a vertex out. A ring of three goes with it: a hole is filled, an outer ring takes its part
 * along, so the result can be empty.
 */
export function removeVertex(parts: readonly Part[], place: VertexPlace): Part[] {
  return replaceRing(parts, place, (ring) =>
    ring.length > 6 ? ring.toSpliced(2 * place.vertex, 2) : null,
  );
}

function replaceRing(
  parts: readonly Part[],
  place: VertexPlace,
  change: (ring: Ring) => Ring | null,
): Part[] {
  return parts.flatMap((part, index) => {
    if (index !== place.part) return [part];
    if (place.ring === 0) {
      const outer = change(part.outer);
      return outer ? [{ ...part, outer }] : [];
    }
    const changed = change(part.holes[place.ring - 1]!);
    return [
      { ...part, holes: part.holes.toSpliced(place.ring - 1, 1, ...(changed ? [changed] : [])) },
    ];
  });
}

/** The vertex nearest to a point within `reach`, in pixels. */
export function nearestVertex(
  parts: readonly Part[],
  [x, y]: Point,
  reach: number,
): VertexPlace | null {
  let nearest: VertexPlace | null = null;
  let least = reach * reach;
  parts.forEach((ofPart, part) =>
    ringsOf(ofPart).forEach((coordinates, ring) => {
      for (let index = 0; index < coordinates.length; index += 2) {
        const squared = (coordinates[index]! - x) ** 2 + (coordinates[index + 1]! - y) ** 2;
        if (squared > least) continue;
        least = squared;
        nearest = { part, ring, vertex: index / 2 };
      }
    }),
  );
  return nearest;
}

export interface EdgePoint {
  /** The vertex at which the edge begins. */
  readonly from: VertexPlace;
  /** The point of the edge that is nearest. */
  readonly at: Point;
}

/** The edge nearest to a point within `reach`, in pixels. */
export function nearestEdge(parts: readonly Part[], point: Point, reach: number): EdgePoint | null {
  let nearest: EdgePoint | null = null;
  let least = reach * reach;
  parts.forEach((ofPart, part) =>
    ringsOf(ofPart).forEach((coordinates, ring) => {
      let [x0, y0] = [coordinates.at(-2)!, coordinates.at(-1)!];
      for (let index = 0; index < coordinates.length; index += 2) {
        const [x1, y1] = [coordinates[index]!, coordinates[index + 1]!];
        const at = nearestOnSegment(point, x0, y0, x1, y1);
        const squared = (at[0] - point[0]) ** 2 + (at[1] - point[1]) ** 2;
        if (squared <= least) {
          least = squared;
          const count = coordinates.length / 2;
          nearest = { from: { part, ring, vertex: (index / 2 + count - 1) % count }, at };
        }
        [x0, y0] = [x1, y1];
      }
    }),
  );
  return nearest;
}

function nearestOnSegment([x, y]: Point, x0: number, y0: number, x1: number, y1: number): Point {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const squaredLength = dx * dx + dy * dy;
  const along = squaredLength === 0 ? 0 : ((x - x0) * dx + (y - y0) * dy) / squaredLength;
  const nearest = Math.min(1, Math.max(0, along));
  return [x0 + nearest * dx, y0 + nearest * dy];
}

/** Whether a point is within `reach` pixels of an open line. */
export function isNearLine(line: readonly number[], point: Point, reach: number): boolean {
  for (let index = 2; index < line.length; index += 2) {
    const [x0, y0, x1, y1] = line.slice(index - 2, index + 2) as [number, number, number, number];
    const at = nearestOnSegment(point, x0, y0, x1, y1);
    if (Math.hypot(at[0] - point[0], at[1] - point[1]) <= reach) return true;
  }
  return false;
}
