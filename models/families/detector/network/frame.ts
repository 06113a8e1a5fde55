import type { Box } from '../../../../core/geometry/shapes.ts';
import type { Size } from '../../../image/resize-rule.ts';
import type { DetectorConfig } from '../config.ts';

/** How a photo lies in the graph's input. */
export interface Frame {
  readonly photo: Size;
  readonly input: Size;
  /** The photo as it is scaled, and where its upper left corner lies in the input. */
  readonly scaled: Size;
  readonly left: number;
  readonly top: number;
}

export function frameOf(
  { width, height }: Size,
  { fit, ...input }: Pick<DetectorConfig['image'], 'width' | 'height' | 'fit'>,
): Frame {
  const photo = { width, height };
  const whole = { width: input.width, height: input.height };
  if (fit === 'stretch') return { photo, input: whole, scaled: whole, left: 0, top: 0 };
  const scale = Math.min(input.width / width, input.height / height);
  const scaled = { width: roundEven(width * scale), height: roundEven(height * scale) };
  const isCentred = fit === 'letterbox';
  const left = isCentred ? placeOf(input.width - scaled.width) : 0;
  const top = isCentred ? placeOf(input.height - scaled.height) : 0;
  return { photo, input: whole, scaled, left, top };
}

/** Half of the empty pixels, of an odd number the smaller half, as ultralytics does it. */
function placeOf(empty: number): number {
  return Math.floor(empty / 2);
}

/** Halves to the even number, as Python rounds; at least 1. */
function roundEven(value: number): number {
  const floor = Math.floor(value);
  const isHalf = value - floor === 0.5;
  return Math.max(1, isHalf ? floor + (floor % 2) : Math.round(value));
}

/** Corners in pixels of the input as a box in pixels of the photo, cut off at its edges. */
export function boxInPhoto(corners: readonly number[], { photo, scaled, left, top }: Frame): Box {
  const [x0, y0, x1, y1] = corners as [number, number, number, number];
  const x = (value: number) => inside(((value - left) * photo.width) / scaled.width, photo.width);
  const y = (value: number) => inside(((value - top) * photo.height) / scaled.height, photo.height);
  return [x(x0), y(y0), Math.max(x(x1) - x(x0), 0), Math.max(y(y1) - y(y0), 0)];
}

function inside(value: number, limit: number): number {
  return Math.min(Math.max(value, 0), limit);
}
