import { AppError } from '../errors.ts';
import { rleFromRuns } from './rle.ts';
import { combineRuns, type Runs } from './runs.ts';
import type { Part, Ring, Rle } from './shapes.ts';

/**
 * Polygons to masks exactly as pycocotools does it (`rleFrPoly` in cocoapi's common/maskApi.c), which is not
 * the pixel-centre rule. Our records use this rule too, so that a polygon that leaves as COCO has the pixels,
 * the area and the box that we stored.
 */

/**
 * The union of polygons, as pycocotools decodes `segmentation: [[x0, y0, …], …]`; holes cannot be expressed.
 * @throws AppError `invalid-input` for coordinates that are not finite or absurdly far outside the image.
 */
export function rleFromCocoPolygons(polygons: readonly Ring[], width: number, height: number): Rle {
  return unite(
    polygons.map((polygon) => [polygon]),
    width,
    height,
  );
}

/**
 * The mask of parts: the rings of one part even-odd (so holes are cut out), parts united. What
 * {@link rleFromCocoPolygons} gives when there are no holes.
 * @throws AppError `invalid-input` for coordinates that are not finite or absurdly far outside the image.
 */
export function rleFromParts(parts: readonly Part[], width: number, height: number): Rle {
  return unite(
    parts.map(({ outer, holes }) => [outer, ...holes]),
    width,
    height,
  );
}

function unite(groups: readonly Ring[][], width: number, height: number): Rle {
  const total = width * height;
  let runs = groups.map((rings) => evenOddRuns(rings, width, height));
  if (runs.length === 0) runs = [Uint32Array.of(total)];
  // By pairs, so that each of many parts is merged a few times instead of with all before it.
  while (runs.length > 1) {
    runs = Array.from({ length: Math.ceil(runs.length / 2) }, (_, index) => {
      const [first, second] = [runs[2 * index]!, runs[2 * index + 1]];
      return second ? combineRuns(first, second, (inFirst, inSecond) => inFirst | inSecond) : first;
    });
  }
  return rleFromRuns([height, width], runs[0]!);
}

/** pycocotools walks outlines in steps of a fifth of a pixel. */
const cocoScale = 5;
/** In pixels; an outline reaching further would take seconds to walk and cannot be meant. */
const furthestCoordinate = 1e6;

/** Wherever an outline steps over the middle of a pixel column, that column changes at the height of the step. */
function evenOddRuns(rings: readonly Ring[], width: number, height: number): Runs {
  const changes: number[] = [];
  for (const ring of rings) {
    let [previousX, previousY] = [NaN, NaN];
    walkOutline(finePoints(ring), (x, y) => {
      if (x !== previousX) {
        const column = (Math.min(x, previousX) + 0.5) / cocoScale - 0.5;
        if (Number.isInteger(column) && column >= 0 && column < width) {
          const row = (Math.min(y, previousY) + 0.5) / cocoScale - 0.5;
          changes.push(column * height + Math.ceil(Math.min(Math.max(row, 0), height)));
        }
      }
      [previousX, previousY] = [x, y];
    });
  }
  return runsBetween(Float64Array.from(changes).sort(), width * height);
}

/** The vertices in fifths of a pixel, closed by repeating the first. */
function finePoints(polygon: Ring): number[] {
  const fine = polygon.map((value) => {
    if (Math.abs(value) <= furthestCoordinate) return Math.trunc(cocoScale * value + 0.5);
    throw new AppError(
      'invalid-input',
      `A polygon coordinate must be a number of pixels within ${furthestCoordinate} of the image, found ${value}.`,
    );
  });
  return [...fine, ...fine.slice(0, 2)];
}

/** Visits every step of the outline, rounding as the C code does (towards zero after adding a half). */
function walkOutline(points: readonly number[], visit: (x: number, y: number) => void): void {
  for (let index = 0; index + 3 < points.length; index += 2) {
    const [x0, y0, x1, y1] = points.slice(index, index + 4) as [number, number, number, number];
    const dx = Math.abs(x1 - x0);
    const dy = Math.abs(y1 - y0);
    if (dx >= dy) {
      const [xs, ys, ye] = x0 > x1 ? [x1, y1, y0] : [x0, y0, y1];
      const slope = dx === 0 ? 0 : (ye - ys) / dx;
      const from = x0 - xs;
      const direction = x0 > x1 ? -1 : 1;
      for (let step = 0, t = from; step <= dx; step++, t += direction) {
        visit(xs + t, Math.trunc(ys + slope * t + 0.5));
      }
    } else {
      const [ys, xs, xe] = y0 > y1 ? [y1, x1, x0] : [y0, x0, x1];
      const slope = (xe - xs) / dy;
      const from = y0 - ys;
      const direction = y0 > y1 ? -1 : 1;
      for (let step = 0, t = from; step <= dy; step++, t += direction) {
        visit(Math.trunc(xs + slope * t + 0.5), ys + t);
      }
    }
  }
}

/** Runs that change at the given sorted positions; two changes at one position cancel. */
function runsBetween(changes: Float64Array, total: number): Runs {
  const runs: number[] = [];
  let position = 0;
  for (let index = 0; index < changes.length; index++) {
    const change = changes[index]!;
    if (change === changes[index + 1]) {
      index++;
    } else if (change < total) {
      runs.push(change - position);
      position = change;
    }
  }
  return Uint32Array.from([...runs, total - position]);
}
