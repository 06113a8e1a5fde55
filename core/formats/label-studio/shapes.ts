import type { AppError } from '../../errors.ts';
import { encodeRle } from '../../geometry/rle.ts';
import type { RowShape, RowUnit } from '../dataset-row.ts';
import { describe } from '../describe.ts';
import { listOf, type JsonObject } from '../json-values.ts';
import { ellipseCorners, ellipseOutline, turnedBox } from '../outlines.ts';
import { regionProblem } from '../region-sentences.ts';
import { decodeRlePack } from './rle-pack.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The kinds of regions, with and without labels of their own. */
const regionKinds: Readonly<Record<string, string>> = {
  rectanglelabels: 'rectangle',
  rectangle: 'rectangle',
  polygonlabels: 'polygon',
  polygon: 'polygon',
  ellipselabels: 'ellipse',
  ellipse: 'ellipse',
  brushlabels: 'brush',
  brush: 'brush',
};

/** The kind of region that a result is; null for all else. */
export function regionKind(type: unknown): string | null {
  return typeof type === 'string' ? (regionKinds[type.toLowerCase()] ?? null) : null;
}

/**
 * The region of a result, in pixels. Where the photo's size is unknown, boxes and outlines stay
 * percents of its sides, and what is turned, round or a mask cannot be placed.
 * @throws AppError `invalid-input` whose message is a clause.
 */
export function readShape(
  kind: string,
  value: JsonObject,
  size: Size | null,
  doubt: (problem: AppError) => void,
): { shape: RowShape; unit: RowUnit } {
  switch (kind) {
    case 'rectangle': {
      const box = ['x', 'y', 'width', 'height'].map((key) => numberOf(value, key)) as Box;
      const degrees = Number(value['rotation'] ?? 0) % 360;
      if (!degrees) {
        return size === null
          ? { shape: { kind: 'box', box }, unit: 'percent' }
          : { shape: { kind: 'box', box: inPixels(box, size) }, unit: 'pixel' };
      }
      doubt(regionProblem('regionTurned', { degrees }));
      const [x, y, width, height] = inPixels(box, needed(size));
      // Label Studio turns about the corner that was at the top left.
      return outline(turnedBox([x, y, width, height], degrees, [x, y]));
    }
    case 'polygon': {
      const points = readPoints(value['points']);
      if (size === null) return { ...outline(points), unit: 'percent' };
      const sides = [size.width, size.height] as const;
      return outline(points.map((each, index) => pixelsOfPercent(each, sides[index % 2]!)));
    }
    case 'ellipse': {
      const box = ['x', 'y', 'radiusX', 'radiusY'].map((key) => numberOf(value, key)) as Box;
      doubt(regionProblem('regionRounded', { type: kind, corners: ellipseCorners }));
      const [x, y, radiusX, radiusY] = inPixels(box, needed(size));
      return outline(
        ellipseOutline([x, y], [radiusX, radiusY], Number(value['rotation'] ?? 0) || 0),
      );
    }
    default: {
      const { width, height } = needed(size);
      const rle = listOf(value['rle']);
      const isBytes = rle.length > 0 && rle.every((byte) => Number.isInteger(byte));
      if (!isBytes) {
        const parts = { key: 'rle', expected: 'a list of bytes', found: describe(value['rle']) };
        throw regionProblem('regionRowWrong', parts);
      }
      const bitmap = decodeRlePack(rle as number[], width, height);
      return { shape: { kind: 'mask', rle: encodeRle(bitmap) }, unit: 'pixel' };
    }
  }
}

type Box = [number, number, number, number];

function inPixels([x, y, across, down]: Box, { width, height }: Size): Box {
  return [
    pixelsOfPercent(x, width),
    pixelsOfPercent(y, height),
    pixelsOfPercent(across, width),
    pixelsOfPercent(down, height),
  ];
}

/**
 * Without the last digits, in which percents of what was a whole number of pixels differ from it.
 */
function pixelsOfPercent(percent: number, side: number): number {
  return Math.round((percent / 100) * side * fraction) / fraction;
}

/** A pixel in parts that doubles hold exactly. */
const fraction = 2 ** 20;

function outline(outer: number[]): { shape: RowShape; unit: RowUnit } {
  return { shape: { kind: 'polygon', parts: [{ outer, holes: [] }] }, unit: 'pixel' };
}

function needed(size: Size | null): Size {
  if (size === null) throw regionProblem('regionImageSizeMissing', {});
  return size;
}

function numberOf(value: JsonObject, key: string): number {
  const found = value[key];
  if (typeof found === 'number' && Number.isFinite(found)) return found;
  throw regionProblem('regionRowWrong', { key, expected: 'a number', found: describe(found) });
}

function readPoints(value: unknown): number[] {
  const isPoint = (point: unknown): boolean =>
    Array.isArray(point) && point.length === 2 && point.every(Number.isFinite);
  if (Array.isArray(value) && value.length >= 3 && value.every(isPoint)) {
    return (value as number[][]).flat();
  }
  const expected = '3 points [x, y] or more';
  throw regionProblem('regionRowWrong', { key: 'points', expected, found: describe(value) });
}
