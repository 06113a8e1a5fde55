import { AppError } from '../errors.ts';
import type { Geometry } from '../records.ts';
import { measureParts, runsFromParts } from './coco-polygon.ts';
import { squaredDistances } from './distance.ts';
import { boxRuns } from './raster.ts';
import {
  countsOf,
  decodeRle,
  decodeRleBox,
  encodeRle,
  rleFromRuns,
  rleRuns,
  runsArea,
  runsBox,
} from './rle.ts';
import type { Runs } from './runs.ts';
import type { Bitmap, Box, Part, Point, Ring, Rle } from './shapes.ts';
import { verticesBox } from './vertices.ts';

/**
 * The mask of a geometry in an image of the given size. Polygons become pixels by the rule of
 * pycocotools, so a reader of an export sees the mask that we show.
 * @throws AppError `invalid-input` when a mask has another size or a polygon has impossible
 * coordinates.
 */
export function geometryRle(geometry: Geometry, width: number, height: number): Rle {
  return geometry.kind === 'mask'
    ? maskOfSize(geometry.rle, width, height)
    : rleFromRuns([height, width], geometryRuns(geometry, width, height));
}

/** The runs of {@link geometryRle}. @throws AppError `invalid-input` likewise. */
function geometryRuns(geometry: Geometry, width: number, height: number): Runs {
  switch (geometry.kind) {
    case 'mask':
      return rleRuns(maskOfSize(geometry.rle, width, height));
    case 'polygon':
      return runsFromParts(geometry.parts, width, height);
    case 'box':
      return boxRuns(geometry.box, width, height);
    case 'polyline':
    case 'tag':
      return Uint32Array.of(width * height);
  }
}

/** Whether a geometry encloses pixels; a polyline and a tag of an image do not. */
export function enclosesPixels({ kind }: Geometry): boolean {
  return kind !== 'polyline' && kind !== 'tag';
}

/**
 * Whether a geometry should enclose pixels and encloses none.
 * @param area its area in pixels
 */
export function isEmptyShape(geometry: Geometry, area: number): boolean {
  return area === 0 && enclosesPixels(geometry);
}

/**
 * The pixels of a geometry: their number, their tight box, and their mask, which is written only
 * when it is asked for.
 */
export class MeasuredMask {
  readonly area: number;
  readonly bbox: Box;
  readonly #size: readonly [height: number, width: number];
  readonly #runs: Runs;
  #rle: Rle | null;

  constructor(size: readonly [height: number, width: number], runs: Runs, rle: Rle | null = null) {
    this.area = runsArea(runs);
    this.bbox = runsBox(runs, size);
    this.#size = size;
    this.#runs = runs;
    this.#rle = rle;
  }

