import type { AnswerMask } from '../../../../core/prompt.ts';
import { answerMask, clipMask } from '../../../answer/mask-pixels.ts';
import { geometryRle } from '../../../../core/geometry/region.ts';
import { rleArea } from '../../../../core/geometry/rle.ts';
import type { Box } from '../../../../core/geometry/shapes.ts';
import type { LogitMap } from '../../../answer/logit-map.ts';
import { scaleMap } from '../../../answer/scale-map.ts';
import type { PixelBox } from '../../../image/resize.ts';
import type { Detection } from '../network/detections.ts';
import { boxInPhoto, type Frame } from '../network/frame.ts';

/**
 * A detection as the mask of an answer: the pixels that the graph marks inside of its box, or the
 * box.
 */
export function objectMask(
  detection: Detection,
  frame: Frame,
  classes: readonly string[],
  threshold: number,
): AnswerMask {
  const box = boxInPhoto(detection.corners, frame);
  const rest = {
    score: Math.min(Math.max(detection.score, 0), 1),
    threshold,
    region: null,
    label: classes[detection.label]!,
  };
  const map = detection.mask();
  if (map === null) return { ...boxMask(box, frame), ...rest };
  const { width, height } = frame.photo;
  const shown = mapOfPhoto(map, frame);
  const part = { left: 0, top: 0, width, height };
  const whole = answerMask({ map: shown, part }, frame.photo, threshold);
  return { ...clipMask(whole, pixelsOf(box)), ...rest };
}

function boxMask(box: Box, { photo: { width, height } }: Frame) {
  const rle = geometryRle({ kind: 'box', box }, width, height);
  return { rle, area: rleArea(rle), bbox: box, isBox: true };
}

/** The pixels whose upper left corner lies in a box, which are those that ultralytics keeps. */
function pixelsOf([x, y, width, height]: Box): PixelBox {
  const [left, top] = [Math.ceil(x), Math.ceil(y)];
  return {
    left,
    top,
    width: Math.ceil(x + width) - left,
    height: Math.ceil(y + height) - top,
  };
}

/**
 * The logits that lie over the photo. The map is enlarged, up to the input's own size, until the
 * edges of the photo lie between its cells, as in the reference.
 */
function mapOfPhoto(map: LogitMap, { input, scaled, left, top }: Frame): LogitMap {
  const most = Math.max(1, Math.round(input.width / map.width));
  const edges = [left, top, scaled.width, scaled.height];
  let factor = 1;
  while (factor < most && edges.some((edge) => (edge * factor) % most !== 0)) factor *= 2;
  const size = { width: map.width * factor, height: map.height * factor };
  const { logits } = factor === 1 ? map : scaleMap(map, size, size);
  const x = (value: number) => Math.round((value * size.width) / input.width);
  const y = (value: number) => Math.round((value * size.height) / input.height);
  const width = Math.max(1, x(scaled.width));
  const height = Math.max(1, y(scaled.height));
  const kept = new Float32Array(width * height);
  for (let row = 0; row < height; row++) {
    const start = (row + y(top)) * size.width + x(left);
    kept.set(logits.subarray(start, start + width), row * width);
  }
  return { logits: kept, width, height };
}
