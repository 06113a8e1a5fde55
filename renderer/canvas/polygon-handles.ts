import type { Part, Point } from '../../core/geometry/shapes.ts';
import { ringsOf } from '../../core/geometry/vertices.ts';
import { shortestEdgeWithMiddlePx } from '../editor/tools/grips.ts';
import type { Sight } from './thinned-ring.ts';

/** Vertices nearer than this on the screen to the one drawn before get no handle of their own. */
const handleSpacingPx = 9;
/** More handles than this hide what they are on. */
const mostHandles = 5000;

export interface PolygonHandles {
  readonly vertices: readonly Point[];
  /** The middles of edges that are long enough to be taken hold of there. */
  readonly edges: readonly Point[];
}

/**
 * Where handles are shown on the part of a polygon that is in view; only some of them where they
 * would be too many.
 * @param isOpen of a line, whose end does not lead back to its start
 */
export function polygonHandles(
  parts: readonly Part[],
  { screenPixel, view: [left, top, width, height] }: Sight,
  isOpen = false,
): PolygonHandles {
  const vertices: Point[] = [];
  const edges: Point[] = [];
  const spacing = handleSpacingPx * screenPixel;
  const shortest = shortestEdgeWithMiddlePx * screenPixel;
  const isInView = (x: number, y: number) =>
    x >= left - spacing &&
    x <= left + width + spacing &&
    y >= top - spacing &&
    y <= top + height + spacing;
  for (const ring of parts.flatMap(ringsOf)) {
    let [beforeX, beforeY] = [Infinity, Infinity];
    for (let index = 0; index < ring.length; index += 2) {
      const [x, y] = [ring[index]!, ring[index + 1]!];
      const isLast = index + 2 >= ring.length;
      const next = isLast ? 0 : index + 2;
      const [nextX, nextY] = [ring[next]!, ring[next + 1]!];
      const isLong = (nextX - x) ** 2 + (nextY - y) ** 2 >= shortest ** 2;
      const middle: Point = [(x + nextX) / 2, (y + nextY) / 2];
      if (isLong && !(isOpen && isLast) && isInView(...middle)) edges.push(middle);
      if ((x - beforeX) ** 2 + (y - beforeY) ** 2 < spacing ** 2 || !isInView(x, y)) continue;
      vertices.push([x, y]);
      [beforeX, beforeY] = [x, y];
    }
  }
  return { vertices: atMost(vertices), edges: atMost(edges) };
}

function atMost(points: readonly Point[]): readonly Point[] {
  const every = Math.ceil(points.length / mostHandles);
  return points.filter((_, index) => index % every === 0);
}
