import type { Box } from '../../core/geometry/shapes.ts';
import type { Camera } from '../editor/camera.ts';
import type { Size } from '../editor/tools/bounds.ts';

/** Where pictures of the image plane are drawn. */
export interface Screen {
  /** Its transform is the identity: everything is placed in device pixels. */
  readonly context: CanvasRenderingContext2D;
  readonly camera: Camera;
  /** In CSS pixels. */
  readonly viewport: Size;
  /** Device pixels along the side of a CSS pixel. */
  readonly ratio: number;
}

/** Above this many device pixels an image pixel, single pixels are what the person wants to see. */
const sharpAbove = 2;

/** Device pixels along the side of an image pixel. */
export function deviceScale({ camera, ratio }: Screen): number {
  return camera.scale * ratio;
}

/** A box in image pixels as whole device pixels, so that neighbours meet without a seam. */
export function placeOf([x, y, width, height]: Box, { camera, ratio }: Screen): Box {
  const left = Math.round((x * camera.scale + camera.x) * ratio);
  const top = Math.round((y * camera.scale + camera.y) * ratio);
  const right = Math.round(((x + width) * camera.scale + camera.x) * ratio);
  const bottom = Math.round(((y + height) * camera.scale + camera.y) * ratio);
  return [left, top, right - left, bottom - top];
}

/** Lets image pixels be drawn smoothly or as squares, by how large they are. */
export function setSmoothing(screen: Screen): void {
  screen.context.imageSmoothingEnabled = deviceScale(screen) <= sharpAbove;
}
