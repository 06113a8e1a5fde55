import type { Box, Part, Point } from '../../../core/geometry/shapes.ts';
import {
  insertVertex,
  moveVertex,
  nearestEdge,
  nearestVertex,
  nextVertex,
  vertexAt,
  type VertexPlace,
} from '../../../core/geometry/vertices.ts';
import { isBoxOfKeypoints, isLabelled } from '../../../core/project/keypoints.ts';
import type { Annotation, Keypoint } from '../../../core/records.ts';
import { clampPoint, distance, type Size } from './bounds.ts';
import type { VectorGeometry } from './tool.ts';

/** In screen pixels. */
const vertexReachPx = 8;
const edgeReachPx = 5;
/** Shorter edges show no handle in their middle, for it would lie on the vertices. */
export const shortestEdgeWithMiddlePx = 36;

/** Corners and sides of a box, as the signs of the way from its middle. */
const boxSides = [-1, 0, 1] as const;
type Side = (typeof boxSides)[number];

/** A place at which the pointer can take hold of a region. */
export type Grip =
  | { readonly kind: 'vertex'; readonly place: VertexPlace; readonly at: Point }
  /** The middle of an edge: dragging it puts a vertex in. */
  | { readonly kind: 'middle'; readonly after: VertexPlace; readonly at: Point }
  | { readonly kind: 'edge'; readonly from: VertexPlace; readonly at: Point }
  | { readonly kind: 'side'; readonly toX: Side; readonly toY: Side; readonly at: Point };

/**
 * The outline of a region that the pointer can take hold of; null of a mask, a tag, and a box that
 * follows its keypoints.
 */
export function reshapableOutline(annotation: Annotation): VectorGeometry | null {
  const { geometry } = annotation;
  if (geometry.kind === 'mask' || geometry.kind === 'tag') return null;
  return isBoxOfKeypoints(annotation) ? null : geometry;
}

/** A labelled keypoint that the pointer can take hold of. */
export interface KeypointGrip {
  readonly kind: 'keypoint';
  readonly index: number;
  readonly at: Point;
}

/** The labelled keypoint nearest to a point, where one is within reach. */
export function keypointAt(
  keypoints: readonly Keypoint[],
  at: Point,
  screenPixel: number,
): KeypointGrip | null {
  const grips = keypoints.flatMap((point, index): KeypointGrip[] =>
    isLabelled(point) ? [{ kind: 'keypoint', index, at: [point[0], point[1]] }] : [],
  );
  const nearest = grips.sort((a, b) => distance(a.at, at) - distance(b.at, at))[0];
  return nearest && distance(nearest.at, at) <= vertexReachPx * screenPixel ? nearest : null;
}

/** The parts of an outline; a polyline is one part, whose closing edge is not part of the line. */
export function partsOf(geometry: Exclude<VectorGeometry, { kind: 'box' }>): readonly Part[] {
  return geometry.kind === 'polygon'
    ? geometry.parts
    : [{ outer: [...geometry.points], holes: [] }];
}

/** The outline of changed parts, of the kind that the region is of. */
function outlineWith(
  geometry: Exclude<VectorGeometry, { kind: 'box' }>,
  parts: Part[],
): VectorGeometry {
  return geometry.kind === 'polygon'
    ? { kind: 'polygon', parts }
    : { kind: 'polyline', points: parts[0]!.outer };
}

/** The handle under the pointer; vertices come before edge middles, and these before edges. */
export function gripAt(geometry: VectorGeometry, at: Point, screenPixel: number): Grip | null {
  const vertexReach = vertexReachPx * screenPixel;
  if (geometry.kind === 'box') {
    return (
      boxGrips(geometry.box)
        .filter((grip) => distance(grip.at, at) <= vertexReach)
        .sort((a, b) => distance(a.at, at) - distance(b.at, at))[0] ?? null
    );
  }
  const parts = partsOf(geometry);
  const place = nearestVertex(parts, at, vertexReach);
  if (place) return { kind: 'vertex', place, at: vertexAt(parts, place) };
  const edge = nearestEdge(parts, at, vertexReach);
  if (!edge) return null;
  const isOpenEnd = edge.from.vertex === parts[0]!.outer.length / 2 - 1;
  if (geometry.kind === 'polyline' && isOpenEnd) return null;
  const middle = middleOf(parts, edge.from, screenPixel);
  if (middle && distance(middle, at) <= vertexReach)
    return { kind: 'middle', after: edge.from, at: middle };
  if (distance(edge.at, at) > edgeReachPx * screenPixel) return null;
  return { kind: 'edge', from: edge.from, at: edge.at };
}

