import type { Point } from '../../../../core/geometry/shapes.ts';
import { scaleMap } from '../../../answer/scale-map.ts';
import type { LogitMap } from '../../../answer/logit-map.ts';
import type { Size } from '../../../image/resize-rule.ts';
import type { SamConfig } from '../config.ts';

/** How a photo lies in what the network sees. */
export interface Frame {
  readonly image: Size;
  /** The photo as it is scaled for the network. */
  readonly scaled: Size;
  /**
   * The area of the logits of a mask; larger than `scaled` if the photo fills a part of a square.
   */
  readonly covered: Size;
}

/**
 * A graph that scales photos itself is shown larger ones at this many times the side of its
 * square.
 */
const mostSides = 2;

export function frameOf(image: Size, { side, fit }: SamConfig['image']): Frame {
  const { width, height } = image;
  const square = { width: side, height: side };
  if (fit === 'stretch') return { image: { width, height }, scaled: square, covered: square };
  const long = Math.max(width, height);
  const scale = fit === 'pad' ? side / long : Math.min(1, (mostSides * side) / long);
  const scaled = { width: roundUp(width * scale), height: roundUp(height * scale) };
  return { image: { width, height }, scaled, covered: fit === 'pad' ? square : scaled };
}

/** Halves up, as the references do; at least one pixel, where they would fail. */
function roundUp(length: number): number {
  return Math.max(1, Math.floor(length + 0.5));
}

/** A place in pixels of the photo, in the frame in which the network takes points. */
export function placeInFrame([x, y]: Point, { image, scaled }: Frame): Point {
  return [(x * scaled.width) / image.width, (y * scaled.height) / image.height];
}

/**
 * The logits that lie over the photo. Where it fills a part of a square, they are scaled to the
 * square's pixels first, and the rest is cut off, as in the reference; the photo's own size comes
 * after that.
 */
export function mapOfPhoto(map: LogitMap, { scaled, covered }: Frame): LogitMap {
  const isWhole = scaled.width === covered.width && scaled.height === covered.height;
  return isWhole ? map : scaleMap(map, covered, scaled);
}
