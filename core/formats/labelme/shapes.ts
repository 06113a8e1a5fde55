import type { Point } from '../../geometry/shapes.ts';
import { encodeRleAt } from '../../geometry/placed-rle.ts';
import { bytesOfBase64 } from '../base64.ts';
import type { RowShape } from '../dataset-row.ts';
import { describe } from '../describe.ts';
import { type JsonObject } from '../json-values.ts';
import { ellipseCorners, ellipseOutline } from '../outlines.ts';
import { maskOfPng } from '../png-pixels.ts';
import { regionProblem } from '../region-sentences.ts';
import type { AppError } from '../../errors.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Shapes of labelme that are kept as they stand, and how many points each has; null: any. */
const bareShapes: Readonly<Record<string, number | null>> = { point: 1, points: null };

/** Whether labelme knows the shape but it is none of ours. */
export function isBareShape(type: string): boolean {
  return Object.hasOwn(bareShapes, type);
}

/**
 * The region of a shape.
 * @param size as the file says; a mask cannot be placed without
 * @throws AppError `invalid-input` whose message is a clause about what is wrong.
 */
export function readShape(
  shape: JsonObject,
  size: Size | null,
  doubt: (problem: AppError) => void,
): RowShape {
  const type = typeOf(shape);
  const points = readPoints(shape['points']);
  const need = (isRight: boolean, expected: string): void => {
    if (isRight) return;
    throw regionProblem('regionPointsWrong', { type, expected, found: String(points.length) });
  };
  switch (type) {
    case 'polygon':
    case 'oriented_rectangle':
      need(type === 'polygon' ? points.length >= 3 : points.length === 4, neededOf[type]);
      return { kind: 'polygon', parts: [{ outer: points.flat(), holes: [] }] };
    case 'rectangle':
      // Of a rectangle that was drawn in an old version, or by another tool, there may be all four
      // corners.
      need(points.length === 2 || points.length === 4, neededOf[type]);
      return { kind: 'box', box: boxAround(points) };
    case 'line':
    case 'linestrip':
      need(type === 'line' ? points.length === 2 : points.length >= 2, neededOf[type]);
      return { kind: 'polyline', points: points.flat() };
    case 'circle': {
      need(points.length === 2, neededOf[type]);
      const [centre, edge] = points as [Point, Point];
      const radius = Math.hypot(edge[0] - centre[0], edge[1] - centre[1]);
      doubt(regionProblem('regionRounded', { type, corners: ellipseCorners }));
      const outer = ellipseOutline(centre, [radius, radius]);
      return { kind: 'polygon', parts: [{ outer, holes: [] }] };
    }
    case 'mask':
      need(points.length === 2, neededOf[type]);
      return readMask(shape['mask'], points as [Point, Point], size);
    default:
      throw regionProblem('regionTypeUnknown', { found: describe(shape['shape_type']) });
  }
}

const neededOf = {
  polygon: '3 points or more',
  oriented_rectangle: '4 points',
  rectangle: '2 points',
  line: '2 points',
  linestrip: '2 points or more',
  circle: '2 points',
  mask: '2 points',
} as const;

/** Files of the first versions have no `shape_type`: all shapes were polygons. */
export function typeOf({ shape_type: type }: JsonObject): string {
  return type === undefined || type === null ? 'polygon' : String(type);
}

function readPoints(value: unknown): Point[] {
  const isPoint = (point: unknown): boolean =>
    Array.isArray(point) && point.length === 2 && point.every(Number.isFinite);
  if (Array.isArray(value) && value.every(isPoint)) return value as Point[];
  const wrong = Array.isArray(value)
    ? (value as unknown[]).find((point) => !isPoint(point))
    : value;
  const parts = { key: 'points', expected: '[[x, y], …]', found: describe(wrong) };
  throw regionProblem('regionRowWrong', parts);
}

function boxAround(points: readonly Point[]): [number, number, number, number] {
  const across = points.map(([x]) => x);
  const down = points.map(([, y]) => y);
  const [left, top] = [Math.min(...across), Math.min(...down)];
  return [left, top, Math.max(...across) - left, Math.max(...down) - top];
}

/** A mask lies between its two points, whose pixels both belong to it. */
function readMask(value: unknown, [first, last]: [Point, Point], size: Size | null): RowShape {
  if (size === null) throw regionProblem('regionImageSizeMissing', {});
  const bytes = typeof value === 'string' ? bytesOfBase64(value) : null;
  if (bytes === null) {
    const parts = { key: 'mask', expected: 'a PNG in base64', found: describe(value) };
    throw regionProblem('regionRowWrong', parts);
  }
  const bitmap = maskOfPng(bytes);
  const [left, top] = [Math.round(first[0]), Math.round(first[1])];
  const expected = {
    width: Math.round(last[0]) - left + 1,
    height: Math.round(last[1]) - top + 1,
  };
  if (bitmap.width !== expected.width || bitmap.height !== expected.height) {
    const mask = { width: bitmap.width, height: bitmap.height };
    throw regionProblem('regionMaskSize', { mask, expected });
  }
  return { kind: 'mask', rle: encodeRleAt({ bitmap, left, top }, size.width, size.height) };
}
