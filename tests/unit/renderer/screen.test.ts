import { expect, test } from 'vitest';
import { setSmoothing } from '../../../renderer/canvas/screen.ts';

test.each([
  [2, 1, true],
  [2.01, 1, false],
  [1, 2, true],
  [1.01, 2, false],
])(
  'at a zoom of %d on a screen of %d device pixels an image is drawn smoothly: %s',
  (scale, ratio, isSmooth) => {
    const context = {} as CanvasRenderingContext2D;
    const viewport = { width: 100, height: 100 };
    setSmoothing({ context, camera: { x: 0, y: 0, scale }, viewport, ratio });
    expect(context.imageSmoothingEnabled).toBe(isSmooth);
  },
);
