import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  decodeRle,
  decodeRleBox,
  encodeRle,
  rleArea,
  rleBox,
  rleExclude,
  rleFromUncompressed,
  rleIntersect,
  rleIou,
  rleRuns,
  rleSubtract,
  rleToUncompressed,
  rleUnion,
} from '../../../core/geometry/rle.ts';
import type { Bitmap, Rle } from '../../../core/geometry/shapes.ts';
import { bitmapFromRows, bitmapPairs, bitmaps } from './bitmaps.ts';

interface GoldenMask extends Rle {
  name: string;
  runs: number[];
  rows: string[];
  area: number;
  bbox: number[];
}

interface GoldenOverlap {
  size: [number, number];
  a: string;
  b: string;
  union: string;
  intersection: string;
  iou: number;
}

function golden<T>(file: string): T[] {
  return JSON.parse(
    readFileSync(new URL(`../../fixtures/rle/${file}`, import.meta.url), 'utf8'),
  ) as T[];
}

describe('golden vectors of pycocotools', () => {
  test.each(golden<GoldenMask>('masks.json'))('$name', (mask) => {
    const bitmap = bitmapFromRows(mask.rows);
    const rle = encodeRle(bitmap);
    expect(rle).toEqual({ size: mask.size, counts: mask.counts });
    expect(decodeRle(rle)).toEqual(bitmap);
    expect(Array.from(rleRuns(rle))).toEqual(mask.runs);
    expect(rleFromUncompressed(mask.size, mask.runs)).toEqual(rle);
    expect(rleToUncompressed(rle)).toEqual({ size: mask.size, counts: mask.runs });
    expect(rleArea(rle)).toBe(mask.area);
    expect(rleBox(rle)).toEqual(mask.bbox);
  });

  test.each(golden<GoldenOverlap>('overlaps.json'))('overlap of $size', (overlap) => {
    const a: Rle = { size: overlap.size, counts: overlap.a };
    const b: Rle = { size: overlap.size, counts: overlap.b };
    expect(rleUnion(a, b).counts).toBe(overlap.union);
    expect(rleIntersect(a, b).counts).toBe(overlap.intersection);
    expect(rleIou(a, b)).toBeCloseTo(overlap.iou, 14);
  });
});

describe('any mask', () => {
  test('survives encoding and decoding', () => {
    fc.assert(
      fc.property(bitmaps(), (bitmap) => {
        expect(decodeRle(encodeRle(bitmap))).toEqual(bitmap);
      }),
    );
  });

  test('has the area and the box of its pixels', () => {
    fc.assert(
      fc.property(bitmaps(), (bitmap) => {
        const rle = encodeRle(bitmap);
        const pixels = Array.from(bitmap.data.entries()).filter(([, value]) => value);
        const columns = pixels.map(([index]) => index % bitmap.width);
        const rows = pixels.map(([index]) => Math.floor(index / bitmap.width));
        expect(rleArea(rle)).toBe(pixels.length);
        const [left, top] = [Math.min(...columns), Math.min(...rows)];
        const size = [Math.max(...columns) - left + 1, Math.max(...rows) - top + 1];
        expect(rleBox(rle)).toEqual(pixels.length === 0 ? [0, 0, 0, 0] : [left, top, ...size]);
      }),
    );
  });

  test('can be decoded inside its box only', () => {
    fc.assert(
      fc.property(bitmaps(), (bitmap) => {
        const rle = encodeRle(bitmap);
        const [left, top, width, height] = rleBox(rle);
        const rows = Array.from({ length: height }, (_, row) => {
          const start = (top + row) * bitmap.width + left;
          return Array.from(bitmap.data.subarray(start, start + width));
        });
        const expected = {
          bitmap: { width, height, data: Uint8Array.from(rows.flat()) },
          left,
          top,
        };
        expect(decodeRleBox(rle)).toEqual(width === 0 ? null : expected);
      }),
    );
  });

  test('combines on runs as it combines on pixels', () => {
    const operations = [
      [rleUnion, (a: number, b: number) => a | b],
      [rleIntersect, (a: number, b: number) => a & b],
      [rleSubtract, (a: number, b: number) => a & ~b & 1],
      [rleExclude, (a: number, b: number) => a ^ b],
    ] as const;
    fc.assert(
      fc.property(bitmapPairs(), ([a, b]) => {
        for (const [onRuns, onPixels] of operations) {
          const expected: Bitmap = {
            ...a,
            data: a.data.map((value, index) => onPixels(value, b.data[index]!)),
          };
          expect(onRuns(encodeRle(a), encodeRle(b))).toEqual(encodeRle(expected));
        }
      }),
    );
  });

  test('has an IoU of 1 with itself, also when it is empty', () => {
    fc.assert(
      fc.property(bitmaps(), (bitmap) => {
        expect(rleIou(encodeRle(bitmap), encodeRle(bitmap))).toBe(1);
      }),
    );
  });

  test('may hold runs of length zero', () => {
    const runs = [0, 3, 0, 2, 4, 0, 0, 3];
    const rle = rleFromUncompressed([3, 4], runs);
    expect(Array.from(rleRuns(rle))).toEqual(runs);
    expect(Array.from(decodeRle(rle).data)).toEqual([1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 0, 1]);
    expect(rleBox(rle)).toEqual([0, 0, 4, 3]);
    expect(rleUnion(rle, rle)).toEqual(encodeRle(decodeRle(rle)));
    expect(decodeRleBox(rle)).toEqual({ bitmap: decodeRle(rle), left: 0, top: 0 });
  });
});

