import { describe, expect, test } from 'vitest';
import { encodeRle } from '../../../../core/geometry/rle.ts';
import type { Rle } from '../../../../core/geometry/shapes.ts';
import { scoreMasks, summarize } from '../../../../core/scores/masks.ts';
import { bitmapFromRows } from '../bitmaps.ts';

function mask(...rows: string[]): Rle {
  return encodeRle(bitmapFromRows(rows));
}

describe('scores of masks', () => {
  test('are the mean IoU and the ratio of summed pixels', () => {
    const scores = scoreMasks([
      { prediction: mask('1100'), target: mask('0110') },
      { prediction: mask('11111111'), target: mask('11110000') },
    ]);
    expect(scores.count).toBe(2);
    expect(scores.miou).toBeCloseTo((1 / 3 + 1 / 2) / 2, 12);
    expect(scores.giou).toBeCloseTo((1 / 3 + 1 / 2) / 2, 12);
    expect(scores.ciou).toBeCloseTo((1 + 4) / (3 + 8), 12);
  });

  test('count an empty answer to an empty target as right in gIoU, and leave it out of mIoU', () => {
    const scores = scoreMasks([
      { prediction: mask('000'), target: mask('000') },
      { prediction: mask('100'), target: mask('000') },
      { prediction: mask('000'), target: mask('011') },
      { prediction: mask('010'), target: mask('010') },
    ]);
    expect(scores).toEqual({ count: 4, miou: 1 / 2, ciou: 1 / 4, giou: 2 / 4 });
  });

  test('are not numbers when there is nothing to score', () => {
    expect(scoreMasks([])).toEqual({ count: 0, miou: NaN, ciou: NaN, giou: NaN });
  });

  test('refuse masks of different sizes', () => {
    expect(() => scoreMasks([{ prediction: mask('00'), target: mask('000') }])).toThrow(/one size/);
  });
});

describe('a summary', () => {
  test('has the mean and its standard error', () => {
    expect(summarize([1, 2, 3, 4])).toEqual({
      count: 4,
      mean: 2.5,
      standardError: Math.sqrt(5 / 3 / 4),
    });
  });

  test('of one value has no standard error, and of none no mean', () => {
    expect(summarize([7])).toEqual({ count: 1, mean: 7, standardError: NaN });
    expect(summarize([]).mean).toBeNaN();
  });
});
