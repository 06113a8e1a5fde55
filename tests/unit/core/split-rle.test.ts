import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rleOfTracedPart } from '../../../core/geometry/placed-rle.ts';
import { encodeRle, rleArea, rleFromRuns } from '../../../core/geometry/rle.ts';
import { splitRle } from '../../../core/geometry/split-rle.ts';
import { traceMask } from '../../../core/geometry/trace.ts';
import { bitmapFromRows, bitmaps } from './bitmaps.ts';

test('the parts of a mask are those that have outlines of their own, the largest first', () => {
  fc.assert(
    fc.property(bitmaps(), (bitmap) => {
      const { width, height } = bitmap;
      const traced = traceMask(bitmap).map((part) => rleOfTracedPart(part, width, height));
      const wanted = traced.toSorted((a, b) => rleArea(b) - rleArea(a));
      expect(splitRle(encodeRle(bitmap))).toEqual(wanted);
    }),
  );
});

test('pixels that touch at a corner only are two parts', () => {
  const rows = ['110', '001', '000'];
  expect(splitRle(encodeRle(bitmapFromRows(rows))).map(rleArea)).toEqual([2, 1]);
});

test('a mask of four hundred megapixels is split without its pixels', () => {
  const side = 20_000;
  const half = side ** 2 / 2;
  const rle = rleFromRuns([side, side], Uint32Array.of(0, half - side, side, half - 1, 1));
  const before = process.memoryUsage().arrayBuffers;
  const parts = splitRle(rle);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e8);
  expect(parts.map(rleArea)).toEqual([half - 1, half - side]);
});
