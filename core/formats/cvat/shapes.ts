import type { AppError } from '../../errors.ts';
import { encodeRleAt } from '../../geometry/placed-rle.ts';
import type { Point } from '../../geometry/shapes.ts';
import type { RowShape } from '../dataset-row.ts';
import { describe } from '../describe.ts';
import { ellipseCorners, ellipseOutline, turnedBox } from '../outlines.ts';
import { regionProblem } from '../region-sentences.ts';
import { bitmapOfRowRuns } from '../row-major-runs.ts';
import type { Attributes, XmlNode } from '../xml.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Elements of an image that are kept as they stand; a skeleton where its label defines none. */
export const bareElements: ReadonlySet<string> = new Set(['points', 'skeleton', 'cuboid']);

/**
 * The region of an element.
 * @param size of the image; null where the file does not say
 * @throws AppError `invalid-input` whose message is a clause about what is wrong.
 */
export function readShape(
  { element, attributes }: XmlNode,
  size: Size | null,
  doubt: (problem: AppError) => void,
): RowShape {
  switch (element) {
    case 'box':
      return readBox(attributes, doubt);
    case 'polygon': {
      const points = readPoints(attributes['points']);
      if (points.length < 6) {
        const found = String(points.length / 2);
        throw regionProblem('regionPointsWrong', {
          type: element,
          expected: '3 points or more',
          found,
        });
      }
      return { kind: 'polygon', parts: [{ outer: points, holes: [] }] };
    }
    case 'polyline': {
      const points = readPoints(attributes['points']);
      if (points.length >= 4) return { kind: 'polyline', points };
      const parts = {
        type: element,
        expected: '2 points or more',
        found: String(points.length / 2),
      };
      throw regionProblem('regionPointsWrong', parts);
    }
    case 'tag':
      return { kind: 'tag' };
    case 'ellipse': {
      const [cx, cy, rx, ry] = ['cx', 'cy', 'rx', 'ry'].map((key) => numberOf(attributes, key));
      const degrees = attributes['rotation'] ? numberOf(attributes, 'rotation') : 0;
      doubt(regionProblem('regionRounded', { type: element, corners: ellipseCorners }));
      const outer = ellipseOutline([cx!, cy!], [rx!, ry!], degrees);
      return { kind: 'polygon', parts: [{ outer, holes: [] }] };
    }
    case 'mask':
      return readMask(attributes, size);
    default:
      throw regionProblem('regionTypeUnknown', { found: `<${element}>` });
  }
}

/** A box may be turned about its centre, clockwise. */
function readBox(attributes: Attributes, doubt: (problem: AppError) => void): RowShape {
  const [left, top, right, bottom] = ['xtl', 'ytl', 'xbr', 'ybr'].map((key) =>
    numberOf(attributes, key),
  );
  const box = [left!, top!, right! - left!, bottom! - top!] as [number, number, number, number];
  const degrees = attributes['rotation'] ? numberOf(attributes, 'rotation') % 360 : 0;
  if (degrees === 0) return { kind: 'box', box };
  doubt(regionProblem('regionTurned', { degrees }));
  const centre: Point = [(left! + right!) / 2, (top! + bottom!) / 2];
  return { kind: 'polygon', parts: [{ outer: turnedBox(box, degrees, centre), holes: [] }] };
}

/** Run lengths along the rows of a box, beginning with zeros. */
function readMask(attributes: Attributes, size: Size | null): RowShape {
  if (size === null) throw regionProblem('regionImageSizeMissing', {});
  const [left, top, width, height] = ['left', 'top', 'width', 'height'].map((key) =>
    numberOf(attributes, key),
  ) as [number, number, number, number];
  const runs = (attributes['rle'] ?? '').split(',').map(Number);
  const isInside = width > 0 && height > 0 && width <= size.width && height <= size.height;
  if (!isInside) {
    throw regionProblem('regionMaskSize', { mask: { width, height }, expected: size });
  }
  const bitmap = bitmapOfRowRuns(runs, width, height);
  const rle = encodeRleAt({ bitmap, left, top }, size.width, size.height);
  return { kind: 'mask', rle };
}

/** `x,y;x,y`, as a flat list. */
function readPoints(text = ''): number[] {
  const values = text.split(';').map((pair) => pair.split(',').map(Number));
  if (values.every((pair) => pair.length === 2 && pair.every(Number.isFinite))) {
    return values.flat();
  }
  const parts = { key: 'points', expected: '"x,y;x,y;…"', found: describe(text) };
  throw regionProblem('regionRowWrong', parts);
}

function numberOf(attributes: Attributes, key: string): number {
  const text = attributes[key];
  const value = text === undefined || text.trim() === '' ? NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw regionProblem('regionRowWrong', { key, expected: 'a number', found: describe(text) });
}
