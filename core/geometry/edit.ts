import type { Geometry } from '../records.ts';
import { combineParts, type PartOperation } from './boolean.ts';
import { rleFromParts } from './coco-polygon.ts';
import { encodeRleAt, rleOfTracedPart } from './placed-rle.ts';
import { enclosesPixels, geometryArea, geometryRle } from './region.ts';
import { decodeRleBox, rleArea, rleExclude, rleIntersect, rleSubtract, rleUnion } from './rle.ts';
import type { Box, Part, Rle } from './shapes.ts';
import { geometryFailure } from './sentences.ts';
import { splitRle } from './split-rle.ts';
import { traceRle } from './trace.ts';
import { isRingInside, movePart, moveRing } from './vertices.ts';

/**
 * Changes of whole regions. Vectors stay vectors where that is exact, masks are exact pixels;
 * every function takes the size of the image in pixels and throws AppError `invalid-input` as
 * `geometryRle` does.
 */

const onMasks: Readonly<Record<PartOperation, (a: Rle, b: Rle) => Rle>> = {
  union: rleUnion,
  subtract: rleSubtract,
  intersect: rleIntersect,
  exclude: rleExclude,
};

/**
 * A set operation of the first region with each of the others. Polygons and boxes give a polygon;
 * as soon as one is a mask the result is a mask. Null when no pixel is left.
 * @throws AppError `invalid-input` where one encloses no pixels.
 */
export function combineGeometries(
  first: Geometry,
  others: readonly Geometry[],
  operation: PartOperation,
  width: number,
  height: number,
): Geometry | null {
  requireInside(first, ...others);
  const partsOfAll = [first, ...others].map(vectorsOf);
  if (partsOfAll.every((parts) => parts !== null)) {
    const parts = partsOfAll.reduce((a, b) => combineParts(a, b, operation));
    const hasPixels = parts.length > 0 && rleArea(rleFromParts(parts, width, height)) > 0;
    return hasPixels ? { kind: 'polygon', parts } : null;
  }
  const rle = [first, ...others]
    .map((geometry) => geometryRle(geometry, width, height))
    .reduce(onMasks[operation]);
  return rleArea(rle) > 0 ? { kind: 'mask', rle } : null;
}

function requireInside(...geometries: readonly Geometry[]): void {
  if (geometries.every(enclosesPixels)) return;
  throw geometryFailure('invalid-input', 'nothingInside', {});
}

function vectorsOf(geometry: Geometry): Part[] | null {
  return geometry.kind === 'mask' ? null : outlineOf(geometry);
}

/**
 * The exact outline of a region; that of a mask runs along its pixel edges. Empty where it encloses
 * nothing.
 */
export function outlineOf(geometry: Geometry): Part[] {
  switch (geometry.kind) {
    case 'mask':
      return traceRle(geometry.rle);
    case 'polygon':
      return geometry.parts;
    case 'box':
      return [partOfBox(geometry.box)];
    case 'polyline':
    case 'tag':
      return [];
  }
}

function partOfBox([x, y, width, height]: Box): Part {
  return {
    outer: [x, y, x + width, y, x + width, y + height, x, y + height],
    holes: [],
  };
}

/** The region moved by whole pixels; pixels of a mask that leave the image are lost. */
export function moveGeometry(
  geometry: Geometry,
  [dx, dy]: readonly [number, number],
  width: number,
  height: number,
): Geometry {
  switch (geometry.kind) {
    case 'mask': {
      const placed = decodeRleBox(geometryRle(geometry, width, height));
      if (!placed) return geometry;
      const moved = { ...placed, left: placed.left + dx, top: placed.top + dy };
      return { kind: 'mask', rle: encodeRleAt(moved, width, height) };
    }
    case 'polygon':
      return { kind: 'polygon', parts: geometry.parts.map((part) => movePart(part, dx, dy)) };
    case 'box': {
      const [x, y, boxWidth, boxHeight] = geometry.box;
      return { kind: 'box', box: [x + dx, y + dy, boxWidth, boxHeight] };
    }
    case 'polyline':
      return { kind: 'polyline', points: moveRing(geometry.points, dx, dy) };
    case 'tag':
      return geometry;
  }
}

