import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Point } from '../../../core/geometry/shapes.ts';
import { fit, largestScale, toImage, toScreen, zoomAt } from '../../../renderer/editor/camera.ts';
import { View } from '../../../renderer/editor/view.svelte.ts';

const cameras = fc.record({
  scale: fc.double({ min: 0.05, max: 32, noNaN: true }),
  x: fc.double({ min: -2000, max: 2000, noNaN: true }),
  y: fc.double({ min: -2000, max: 2000, noNaN: true }),
});
const points: fc.Arbitrary<Point> = fc.tuple(
  fc.double({ min: 0, max: 2000, noNaN: true }),
  fc.double({ min: 0, max: 2000, noNaN: true }),
);

describe('the camera', () => {
  it('keeps the image point under the pointer while it zooms', () => {
    fc.assert(
      fc.property(
        cameras,
        points,
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (camera, at, factor) => {
          const [x, y] = toScreen(zoomAt(camera, at, factor), toImage(camera, at));
          expect(Math.hypot(x - at[0], y - at[1])).toBeLessThan(1e-6);
        },
      ),
    );
  });

  it('does not zoom beyond its limits', () => {
    expect(zoomAt({ scale: 60, x: 0, y: 0 }, [0, 0], 100).scale).toBe(largestScale);
  });

  it('shows the whole image when it fits it', () => {
    const camera = fit({ width: 4000, height: 1000 }, { width: 800, height: 600 });
    const [left, top] = toScreen(camera, [0, 0]);
    const [right, bottom] = toScreen(camera, [4000, 1000]);
    expect([left >= 0, top >= 0, right <= 800, bottom <= 600]).toEqual([true, true, true, true]);
  });
});

describe('the view', () => {
  const image = { width: 4000, height: 1000 };
  const small = { width: 800, height: 600 };
  const large = { width: 1600, height: 900 };

  it('goes on showing the whole image when the window changes its size', () => {
    const view = new View();
    view.show(image);
    for (const size of [small, large, small]) {
      view.resize(size);
      expect(view.camera).toEqual(fit(image, size));
    }
  });

  it('keeps the scale and the middle of an image that was zoomed', () => {
    const view = new View();
    view.show(image);
    view.resize(small);
    view.zoom(3, [10, 20]);
    const { scale } = view.camera;
    const middle = toImage(view.camera, [small.width / 2, small.height / 2]);
    view.resize(large);
    expect(view.camera.scale).toBe(scale);
    const [x, y] = toImage(view.camera, [large.width / 2, large.height / 2]);
    expect(x).toBeCloseTo(middle[0], 6);
    expect(y).toBeCloseTo(middle[1], 6);
  });
});
