import fc from 'fast-check';
import { expect, test } from 'vitest';
import { minimapBox, minimapSize } from '../../../renderer/editor/minimap.ts';
import { View } from '../../../renderer/editor/view.svelte.ts';

const image = { width: 4000, height: 2000 };

function viewOf(viewport: { width: number; height: number }): View {
  const view = new View();
  view.resize(viewport);
  view.show(image);
  return view;
}

test('an image that is shown whole has no minimap, a zoomed one shows what is in view', () => {
  const view = viewOf({ width: 800, height: 600 });
  expect(minimapBox(view.camera, view.viewport, image)).toBeNull();
  view.showActualSize();
  const [, , width, height] = minimapBox(view.camera, view.viewport, image)!;
  expect([width, height]).toEqual([0.2, 0.3]);
  expect(minimapSize(image)).toEqual({ width: 160, height: 80 });
});

test('a press in the minimap brings that point of the image to the middle', () => {
  const side = fc.integer({ min: 100, max: 2000 });
  const at = fc.tuple(fc.integer({ min: 500, max: 3500 }), fc.integer({ min: 500, max: 1500 }));
  fc.assert(
    fc.property(side, side, fc.integer({ min: 4, max: 20 }), at, (width, height, zoom, point) => {
      const view = viewOf({ width, height });
      view.showActualSize();
      view.zoom(zoom);
      view.centreAt(point);
      const [x, y, across, down] = minimapBox(view.camera, view.viewport, image)!;
      expect((x + across / 2) * image.width).toBeCloseTo(point[0], 3);
      expect((y + down / 2) * image.height).toBeCloseTo(point[1], 3);
    }),
  );
});
