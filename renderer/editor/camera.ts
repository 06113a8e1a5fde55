import type { Point } from '../../core/geometry/shapes.ts';
import { plainInsets, type Insets } from './canvas-insets.ts';
import type { Size } from './tools/bounds.ts';

/**
 * How the image lies on the screen: screen = image * scale + offset, in CSS pixels of the canvas.
 */
export interface Camera {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const smallestScale = 0.01;
export const largestScale = 64;

export function toImage(camera: Camera, [x, y]: Point): Point {
  return [(x - camera.x) / camera.scale, (y - camera.y) / camera.scale];
}

export function toScreen(camera: Camera, [x, y]: Point): Point {
  return [x * camera.scale + camera.x, y * camera.scale + camera.y];
}

/** Multiplies the scale while the image point under `at` (screen) stays where it is. */
export function zoomAt(camera: Camera, at: Point, factor: number): Camera {
  const scale = Math.min(Math.max(camera.scale * factor, smallestScale), largestScale);
  const [x, y] = toImage(camera, at);
  return { scale, x: at[0] - x * scale, y: at[1] - y * scale };
}

export function pan(camera: Camera, deltaX: number, deltaY: number): Camera {
  return { ...camera, x: camera.x + deltaX, y: camera.y + deltaY };
}

/**
 * The whole image in the middle of what the insets leave free; a small image is not blown up
 * beyond four times its size.
 */
export function fit(image: Size, viewport: Size, insets = plainInsets): Camera {
  const { width, height } = freeOf(viewport, insets);
  return centred(image, viewport, Math.min(width / image.width, height / image.height, 4), insets);
}

/** The image in the middle of what the insets leave free, at a scale. */
export function centred(image: Size, viewport: Size, scale: number, insets = plainInsets): Camera {
  const { width, height } = freeOf(viewport, insets);
  return {
    scale,
    x: insets.left + (width - image.width * scale) / 2,
    y: insets.top + (height - image.height * scale) / 2,
  };
}

function freeOf({ width, height }: Size, { top, right, bottom, left }: Insets): Size {
  return { width: Math.max(width - left - right, 1), height: Math.max(height - top - bottom, 1) };
}
