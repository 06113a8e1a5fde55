import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  boxRuns,
  rasterizeBox,
  rasterizeCocoPolygons,
  rasterizeParts,
  rasterizeScribble,
} from '../../../core/geometry/raster.ts';
import { rleFromCocoPolygons } from '../../../core/geometry/coco-polygon.ts';
import { decodeRle, encodeRle, rleArea, rleBox, rleRuns } from '../../../core/geometry/rle.ts';
import type { Bitmap } from '../../../core/geometry/shapes.ts';
import { bitmapFromRows } from './bitmaps.ts';

interface GoldenPolygon {
  name: string;
  polygons: number[][];
  size: [number, number];
  counts: string;
  area: number;
  bbox: number[];
}

const goldenPolygons = JSON.parse(
  readFileSync(new URL('../../fixtures/rle/polygons.json', import.meta.url), 'utf8'),
) as GoldenPolygon[];

function areaOf(bitmap: Bitmap): number {
  return bitmap.data.reduce((sum, value) => sum + value, 0);
}

describe('COCO polygons fill exactly the pixels that pycocotools fills', () => {
  test.each(goldenPolygons)('$name', ({ polygons, size, counts, area, bbox }) => {
    const [height, width] = size;
    const rle = rleFromCocoPolygons(polygons, width, height);
    expect(rle).toEqual({ size, counts });
    expect(rleArea(rle)).toBe(area);
    expect(rleBox(rle)).toEqual(bbox);
    expect(rasterizeCocoPolygons(polygons, width, height)).toEqual(decodeRle(rle));
  });

  test('and refuse coordinates that are no place in an image', () => {
    expect(() => rasterizeCocoPolygons([[0, 0, NaN, 1, 1, 1]], 4, 4)).toThrow(/found NaN/);
    expect(() => rasterizeCocoPolygons([[0, 0, 1e9, 1, 1, 1]], 4, 4)).toThrow(/found 1000000000/);
  });
});

describe('parts', () => {
  test('lose their holes', () => {
    const donut = {
      outer: [1, 1, 6, 1, 6, 6, 1, 6],
      holes: [[2, 2, 2, 5, 5, 5, 5, 2]],
    };
    expect(rasterizeParts([donut], 7, 7)).toEqual(
      bitmapFromRows(['0000000', '0111110', '0100010', '0100010', '0100010', '0111110', '0000000']),
    );
  });

  test('unite where they overlap', () => {
    const squares = [
      { outer: [0, 0, 3, 0, 3, 2, 0, 2], holes: [] },
      { outer: [1, 1, 4, 1, 4, 3, 1, 3], holes: [] },
    ];
    expect(rasterizeParts(squares, 4, 3)).toEqual(bitmapFromRows(['1110', '1111', '0111']));
  });

  test('are cut to the image', () => {
    const around = { outer: [-9, -9, 30, -9, 30, 30, -9, 30], holes: [] };
    expect(areaOf(rasterizeParts([around], 5, 4))).toBe(20);
    const outside = { outer: [10, 10, 30, 10, 30, 30], holes: [] };
    expect(areaOf(rasterizeParts([outside], 5, 4))).toBe(0);
  });

  test('hold a pixel exactly when they hold its centre', () => {
    const coordinate = fc.integer({ min: -8, max: 48 }).map((value) => value / 3);
    fc.assert(
      fc.property(
        fc.tuple(coordinate, coordinate, coordinate, coordinate, coordinate, coordinate),
        (outer) => {
          const bitmap = rasterizeParts([{ outer, holes: [] }], 13, 11);
          bitmap.data.forEach((value, index) => {
            const [x, y] = [(index % 13) + 0.5, Math.floor(index / 13) + 0.5];
            const sides = [0, 2, 4].map((corner) => {
              const [ax, ay] = [outer[corner]!, outer[corner + 1]!];
              const [bx, by] = [outer[(corner + 2) % 6]!, outer[(corner + 3) % 6]!];
              return (bx - ax) * (y - ay) - (by - ay) * (x - ax);
            });
            if (sides.some((side) => Math.abs(side) < 1e-9)) return;
            expect(value).toBe(
              Number(sides.every((side) => side > 0) || sides.every((side) => side < 0)),
            );
          });
        },
      ),
    );
  });

  test('refuse coordinates that are not finite', () => {
    expect(() => rasterizeParts([{ outer: [0, 0, Infinity, 1, 1, 1], holes: [] }], 4, 4)).toThrow(
      expect.objectContaining({ code: 'invalid-input' }),
    );
  });
});

describe('a scribble', () => {
  test('of one point is a disc', () => {
    expect(rasterizeScribble([[2.5, 2.5]], 4, 5, 5)).toEqual(
      bitmapFromRows(['00100', '01110', '11111', '01110', '00100']),
    );
  });

  test('of two points is a stroke with round ends', () => {
    expect(
      rasterizeScribble(
        [
          [1.5, 1.5],
          [4.5, 1.5],
        ],
        2,
        7,
        3,
      ),
    ).toEqual(bitmapFromRows(['0111100', '1111110', '0111100']));
  });

  test('has no gaps however thin it is, and reaches every pixel it passes through', () => {
    const eighths = fc.integer({ min: 0, max: 152 }).map((value) => value / 8);
    const place = fc.tuple(eighths, eighths);
    fc.assert(
      fc.property(place, place, (from, to) => {
        const bitmap = rasterizeScribble([from, to], 0.1, 20, 20);
        for (let step = 0; step <= 64; step++) {
          const x = from[0] + ((to[0] - from[0]) * step) / 64;
          const y = from[1] + ((to[1] - from[1]) * step) / 64;
          expect(bitmap.data[Math.floor(y) * 20 + Math.floor(x)]).toBe(1);
        }
      }),
    );
  });

  test('outside the image leaves it empty', () => {
    expect(
      areaOf(
        rasterizeScribble(
          [
            [-20, 4],
            [-9, 4],
          ],
          3,
          8,
          8,
        ),
      ),
    ).toBe(0);
  });
});

test('a scribble or a box refuses what is no number', () => {
  expect(() => rasterizeScribble([[1, 1]], NaN, 4, 4)).toThrow(/found NaN/);
  expect(() => rasterizeScribble([[1, Infinity]], 2, 4, 4)).toThrow(/found Infinity/);
  expect(() => rasterizeBox([0, 0, NaN, 1], 4, 4)).toThrow(/found NaN/);
});

describe('a box', () => {
  test('fills the pixels whose centres it holds, cut to the image', () => {
    expect(rasterizeBox([1, 0, 2, 2], 4, 3)).toEqual(bitmapFromRows(['0110', '0110', '0000']));
    expect(rasterizeBox([0.6, 0.4, 1.9, 1], 4, 3)).toEqual(
      bitmapFromRows(['0100', '0000', '0000']),
    );
    expect(areaOf(rasterizeBox([-5, -5, 100, 100], 4, 3))).toBe(12);
    expect(areaOf(rasterizeBox([9, 9, 2, 2], 4, 3))).toBe(0);
  });

  test('has the same runs without being painted', () => {
    const side = fc.double({ min: -3, max: 9, noNaN: true });
    const boxes = fc.tuple(side, side, side.map(Math.abs), side.map(Math.abs));
    const sizes = fc.integer({ min: 1, max: 7 });
    fc.assert(
      fc.property(boxes, sizes, sizes, (box, width, height) => {
        const painted = rleRuns(encodeRle(rasterizeBox(box, width, height)));
        expect(boxRuns(box, width, height)).toEqual(painted);
      }),
    );
  });
});
