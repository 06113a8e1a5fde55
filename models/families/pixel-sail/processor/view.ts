import type { Look, ModelConfig } from '../config.ts';
import type { PixelBox } from '../../../image/resize.ts';
import { scaledTargetSize, targetSize, type Size } from '../../../image/resize-rule.ts';

/** The part of an image that the model is shown, and the size to which that part is scaled. */
export interface View {
  readonly part: PixelBox;
  /** Sides are multiples of the patch size. */
  readonly size: Size;
  /** Whether left and right are exchanged. */
  readonly mirrored?: boolean;
}

/**
 * The whole image, scaled by the reference's resize rule, after the long side was set where the
 * checkpoint asks for it.
 */
export function wholeView(image: Size, config: ModelConfig): View {
  const part = { left: 0, top: 0, width: image.width, height: image.height };
  return { part, size: viewSize(image, config.pixel_sail_studio.whole_side, config) };
}

/**
 * A window of the image's shape with a share of its sides, in the middle of which a box lies as
 * far as the edges of the image allow, shown as large as the whole image would be; null when the
 * box does not fit.
 */
export function windowView(
  image: Size,
  around: PixelBox,
  share: number,
  config: ModelConfig,
): View | null {
  const size = { width: Math.ceil(image.width * share), height: Math.ceil(image.height * share) };
  if (around.width > size.width || around.height > size.height) return null;
  const start = (middle: number, length: number, whole: number) =>
    Math.min(Math.max(Math.round(middle - length / 2), 0), whole - length);
  const left = start(around.left + around.width / 2, size.width, image.width);
  const top = start(around.top + around.height / 2, size.height, image.height);
  return { part: { left, top, ...size }, size: wholeView(image, config).size };
}

/** A cut around a box, grown by `margin` and scaled so that its long side is `side`. */
export function zoomView(image: Size, around: PixelBox, look: Look, config: ModelConfig): View {
  const part = grownBox(image, around, look.margin);
  return { part, size: viewSize(part, look.side, config), mirrored: look.mirrored };
}

/** A box grown on each side by `margin` times its long side, as far as the image goes. */
export function grownBox(image: Size, box: PixelBox, margin: number): PixelBox {
  const pixels = margin * Math.max(box.width, box.height);
  const left = Math.max(Math.round(box.left - pixels), 0);
  const top = Math.max(Math.round(box.top - pixels), 0);
  const right = Math.min(Math.round(box.left + box.width + pixels), image.width);
  const bottom = Math.min(Math.round(box.top + box.height + pixels), image.height);
  return { left, top, width: right - left, height: bottom - top };
}

function viewSize(size: Size, side: number | undefined, config: ModelConfig): Size {
  const rule = { patch: config.patch_size, maximumSide: config.max_image_side };
  return side === undefined ? targetSize(size, rule) : scaledTargetSize(size, side, rule);
}
