import { keyhole } from '../../geometry/holes.ts';
import { geometryRle } from '../../geometry/region.ts';
import type { Box, Part, Point, Ring } from '../../geometry/shapes.ts';
import { traceRle } from '../../geometry/trace.ts';
import { isRingInside, ringsOf } from '../../geometry/vertices.ts';
import type { Annotation, ImageRecord } from '../../records.ts';

/** Regions as the rows of YOLO have them, in pixels. */

/** A region as one outline. */
export interface OneRing {
  readonly ring: Ring;
  /** How many rings were joined. */
  readonly rings: number;
}

/**
 * A region as one outline with the same pixels: as it was drawn where that is one ring inside the
 * image, else along the edges of its pixels, with bridges without width between its rings. Null
 * where it covers no pixel.
 */
export function oneRing({ geometry }: Annotation, image: ImageRecord): OneRing | null {
  const drawn = geometry.kind === 'polygon' ? geometry.parts : null;
  if (drawn?.length === 1 && isInside(drawn[0]!, image)) return joined(drawn);
  const parts = traceRle(geometryRle(geometry, image.width, image.height));
  return parts.length === 0 ? null : joined(parts);
}

function isInside(part: Part, { width, height }: ImageRecord): boolean {
  return ringsOf(part).every((ring) => isRingInside(ring, width, height));
}

/**
 * Parts that do not overlap, so that even-odd filling of the one ring gives all of them without
 * their holes.
 */
function joined(parts: readonly Part[]): OneRing {
  const rings = parts.flatMap(({ outer, holes }) => [outer, ...holes]);
  const [first, ...others] = [...rings].sort((a, b) => leftEdge(a) - leftEdge(b));
  return { ring: keyhole({ outer: first!, holes: others }), rings: rings.length };
}

function leftEdge(ring: Ring): number {
  return ring.reduce(
    (least, value, index) => (index % 2 === 0 ? Math.min(least, value) : least),
    Infinity,
  );
}

/** The box of a region cut to its image; null where nothing lies inside. */
export function boxInside({ bbox }: Annotation, { width, height }: ImageRecord): Box | null {
  const [x, y, boxWidth, boxHeight] = bbox;
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [right, bottom] = [Math.min(width, x + boxWidth), Math.min(height, y + boxHeight)];
  return right > left && bottom > top ? [left, top, right - left, bottom - top] : null;
}

/** The corners of a box, clockwise from the top left. */
export function boxCorners([x, y, width, height]: Box): Ring {
  return [x, y, x + width, y, x + width, y + height, x, y + height];
}

/** Whether four corners are a turned box. */
export function isTurnedBox(ring: Ring): boolean {
  if (ring.length !== 8) return false;
  const [ax, ay, bx, by, cx, cy, dx, dy] = ring as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const side = [bx - ax, by - ay] as const;
  const next = [cx - bx, cy - by] as const;
  const scale = Math.hypot(...side) + Math.hypot(...next);
  const isParallelogram = Math.hypot(ax + cx - bx - dx, ay + cy - by - dy) < 1e-6 * scale;
  const isSquare = Math.abs(side[0] * next[0] + side[1] * next[1]) < 1e-6 * scale * scale;
  return isParallelogram && isSquare;
}

/**
 * The corners of the smallest turned box around points, which has a side along one of the sides of
 * their hull.
 */
export function smallestTurnedBox(points: Ring): Ring {
  const hull = convexHull(points);
  let least: { area: number; corners: Ring } | null = null;
  hull.forEach(([x0, y0], index) => {
    const [x1, y1] = hull[(index + 1) % hull.length]!;
    const length = Math.hypot(x1 - x0, y1 - y0);
    if (length === 0) return;
    const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const [x, y] of hull) {
      const [along, across] = [x * ux + y * uy, y * ux - x * uy];
      left = Math.min(left, along);
      right = Math.max(right, along);
      top = Math.min(top, across);
      bottom = Math.max(bottom, across);
    }
    const area = (right - left) * (bottom - top);
    if (least !== null && area >= least.area) return;
    const corner = (along: number, across: number): number[] => [
      along * ux - across * uy,
      along * uy + across * ux,
    ];
    const corners = [
      ...corner(left, top),
      ...corner(right, top),
      ...corner(right, bottom),
      ...corner(left, bottom),
    ];
    least = { area, corners };
  });
  const found = least as { corners: Ring } | null;
  return found?.corners ?? points.slice(0, 8);
}

/** Andrew's monotone chain. */
function convexHull(ring: Ring): Point[] {
  const points = Array.from({ length: ring.length / 2 }, (_, index): Point => [
    ring[2 * index]!,
    ring[2 * index + 1]!,
  ]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (ordered: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const point of ordered) {
      while (chain.length >= 2 && turn(chain.at(-2)!, chain.at(-1)!, point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(points), ...half(points.toReversed())];
}

function turn([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}
