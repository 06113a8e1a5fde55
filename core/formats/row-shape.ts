import type { AppError } from '../errors.ts';
import { geometryMeasures } from '../geometry/region.ts';
import { rleRuns } from '../geometry/rle.ts';
import type { Box, Part, Ring, Rle } from '../geometry/shapes.ts';
import { scalePart, scaleRing } from '../geometry/vertices.ts';
import type { Geometry } from '../records.ts';
import type { RowShape, RowUnit } from './dataset-row.ts';
import { describe } from './describe.ts';
import type { Scale } from './scale.ts';
import { datasetProblem } from './sentences.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A region in pixels of its image, with its measures. */
export interface MeasuredShape {
  readonly geometry: Geometry;
  readonly bbox: Box;
  readonly area: number;
}

/**
 * A row's shape in pixels of the image as it lies on disk. A bad ring is left out with a doubt, as
 * long as a sound part remains; a box is cut to the image.
 * @param scale how much larger the photo is than the file says; null where it is not
 * @throws AppError `invalid-input` whose message is a clause about what is wrong.
 */
export function readShape(
  shape: RowShape,
  unit: RowUnit,
  image: Size,
  scale: Scale | null,
  warn: (doubt: AppError) => void,
): MeasuredShape {
  const factor = factorOf(unit, image, scale);
  switch (shape.kind) {
    case 'polygon': {
      const parts = soundParts(shape.parts, warn).map((part) =>
        factor === null ? part : scalePart(part, factor),
      );
      const geometry = { kind: 'polygon' as const, parts };
      return covering({ geometry, ...geometryMeasures(geometry, image.width, image.height) });
    }
    case 'mask': {
      if (unit !== 'pixel') throw datasetProblem('rowMaskUnit', {});
      const rle = maskOf(shape.rle, image);
      const geometry = { kind: 'mask' as const, rle };
      return covering({ geometry, ...geometryMeasures(geometry, image.width, image.height) });
    }
    case 'box': {
      const box = cutBox(scaledBox(shape.box, factor), image, warn);
      return { geometry: { kind: 'box', box }, bbox: box, area: box[2] * box[3] };
    }
    case 'polyline': {
      const written = soundLine(shape.points);
      const points = factor === null ? written : scaleRing(written, factor);
      const geometry = { kind: 'polyline' as const, points };
      return { geometry, ...geometryMeasures(geometry, image.width, image.height) };
    }
    case 'tag': {
      const geometry = { kind: 'tag' as const };
      return { geometry, ...geometryMeasures(geometry, image.width, image.height) };
    }
  }
}

function soundLine(points: readonly number[]): number[] {
  const isSound = points.length >= 4 && points.length % 2 === 0 && points.every(Number.isFinite);
  if (isSound) return [...points];
  throw datasetProblem('rowLineUnusable', { found: describe(points) });
}

/** By what coordinates are multiplied; null where they stay as they are, number by number. */
function factorOf(unit: RowUnit, { width, height }: Size, scale: Scale | null): Scale | null {
  switch (unit) {
    case 'pixel':
      return scale;
    case 'fraction':
      return { x: width, y: height };
    case 'percent':
      return { x: width / 100, y: height / 100 };
  }
}

function covering(shape: MeasuredShape): MeasuredShape {
  if (shape.area > 0) return shape;
  throw datasetProblem('rowShapeEmpty', {});
}

function soundParts(parts: readonly Part[], warn: (doubt: AppError) => void): Part[] {
  const problems: Parameters<typeof datasetProblem<'rowPartLeftOut'>>[1][] = [];
  const sound = parts.flatMap((part, index): Part[] => {
    const problem = ringProblem(part.outer);
    if (problem !== null) {
      problems.push({ part: index, problem, count: part.outer.length });
      return [];
    }
    const holes = part.holes.filter((hole) => {
      const holeProblem = ringProblem(hole);
      if (holeProblem !== null) {
        problems.push({ part: index, problem: holeProblem, count: hole.length });
      }
      return holeProblem === null;
    });
    return [holes.length === part.holes.length ? part : { outer: part.outer, holes }];
  });
  if (sound.length === 0) {
    const [first = { part: 0, problem: 'empty' as const, count: 0 }] = problems;
    throw datasetProblem('rowPartsUnusable', first);
  }
  for (const problem of problems) warn(datasetProblem('rowPartLeftOut', problem));
  return sound;
}

function ringProblem(ring: Ring): 'not-finite' | 'too-short' | 'odd' | null {
  if (!ring.every(Number.isFinite)) return 'not-finite';
  if (ring.length < 6) return 'too-short';
  return ring.length % 2 === 1 ? 'odd' : null;
}

function scaledBox([x, y, width, height]: Box, factor: Scale | null): Box {
  return factor === null
    ? [x, y, width, height]
    : [x * factor.x, y * factor.y, width * factor.x, height * factor.y];
}

/** @throws AppError where its runs do not fill the image. */
function maskOf(rle: Rle, { width, height }: Size): Rle {
  const [maskHeight, maskWidth] = rle.size;
  if (maskHeight !== height || maskWidth !== width) {
    const mask = { width: maskWidth, height: maskHeight };
    throw datasetProblem('rowMaskSize', { mask, image: { width, height } });
  }
  rleRuns(rle);
  return rle;
}

function cutBox(box: Box, { width, height }: Size, warn: (doubt: AppError) => void): Box {
  const found = describe(box);
  if (!box.every(Number.isFinite)) throw datasetProblem('rowBoxNotFinite', { found });
  const [x, y, boxWidth, boxHeight] = box;
  if (!(boxWidth > 0 && boxHeight > 0)) throw datasetProblem('rowBoxEmpty', { found });
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [right, bottom] = [Math.min(width, x + boxWidth), Math.min(height, y + boxHeight)];
  if (right <= left || bottom <= top) {
    throw datasetProblem('rowBoxOutside', { found, width, height });
  }
  const furthest = Math.max(left - x, top - y, x + boxWidth - right, y + boxHeight - bottom);
  if (furthest === 0) return box;
  // Fractions times pixels reach outside by what rounding does, which is not worth a word.
  if (furthest > roundingPixels) warn(datasetProblem('rowBoxCut', { found, width, height }));
  return [left, top, right - left, bottom - top];
}

const roundingPixels = 1e-6;
