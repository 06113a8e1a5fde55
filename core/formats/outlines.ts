import type { Point, Ring } from '../geometry/shapes.ts';

/**
 * Outlines of shapes that our records do not know; angles are in degrees, clockwise as seen on the
 * screen.
 */

/**
 * The corners of a box that is turned about a point, beginning with the one that was at its top
 * left.
 */
export function turnedBox(
  [x, y, width, height]: readonly [number, number, number, number],
  degrees: number,
  about: Point,
): Ring {
  const corners: Point[] = [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
  return corners.flatMap((corner) => turned(corner, degrees, about));
}

/** Corners of the outline that stands for a circle or an ellipse. */
export const ellipseCorners = 64;

/** An ellipse as an outline of {@link ellipseCorners} corners that has its area. */
export function ellipseOutline(
  centre: Point,
  [radiusX, radiusY]: readonly [number, number],
  degrees = 0,
): Ring {
  const step = (2 * Math.PI) / ellipseCorners;
  // A polygon inside the ellipse would be smaller by some pixels.
  const growth = Math.sqrt(step / Math.sin(step));
  return Array.from({ length: ellipseCorners }, (_, index): Point => {
    const [along, up] = [Math.cos(index * step), Math.sin(index * step)];
    return [centre[0] + radiusX * growth * along, centre[1] + radiusY * growth * up];
  }).flatMap((point) => turned(point, degrees, centre));
}

function turned([x, y]: Point, degrees: number, about: Point): Point {
  if (degrees === 0) return [x, y];
  const angle = (degrees * Math.PI) / 180;
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const [across, down] = [x - about[0], y - about[1]];
  return [about[0] + across * cosine - down * sine, about[1] + across * sine + down * cosine];
}