/**
 * One region for each connected part, the largest first; the region alone when it has only one. A
 * part of a polygon that covers no pixel stays with the largest.
 */
export function splitGeometry(geometry: Geometry, width: number, height: number): Geometry[] {
  switch (geometry.kind) {
    case 'mask': {
      const parts = splitRle(geometry.rle);
      return parts.length < 2 ? [geometry] : parts.map((rle) => ({ kind: 'mask', rle }));
    }
    case 'polygon': {
      const pieces = geometry.parts
        .map((part): Geometry => ({ kind: 'polygon', parts: [part] }))
        .map((piece) => ({ piece, area: geometryArea(piece, width, height) }))
        .sort((a, b) => b.area - a.area);
      const [visible, invisible] = [true, false].map((isVisible) =>
        pieces.filter(({ area }) => area > 0 === isVisible).map(({ piece }) => piece),
      );
      const [largest, ...smaller] = visible!;
      if (!largest || smaller.length === 0) return [geometry];
      const parts = [largest, ...invisible!].flatMap(outlineOf);
      return [{ kind: 'polygon', parts }, ...smaller];
    }
    case 'box':
    case 'polyline':
    case 'tag':
      return [geometry];
  }
}

/** The region without holes; parts that lay in a hole become one with what is around them. */
export function fillHoles(geometry: Geometry, width: number, height: number): Geometry {
  switch (geometry.kind) {
    case 'mask': {
      const parts = traceRle(geometry.rle);
      if (parts.every(({ holes }) => holes.length === 0)) return geometry;
      const rle = parts
        .map(({ outer }) => rleOfTracedPart({ outer, holes: [] }, width, height))
        .reduce(rleUnion);
      return { kind: 'mask', rle };
    }
    case 'polygon': {
      if (geometry.parts.every(({ holes }) => holes.length === 0)) return geometry;
      const filled = geometry.parts.map(({ outer }): Part => ({ outer, holes: [] }));
      const parts = filled.length === 1 ? filled : combineParts(filled, [], 'union');
      return { kind: 'polygon', parts };
    }
    case 'box':
    case 'polyline':
    case 'tag':
      return geometry;
  }
}

/**
 * The region as a polygon with the same pixels.
 * @throws AppError `invalid-input` where it encloses none.
 */
export function toPolygon(geometry: Geometry): Geometry {
  requireInside(geometry);
  return { kind: 'polygon', parts: outlineOf(geometry) };
}

/**
 * The region as a mask of its pixels.
 * @throws AppError `invalid-input` where it encloses none.
 */
export function toMask(geometry: Geometry, width: number, height: number): Geometry {
  requireInside(geometry);
  return { kind: 'mask', rle: geometryRle(geometry, width, height) };
}

/**
 * The region at the same place of an image of another size; what lies outside is cut off. Null
 * when nothing lies inside; of a line, when not all of it does.
 */
export function placeGeometry(geometry: Geometry, width: number, height: number): Geometry | null {
  switch (geometry.kind) {
    case 'mask': {
      const placed = decodeRleBox(geometry.rle);
      const rle = placed && encodeRleAt(placed, width, height);
      return rle && rleArea(rle) > 0 ? { kind: 'mask', rle } : null;
    }
    case 'polygon': {
      const isInside = geometry.parts.every(({ outer }) => isRingInside(outer, width, height));
      if (isInside) return geometry;
      const whole: Geometry = { kind: 'box', box: [0, 0, width, height] };
      return combineGeometries(geometry, [whole], 'intersect', width, height);
    }
    case 'box': {
      const [x, y, boxWidth, boxHeight] = geometry.box;
      const [left, top] = [Math.max(x, 0), Math.max(y, 0)];
      const [right, bottom] = [Math.min(x + boxWidth, width), Math.min(y + boxHeight, height)];
      if (right <= left || bottom <= top) return null;
      return { kind: 'box', box: [left, top, right - left, bottom - top] };
    }
    case 'polyline':
      return isRingInside(geometry.points, width, height) ? geometry : null;
    case 'tag':
      return geometry;
  }
}
