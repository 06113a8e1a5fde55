import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeRle } from '../../../core/geometry/rle.ts';
import {
  deepestInsidePoint,
  geometryArea,
  geometryBitmap,
  geometryBox,
  geometryMeasures,
  geometryRle,
  pointInGeometry,
} from '../../../core/geometry/region.ts';
import { traceMask } from '../../../core/geometry/trace.ts';
import type { Geometry } from '../../../core/records.ts';
import { bitmapFromRows, bitmaps } from './bitmaps.ts';

const donut = bitmapFromRows(['000000', '011110', '010010', '011110', '000000']);

describe('a geometry', () => {
  test('has the same pixels, area and box as a mask and as its outline', () => {
    fc.assert(
      fc.property(
        bitmaps().filter((bitmap) => bitmap.data.includes(1)),
        (bitmap) => {
          const { width, height } = bitmap;
          const mask: Geometry = { kind: 'mask', rle: encodeRle(bitmap) };
          const polygon: Geometry = { kind: 'polygon', parts: traceMask(bitmap) };
          expect(geometryRle(polygon, width, height)).toEqual(mask.rle);
          expect(geometryBitmap(mask, width, height)).toEqual(bitmap);
          expect(geometryArea(polygon, width, height)).toBe(geometryArea(mask, width, height));
          expect(geometryBox(polygon, width, height)).toEqual(geometryBox(mask, width, height));
          expect(geometryMeasures(polygon, width, height)).toEqual({
            area: geometryArea(mask, width, height),
            bbox: geometryBox(mask, width, height),
          });
        },
      ),
    );
  });

  test('that is a box keeps its exact box and area', () => {
    const box: Geometry = { kind: 'box', box: [1.25, 1, 2.5, 2] };
    expect(geometryBox(box, 6, 5)).toEqual([1.25, 1, 2.5, 2]);
    expect(geometryArea(box, 6, 5)).toBe(5);
    expect(geometryMeasures(box, 6, 5)).toEqual({ area: 5, bbox: [1.25, 1, 2.5, 2] });
    expect(geometryBitmap(box, 6, 5)).toEqual(
      bitmapFromRows(['000000', '011100', '011100', '000000', '000000']),
    );
  });

  test('holds exactly the points over its pixels', () => {
    fc.assert(
      fc.property(
        bitmaps().filter((bitmap) => bitmap.data.includes(1)),
        (bitmap) => {
          const mask: Geometry = { kind: 'mask', rle: encodeRle(bitmap) };
          const polygon: Geometry = { kind: 'polygon', parts: traceMask(bitmap) };
          bitmap.data.forEach((value, index) => {
            const column = index % bitmap.width;
            const row = (index - column) / bitmap.width;
            expect(pointInGeometry(mask, [column + 0.3, row + 0.8])).toBe(value === 1);
            expect(pointInGeometry(polygon, [column + 0.3, row + 0.8])).toBe(value === 1);
          });
        },
      ),
    );
  });

  test('holds no point outside the image, and of a box its left and top edges', () => {
    const mask: Geometry = { kind: 'mask', rle: encodeRle(bitmapFromRows(['11', '11'])) };
    for (const [x, y] of [
      [-0.1, 1],
      [1, -0.1],
      [2, 1],
      [1, 2],
      [NaN, 1],
    ] as const) {
      expect(pointInGeometry(mask, [x, y])).toBe(false);
    }
    const box: Geometry = { kind: 'box', box: [1, 1, 2, 2] };
    expect(pointInGeometry(box, [1, 1])).toBe(true);
    expect(pointInGeometry(box, [3, 1])).toBe(false);
  });

  test('that is a mask of another size than the image is refused', () => {
    const mask: Geometry = { kind: 'mask', rle: encodeRle(donut) };
    expect(() => geometryRle(mask, 5, 6)).toThrow(/5 x 6 pixels; found one of 6 x 5/);
  });
});

describe('the deepest inside point', () => {
  test('is a pixel centre', () => {
    expect(
      deepestInsidePoint(bitmapFromRows(['00000', '01110', '01110', '01110', '00000'])),
    ).toEqual([2.5, 2.5]);
  });

  test('counts the border of the image as outside', () => {
    expect(deepestInsidePoint(bitmapFromRows(['11111', '11111', '11111']))).toEqual([1.5, 1.5]);
  });

  test('lies in the mask and no pixel lies deeper', () => {
    fc.assert(
      fc.property(
        bitmaps().filter((bitmap) => bitmap.data.includes(1)),
        ({ width, height, data }) => {
          const depth = (column: number, row: number): number => {
            let least = Infinity;
            for (let y = -1; y <= height; y++) {
              for (let x = -1; x <= width; x++) {
                const isInside =
                  x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] === 1;
                if (!isInside) least = Math.min(least, (x - column) ** 2 + (y - row) ** 2);
              }
            }
            return least;
          };
          const depths = Array.from(data.keys(), (index) =>
            depth(index % width, Math.floor(index / width)),
          );
          const deepest = depths.indexOf(Math.max(...depths));
          expect(deepestInsidePoint({ width, height, data })).toEqual([
            (deepest % width) + 0.5,
            Math.floor(deepest / width) + 0.5,
          ]);
        },
      ),
    );
  });

  test('does not exist in an empty mask', () => {
    expect(() => deepestInsidePoint(bitmapFromRows(['00']))).toThrow(/empty mask has no inside/);
  });
});

test('a line of any number of vertices has the box around them', () => {
  const points = Array.from({ length: 600_000 }, (_, index) => 10 + (index % 7));
  expect(geometryMeasures({ kind: 'polyline', points }, 100, 100)).toEqual({
    bbox: [10, 10, 6, 6],
    area: 0,
  });
});
