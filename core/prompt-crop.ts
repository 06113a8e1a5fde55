import { encodeRleAt } from './geometry/placed-rle.ts';
import { decodeRleBox } from './geometry/rle.ts';
import type { Box, Point, Rle } from './geometry/shapes.ts';
import { movePart } from './geometry/vertices.ts';
import type { AnswerMask, MaskCandidate, ModelRequest, ModelResult, PromptMark } from './prompt.ts';

/** The same request in the frame of its crop, for a model that is given only those pixels. */
export function requestInCrop(request: ModelRequest, crop: Box): ModelRequest {
  if (request.task === 'everything') return { ...request, crop: undefined };
  const regions = request.regions.map(({ marks }) => ({
    marks: marks.map((mark) => markInCrop(mark, crop)),
  }));
  return { ...request, regions, crop: undefined };
}

function markInCrop(mark: PromptMark, crop: Box): PromptMark {
  const [left, top, width, height] = crop;
  const move = ([x, y]: Point): Point => [x - left, y - top];
  switch (mark.kind) {
    case 'point':
      return { ...mark, at: move(mark.at) };
    case 'box':
      return { ...mark, box: boxInCrop(mark.box, crop) };
    case 'scribble':
      return { ...mark, points: mark.points.map(move) };
    case 'polygon':
      return { ...mark, parts: mark.parts.map((part) => movePart(part, -left, -top)) };
    case 'mask':
      return { ...mark, rle: moveMask(mark.rle, [-left, -top], width, height) };
  }
}

/** The part of a box inside the crop, from its corner; empty if there is none. */
function boxInCrop([x, y, boxWidth, boxHeight]: Box, [left, top, width, height]: Box): Box {
  const inside = (value: number, limit: number) => Math.min(Math.max(value, 0), limit);
  const [x0, y0] = [inside(x - left, width), inside(y - top, height)];
  const [x1, y1] = [inside(x + boxWidth - left, width), inside(y + boxHeight - top, height)];
  return [x0, y0, x1 - x0, y1 - y0];
}

function moveMask(rle: Rle, [dx, dy]: Point, width: number, height: number): Rle {
  const placed = decodeRleBox(rle) ?? {
    bitmap: { width: 0, height: 0, data: new Uint8Array() },
    left: 0,
    top: 0,
  };
  return encodeRleAt({ ...placed, left: placed.left + dx, top: placed.top + dy }, width, height);
}

/** A mask that the model found in a crop, in the frame of the whole image of the given size. */
export function maskOfCrop<Mask extends MaskCandidate>(
  mask: Mask,
  [left, top]: Box,
  width: number,
  height: number,
): Mask {
  const [x, y, boxWidth, boxHeight] = mask.bbox;
  return {
    ...mask,
    rle: moveMask(mask.rle, [left, top], width, height),
    bbox: mask.area > 0 ? [x + left, y + top, boxWidth, boxHeight] : mask.bbox,
  };
}

/** The answer for a crop, in the frame of the whole image of the given size. */
export function resultOfCrop(
  result: ModelResult,
  crop: Box,
  width: number,
  height: number,
): ModelResult {
  const moved = <Mask extends MaskCandidate>(mask: Mask) => maskOfCrop(mask, crop, width, height);
  const inImage = (mask: AnswerMask): AnswerMask => {
    const { candidates } = mask;
    return { ...moved(mask), ...(candidates && { candidates: candidates.map(moved) }) };
  };
  return {
    ...result,
    answers: result.answers.map((answer) => ({ ...answer, masks: answer.masks.map(inImage) })),
  };
}
