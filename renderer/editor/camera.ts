import type { Point } from '../../core/geometry/shapes.ts';
import type { Size } from './tools/bounds.ts';

/** How the image lies on the screen: screen = image * scale + offset, in CSS pixels of the canvas. */
export interface Camera {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const smallestScale = 0.01;
export const largestScale = 64;
const fitMarginPx = 32;

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

/** The whole image, centred; a small image is not blown up beyond four times its size. */
export function fit(image: Size, viewport: Size): Camera {
  const scale = Math.min(
    Math.max(viewport.width - 2 * fitMarginPx, 1) / image.width,
    Math.max(viewport.height - 2 * fitMarginPx, 1) / image.height,
    4,
  );
  return centred(image, viewport, scale);
}

/** The image in the middle of the viewport at a scale. */
export function centred(image: Size, viewport: Size, scale: number): Camera {
  return {
    scale,
    x: (viewport.width - image.width * scale) / 2,
    y: (viewport.height - image.height * scale) / 2,
  };
}