describe('a bad mask is refused', () => {
  const whole = encodeRle({
    width: 9,
    height: 11,
    data: Uint8Array.from({ length: 99 }, (_, index) => ((index * 7) % 3) & 1),
  });

  test('when its string is cut anywhere', () => {
    for (let length = 0; length < whole.counts.length; length++) {
      expect(() => decodeRle({ ...whole, counts: whole.counts.slice(0, length) })).toThrow(
        expect.objectContaining({ code: 'invalid-input' }),
      );
    }
  });

  test.each([
    ['a number without an end', { size: [3, 3], counts: 'o' }, /ends in the middle/],
    ['a foreign character', { size: [3, 3], counts: '9 ' }, /not valid at character 2 of 2/],
    ['an endless number', { size: [3, 3], counts: 'oooooooooo1' }, /not valid/],
    ['a negative run', { size: [3, 3], counts: '4O' }, /not valid/],
    [
      'another size',
      { size: [10, 11], counts: whole.counts },
      /sum to 110 pixels, but they sum to 99/,
    ],
    ['too large a size', { size: [65536, 65536], counts: '0' }, /2147483647 pixels at most/],
    ['no size', { size: [0, 4], counts: '0' }, /at least 1 pixel, found 0 and 4/],
  ] satisfies [string, Rle, RegExp][])('for %s', (_, rle, message) => {
    expect(() => decodeRle(rle)).toThrow(message);
  });

  test('for uncompressed runs that are no pixel counts', () => {
    expect(() => rleFromUncompressed([2, 2], [1, 1.5, 1.5])).toThrow(/Run 1 .* found 1.5/);
    expect(() => rleFromUncompressed([2, 2], [5, -1])).toThrow(/Run 1 .* found -1/);
    expect(() => rleFromUncompressed([2, 2], [5])).toThrow(/sum to 4 pixels, but they sum to 5/);
  });

  test('for data of another length than its size', () => {
    expect(() => encodeRle({ width: 2, height: 2, data: new Uint8Array(5) })).toThrow(
      /needs 4 bytes, found 5/,
    );
  });

  test('when combined with one of another size', () => {
    expect(() => rleUnion(whole, { size: [11, 10], counts: '0' })).toThrow(
      /9 x 11 pixel and a 10 x 11 pixel/,
    );
  });
});
