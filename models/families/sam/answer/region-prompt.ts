import { rleFromParts } from '../../../../core/geometry/coco-polygon.ts';
import { rleArea, rleUnion } from '../../../../core/geometry/rle.ts';
import type { Box, Point, Rle } from '../../../../core/geometry/shapes.ts';
import type { PromptMark, RegionPrompt } from '../../../../core/prompt.ts';
import type { Size } from '../../../image/resize-rule.ts';
import type { SignedPoint } from '../network/network.ts';
import { modelFailure } from '../../../sentences.ts';

/** The marks of a region, in pixels of the photo. */
export interface PointedRegion {
  /** Points in the order in which they were set; those of one stroke stay together. */
  readonly clicks: readonly (readonly SignedPoint[])[];
  /** The union of all boxes. */
  readonly box: Box | null;
  /** All masks and polygons together. */
  readonly mask: Rle | null;
}

/**
 * @throws AppError `prompt-outside-image` when a mark touches no pixel of the photo,
 * `invalid-input` when all marks say what is not meant or a mask has another size than the photo.
 */
export function pointedRegion({ marks }: RegionPrompt, image: Size): PointedRegion {
  if (marks.every((mark) => 'positive' in mark && !mark.positive)) {
    throw modelFailure('invalid-input', 'promptOnlyNegative', {});
  }
  for (const mark of marks) requireInside(mark, image);
  const boxes = marks.flatMap((mark) => (mark.kind === 'box' ? [inImage(mark.box, image)] : []));
  const masks = marks.flatMap((mark) => maskOf(mark, image) ?? []);
  return {
    clicks: marks.flatMap((mark) => clickOf(mark) ?? []),
    box: boxes.length === 0 ? null : boxes.reduce(around),
    mask: masks.length === 0 ? null : masks.reduce(rleUnion),
  };
}

/** Places on a stroke that stand for it: near both ends and in the middle. */
const strokePlaces = [1 / 6, 1 / 2, 5 / 6];

function clickOf(mark: PromptMark): readonly [readonly SignedPoint[]] | null {
  if (mark.kind === 'point') return [[{ at: mark.at, positive: mark.positive }]];
  if (mark.kind !== 'scribble') return null;
  const { points, positive } = mark;
  const indices = strokePlaces.map((share) => Math.round(share * (points.length - 1)));
  return [[...new Set(indices)].map((index) => ({ at: points[index]!, positive }))];
}

function maskOf(mark: PromptMark, { width, height }: Size): Rle | null {
  if (mark.kind === 'polygon') return rleFromParts(mark.parts, width, height);
  return mark.kind === 'mask' ? mark.rle : null;
}

function inImage([x, y, width, height]: Box, image: Size): Box {
  const [left, top] = [Math.max(x, 0), Math.max(y, 0)];
  const right = Math.min(x + width, image.width);
  const bottom = Math.min(y + height, image.height);
  return [left, top, right - left, bottom - top];
}

/** The smallest box around two. */
function around(a: Box, b: Box): Box {
  const [left, top] = [Math.min(a[0], b[0]), Math.min(a[1], b[1])];
  const right = Math.max(a[0] + a[2], b[0] + b[2]);
  const bottom = Math.max(a[1] + a[3], b[1] + b[3]);
  return [left, top, right - left, bottom - top];
}

function requireInside(mark: PromptMark, image: Size): void {
  const { width, height } = image;
  if (mark.kind === 'mask') {
    const [maskHeight, maskWidth] = mark.rle.size;
    if (maskWidth !== width || maskHeight !== height) {
      const found = `${maskWidth} x ${maskHeight}`;
      throw modelFailure('invalid-input', 'promptMaskSize', { width, height, found });
    }
  }
  if (touches(mark, image)) return;
  const where = mark.kind === 'point' ? ` at (${mark.at.join(', ')})` : '';
  throw modelFailure('prompt-outside-image', 'promptOutsideImage', {
    kind: mark.kind,
    where,
    width,
    height,
  });
}

function touches(mark: PromptMark, image: Size): boolean {
  const isInside = ([x, y]: Point) => x >= 0 && y >= 0 && x < image.width && y < image.height;
  switch (mark.kind) {
    case 'point':
      return isInside(mark.at);
    case 'scribble':
      return mark.points.some(isInside);
    case 'box': {
      const [x, y, width, height] = mark.box;
      const reaches = x + width > 0 && y + height > 0 && x < image.width && y < image.height;
      return reaches || isInside([x, y]);
    }
    case 'polygon':
      return rleArea(rleFromParts(mark.parts, image.width, image.height)) > 0;
    case 'mask':
      return rleArea(mark.rle) > 0;
  }
}