/** The middle of an edge that is long enough on the screen to be taken hold of there. */
export function middleOf(
  parts: readonly Part[],
  from: VertexPlace,
  screenPixel: number,
): Point | null {
  const start = vertexAt(parts, from);
  const end = vertexAt(parts, nextVertex(parts, from));
  if (distance(start, end) < shortestEdgeWithMiddlePx * screenPixel) return null;
  return [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2];
}

/** The eight handles of a box. */
export function boxGrips([x, y, width, height]: Box): (Grip & { kind: 'side' })[] {
  return boxSides.flatMap((toX) =>
    boxSides
      .filter((toY) => toX !== 0 || toY !== 0)
      .map((toY) => ({
        kind: 'side' as const,
        toX,
        toY,
        at: [x + ((toX + 1) / 2) * width, y + ((toY + 1) / 2) * height] satisfies Point,
      })),
  );
}

/** The region with what was taken hold of dragged to another point, inside the image. */
export function dragGrip(
  geometry: VectorGeometry,
  grip: Grip,
  to: Point,
  size: Size,
): VectorGeometry {
  if (geometry.kind === 'box')
    return grip.kind === 'side'
      ? { kind: 'box', box: dragSide(geometry.box, grip, to, size) }
      : geometry;
  const parts = partsOf(geometry);
  switch (grip.kind) {
    case 'vertex':
      return outlineWith(geometry, moveVertex(parts, grip.place, clampPoint(to, size)));
    case 'middle':
      return outlineWith(geometry, insertVertex(parts, grip.after, clampPoint(to, size)));
    case 'edge':
      return outlineWith(geometry, dragEdge(parts, grip, to, size));
    case 'side':
      return geometry;
  }
}

/** Both ends of the edge go the same way, and stop together at the image's border. */
function dragEdge(
  parts: readonly Part[],
  grip: Grip & { kind: 'edge' },
  to: Point,
  size: Size,
): Part[] {
  const next = nextVertex(parts, grip.from);
  const ends = [vertexAt(parts, grip.from), vertexAt(parts, next)];
  const [dx, dy] = ends.reduce<Point>(
    ([x, y], end) => {
      const [endX, endY] = clampPoint([end[0] + x, end[1] + y], size);
      return [endX - end[0], endY - end[1]];
    },
    [to[0] - grip.at[0], to[1] - grip.at[1]],
  );
  const [[x0, y0], [x1, y1]] = ends as [Point, Point];
  return moveVertex(moveVertex(parts, grip.from, [x0 + dx, y0 + dy]), next, [x1 + dx, y1 + dy]);
}

/** Sides stay on whole pixels, and a box keeps a pixel at least. */
function dragSide(
  [x, y, width, height]: Box,
  grip: Grip & { kind: 'side' },
  to: Point,
  size: Size,
): Box {
  const [toX, toY] = clampPoint(to, size).map(Math.round) as [number, number];
  const [left, right] = dragEnd(x, x + width, grip.toX, toX);
  const [top, bottom] = dragEnd(y, y + height, grip.toY, toY);
  return [left, top, right - left, bottom - top];
}

/** The span after one of its ends was dragged, past the other one if need be. */
function dragEnd(start: number, end: number, side: Side, to: number): [number, number] {
  if (side === 0) return [start, end];
  const fixed = side < 0 ? end : start;
  if (to === fixed) return side < 0 ? [fixed - 1, fixed] : [fixed, fixed + 1];
  return [Math.min(fixed, to), Math.max(fixed, to)];
}
