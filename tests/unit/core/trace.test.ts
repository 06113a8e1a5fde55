import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rasterizeCocoPolygons, rasterizeParts } from '../../../core/geometry/raster.ts';
import { encodeRle } from '../../../core/geometry/rle.ts';
import { traceMask, traceRle } from '../../../core/geometry/trace.ts';
import { bitmapFromRows, bitmaps } from './bitmaps.ts';

describe('tracing', () => {
  test('runs along pixel edges with vertices at corners only', () => {
    const bitmap = bitmapFromRows(['00000', '01110', '01000', '00000']);
    expect(traceMask(bitmap)).toEqual([{ outer: [1, 1, 4, 1, 4, 2, 2, 2, 2, 3, 1, 3], holes: [] }]);
  });

  test('gives a hole to the part around it, also when there is an island in the hole', () => {
    const bitmap = bitmapFromRows([
      '1111111',
      '1000001',
      '1011101',
      '1010101',
      '1011101',
      '1000001',
      '1111111',
    ]);
    expect(traceMask(bitmap)).toEqual([
      { outer: [0, 0, 7, 0, 7, 7, 0, 7], holes: [[6, 1, 1, 1, 1, 6, 6, 6]] },
      { outer: [2, 2, 5, 2, 5, 5, 2, 5], holes: [[4, 3, 3, 3, 3, 4, 4, 4]] },
    ]);
  });

  test('separates pixels that touch at a corner only', () => {
    expect(traceMask(bitmapFromRows(['10', '01']))).toHaveLength(2);
  });

  test('finds nothing in an empty mask', () => {
    expect(traceMask(bitmapFromRows(['000', '000']))).toEqual([]);
  });

  test('loses nothing: filling the parts gives the mask again', () => {
    fc.assert(
      fc.property(bitmaps(), (bitmap) => {
        expect(rasterizeParts(traceMask(bitmap), bitmap.width, bitmap.height)).toEqual(bitmap);
      }),
      { numRuns: 500 },
    );
  });

  test('gives the same for a compressed mask', () => {
    fc.assert(
      fc.property(bitmaps(), (bitmap) => {
        expect(traceRle(encodeRle(bitmap))).toEqual(traceMask(bitmap));
      }),
    );
  });

  test('makes one part of each 4-connected group of pixels, and every part fills alone what it fills together', () => {
    fc.assert(
      fc.property(bitmaps(), (bitmap) => {
        const { width, height } = bitmap;
        const areas = traceMask(bitmap).map((part) =>
          rasterizeParts([part], width, height).data.reduce((sum, value) => sum + value, 0),
        );
        expect(areas.sort((a, b) => a - b)).toEqual(connectedAreas(bitmap.data, width, height));
      }),
    );
  });

  test('is read back exactly by pycocotools where there are no holes', () => {
    fc.assert(
      fc.property(bitmaps(), (bitmap) => {
        const { width, height } = bitmap;
        const outers = traceMask(bitmap).map((part) => part.outer);
        const filled = rasterizeParts(
          outers.map((outer) => ({ outer, holes: [] })),
          width,
          height,
        );
        expect(rasterizeCocoPolygons(outers, width, height)).toEqual(filled);
      }),
      { numRuns: 500 },
    );
  });
});

/** Sizes of the 4-connected groups, by flood fill. */
function connectedAreas(data: Uint8Array, width: number, height: number): number[] {
  const left = Uint8Array.from(data);
  const flood = (column: number, row: number): number => {
    const index = row * width + column;
    if (column < 0 || column >= width || row < 0 || row >= height || !left[index]) return 0;
    left[index] = 0;
    return (
      1 +
      flood(column - 1, row) +
      flood(column + 1, row) +
      flood(column, row - 1) +
      flood(column, row + 1)
    );
  };
  return Array.from(left.keys())
    .map((index) => flood(index % width, Math.floor(index / width)))
    .filter((area) => area > 0)
    .sort((a, b) => a - b);
}
