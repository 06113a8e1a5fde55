import { AppError } from '../errors.ts';
import { rleFromCocoPolygons } from './coco-polygon.ts';
import { decodeRle } from './rle.ts';
import type { Runs } from './runs.ts';
import type { Bitmap, Box, Part, Point, Ring } from './shapes.ts';

/**
 * Shapes to pixels. The pixel-centre rule: pixel (c, r) belongs to a shape when its centre
 * (c + 0.5, r + 0.5) does; a centre on an edge belongs to the side of larger x.
 */

/**
 * Fills parts by the pixel-centre rule: the rings of one part even-odd (so holes are cut out),
 * parts united. The exact inverse of `traceMask`. Pixels outside the image are left out.
 * @throws AppError `invalid-input` for coordinates that are not finite.
 */
export function rasterizeParts(parts: readonly Part[], width: number, height: number): Bitmap {
  const data = new Uint8Array(width * height);
  for (const part of parts) fillPart(part, data, width, height);
  return { width, height, data };
}

/**
 * Flips, in each row, the pixels right of every edge; a running parity along the row then fills
 * the part.
 */
function fillPart(part: Part, data: Uint8Array, width: number, height: number): void {
  const [left, top, right, bottom] = ringPixels(part.outer, part.holes, width, height);
  const rowLength = right - left;
  if (rowLength <= 0 || bottom <= top) return;
  const flips = new Uint8Array(rowLength * (bottom - top));

  for (const ring of [part.outer, ...part.holes]) {
    let [x0, y0] = [ring.at(-2)!, ring.at(-1)!];
    for (let index = 0; index < ring.length; index += 2) {
      const [x1, y1] = [ring[index]!, ring[index + 1]!];
      const first = Math.max(top, Math.ceil(Math.min(y0, y1) - 0.5));
      const end = Math.min(bottom, Math.ceil(Math.max(y0, y1) - 0.5));
      for (let row = first; row < end; row++) {
        const x = x0 + ((row + 0.5 - y0) * (x1 - x0)) / (y1 - y0);
        const column = Math.max(left, Math.ceil(x - 0.5));
        if (column < right) flips[(row - top) * rowLength + column - left]! ^= 1;
      }
      [x0, y0] = [x1, y1];
    }
  }

  for (let row = top; row < bottom; row++) {
    let inside = 0;
    for (let column = left; column < right; column++) {
      inside ^= flips[(row - top) * rowLength + column - left]!;
      if (inside) data[row * width + column] = 1;
    }
  }
}

/** The range of pixels [left, top, right, bottom) that rings can cover, cut to the image. */
function ringPixels(
  outer: readonly number[],
  holes: readonly (readonly number[])[],
  width: number,
  height: number,
): [number, number, number, number] {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of [outer, ...holes]) {
    for (let index = 0; index + 1 < ring.length; index += 2) {
      const [x, y] = [ring[index]!, ring[index + 1]!];
      requireFinite(x, y);
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return [
    Math.max(0, Math.floor(left)),
    Math.max(0, Math.floor(top)),
    Math.min(width, Math.ceil(right)),
    Math.min(height, Math.ceil(bottom)),
  ];
}

function requireFinite(...values: number[]): void {
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong === undefined) return;
  throw new AppError(
    'invalid-input',
    `A coordinate or length must be a finite number of pixels, found ${wrong}.`,
  );
}

/**
 * The union of polygons exactly as pycocotools decodes `segmentation: [[x0, y0, …], …]`
 * (`frPyObjects` and `merge`). Holes cannot be expressed.
 * @throws AppError `invalid-input` for coordinates that are not finite or absurdly far outside the
 * image.
 */
export function rasterizeCocoPolygons(
  polygons: readonly Ring[],
  width: number,
  height: number,
): Bitmap {
  return decodeRle(rleFromCocoPolygons(polygons, width, height));
}

/**
 * A stroke with round ends through the points, by the pixel-centre rule. A stroke narrower than a
 * pixel's diagonal is drawn with that width, so that it never has gaps.
 * @param strokeWidth in pixels.
 * @throws AppError `invalid-input` for coordinates or a width that are not finite.
 */
export function rasterizeScribble(
  points: readonly Point[],
  strokeWidth: number,
  width: number,
  height: number,
): Bitmap {
  requireFinite(strokeWidth);
  const data = new Uint8Array(width * height);
  const radius = Math.max(strokeWidth, Math.SQRT2) / 2;
  points.forEach((to, index) => {
    requireFinite(...to);
    const [x0, y0] = points[index - 1] ?? to;
    const [dx, dy] = [to[0] - x0, to[1] - y0];
    const squaredLength = dx * dx + dy * dy;
    const left = Math.max(0, Math.floor(Math.min(x0, to[0]) - radius));
    const top = Math.max(0, Math.floor(Math.min(y0, to[1]) - radius));
    const right = Math.min(width, Math.ceil(Math.max(x0, to[0]) + radius));
    const bottom = Math.min(height, Math.ceil(Math.max(y0, to[1]) + radius));
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        const [px, py] = [column + 0.5 - x0, row + 0.5 - y0];
        const along = squaredLength === 0 ? 0 : (px * dx + py * dy) / squaredLength;
        const nearest = Math.min(1, Math.max(0, along));
        const distance = (px - nearest * dx) ** 2 + (py - nearest * dy) ** 2;
        if (distance <= radius * radius) data[row * width + column] = 1;
      }
    }
  });
  return { width, height, data };
}

/**
 * The runs of {@link rasterizeBox}, without its pixels.
 * @throws AppError `invalid-input` for numbers that are not finite.
 */
export function boxRuns(box: Box, width: number, height: number): Runs {
  const [left, top, right, bottom] = boxPixels(box, width, height);
  const total = width * height;
  if (left >= right || top >= bottom) return Uint32Array.of(total);
  const isWhole = bottom - top === height;
  const stripes = isWhole ? 1 : right - left;
  const length = isWhole ? (right - left) * height : bottom - top;
  const runs = new Uint32Array(2 * stripes + 1);
  for (let stripe = 0; stripe < stripes; stripe++) {
    runs[2 * stripe] = stripe === 0 ? left * height + top : height - length;
    runs[2 * stripe + 1] = length;
  }
  const last = total - (right - 1) * height - bottom;
  runs[2 * stripes] = last;
  return last === 0 ? runs.subarray(0, -1) : runs;
}

/** The first column and row of a box's pixels, and those after the last. */
function boxPixels(
  [x, y, boxWidth, boxHeight]: Box,
  width: number,
  height: number,
): [left: number, top: number, right: number, bottom: number] {
  requireFinite(x, y, boxWidth, boxHeight);
  return [
    Math.max(0, Math.ceil(x - 0.5)),
    Math.max(0, Math.ceil(y - 0.5)),
    Math.min(width, Math.ceil(x + boxWidth - 0.5)),
    Math.min(height, Math.ceil(y + boxHeight - 0.5)),
  ];
}

/**
 * A filled box by the pixel-centre rule, cut to the image.
 * @throws AppError `invalid-input` for numbers that are not finite.
 */
export function rasterizeBox(box: Box, width: number, height: number): Bitmap {
  const [left, top, right, bottom] = boxPixels(box, width, height);
  const data = new Uint8Array(width * height);
  for (let row = top; row < bottom && left < right; row++) {
    data.fill(1, row * width + left, row * width + right);
  }
  return { width, height, data };
}