  get rle(): Rle {
    return (this.#rle ??= { size: [...this.#size], counts: countsOf(this.#runs) });
  }
}

/**
 * {@link geometryRle} with its measures, for which it is not decoded again.
 * @throws AppError `invalid-input` likewise.
 */
export function measuredMask(geometry: Geometry, width: number, height: number): MeasuredMask {
  const runs = geometryRuns(geometry, width, height);
  return new MeasuredMask([height, width], runs, geometry.kind === 'mask' ? geometry.rle : null);
}

/**
 * The measures of a mask as it stands in a file.
 * @throws AppError `invalid-input` as {@link rleRuns}.
 */
export function measureRle(rle: Rle): MeasuredMask {
  return new MeasuredMask(rle.size, rleRuns(rle), rle);
}

function maskOfSize(rle: Rle, width: number, height: number): Rle {
  if (rle.size[0] === height && rle.size[1] === width) return rle;
  throw new AppError(
    'invalid-input',
    `A mask must have its image's size, ${width} x ${height} pixels; found one of ${rle.size[1]} x ${rle.size[0]}.`,
  );
}

/** The pixels of {@link geometryRle}. @throws AppError `invalid-input` likewise. */
export function geometryBitmap(geometry: Geometry, width: number, height: number): Bitmap {
  return decodeRle(geometryRle(geometry, width, height));
}

/**
 * The tight box of the geometry's pixels; of a box geometry the box itself, of a polyline that of
 * its vertices, of a tag the image.
 * @throws AppError `invalid-input` as {@link geometryRle}.
 */
export function geometryBox(geometry: Geometry, width: number, height: number): Box {
  return geometryMeasures(geometry, width, height).bbox;
}

/**
 * The number of the geometry's pixels; of a box geometry its width times its height.
 * @throws AppError `invalid-input` as {@link geometryRle}.
 */
export function geometryArea(geometry: Geometry, width: number, height: number): number {
  return geometryMeasures(geometry, width, height).area;
}

/** {@link geometryBox} and {@link geometryArea} at once, for the pixels are counted only once. */
export function geometryMeasures(
  geometry: Geometry,
  width: number,
  height: number,
): { readonly bbox: Box; readonly area: number } {
  if (geometry.kind === 'box') {
    return { bbox: geometry.box, area: geometry.box[2] * geometry.box[3] };
  }
  if (geometry.kind === 'polygon') return measureParts(geometry.parts, width, height);
  if (geometry.kind === 'polyline') return { bbox: verticesBox([geometry.points]), area: 0 };
  if (geometry.kind === 'tag') return { bbox: [0, 0, width, height], area: 0 };
  const runs = geometryRuns(geometry, width, height);
  return { bbox: runsBox(runs, [height, width]), area: runsArea(runs) };
}

/**
 * Whether a point, in image pixels, lies in the geometry. Fast enough for hit tests: nothing is
 * decoded.
 */
export function pointInGeometry(geometry: Geometry, [x, y]: Point): boolean {
  switch (geometry.kind) {
    case 'mask':
      return pointInMask(geometry.rle, x, y);
    case 'polygon':
      return geometry.parts.some((part) => pointInPart(part, x, y));
    case 'box': {
      const [left, top, width, height] = geometry.box;
      return x >= left && y >= top && x < left + width && y < top + height;
    }
    case 'polyline':
    case 'tag':
      return false;
  }
}

function pointInMask(rle: Rle, x: number, y: number): boolean {
  const [height, width] = rle.size;
  if (!(x >= 0 && y >= 0 && x < width && y < height)) return false;
  const position = Math.floor(x) * height + Math.floor(y);
  let end = 0;
  const run = rleRuns(rle).findIndex((length) => (end += length) > position);
  return run % 2 === 1;
}

function pointInPart({ outer, holes }: Part, x: number, y: number): boolean {
  return [outer, ...holes].filter((ring) => pointInRing(ring, x, y)).length % 2 === 1;
}

function pointInRing(ring: Ring, x: number, y: number): boolean {
  let inside = false;
  let [x0, y0] = [ring.at(-2)!, ring.at(-1)!];
  for (let index = 0; index < ring.length; index += 2) {
    const [x1, y1] = [ring[index]!, ring[index + 1]!];
    if (y0 > y !== y1 > y && x < x0 + ((y - y0) * (x1 - x0)) / (y1 - y0)) inside = !inside;
    [x0, y0] = [x1, y1];
  }
  return inside;
}

/**
 * The centre of the pixel that is furthest from everything outside the mask, the image's border
 * included; the first in reading order among equals.
 * @throws AppError `invalid-input` when the mask is empty.
 */
export function deepestInsidePoint(bitmap: Bitmap): Point {
  const box = decodeRleBox(encodeRle(bitmap));
  if (box === null) {
    throw new AppError(
      'invalid-input',
      'An empty mask has no inside; expected at least one pixel.',
    );
  }
  const inside = withBorder(box.bitmap);
  const distances = squaredDistances(inside);
  let deepest = 0;
  for (let index = 1; index < distances.length; index++) {
    if (distances[index]! > distances[deepest]!) deepest = index;
  }
  const column = deepest % inside.width;
  return [box.left + column - 0.5, box.top + (deepest - column) / inside.width - 0.5];
}

/** One outside pixel all around stands for everything beyond the tight box. */
function withBorder({ width, height, data }: Bitmap): Bitmap {
  const bordered = new Uint8Array((width + 2) * (height + 2));
  for (let row = 0; row < height; row++) {
    bordered.set(data.subarray(row * width, (row + 1) * width), (row + 1) * (width + 2) + 1);
  }
  return { width: width + 2, height: height + 2, data: bordered };
}
