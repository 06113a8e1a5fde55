import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeRle } from '../../../../core/geometry/rle.ts';
import {
  generalizedScores,
  referringOutcome,
  referringScores,
} from '../../../../core/scores/referring.ts';

const pixels = fc.oneof(
  fc.constant(new Array<number>(12).fill(0)),
  fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 12, maxLength: 12 }),
);
const pairs = fc.array(fc.tuple(pixels, pixels), { minLength: 1, maxLength: 8 });
const maskOf = (data: readonly number[]) =>
  encodeRle({ width: 4, height: 3, data: Uint8Array.from(data) });

/** The rules of the evaluations, pixel by pixel. */
function byPixels(list: readonly (readonly [readonly number[], readonly number[]])[]) {
  const counts = list.map(([prediction, target]) => {
    const both = prediction.filter((pixel, index) => pixel && target[index]).length;
    const either = prediction.filter((pixel, index) => pixel || target[index]).length;
    return { both, either, iou: either === 0 ? 1 : both / either };
  });
  const sum = (of: (each: (typeof counts)[number]) => number) =>
    counts.reduce((all, each) => all + of(each), 0);
  const isEmpty = (data: readonly number[]) => data.every((pixel) => pixel === 0);
  const rate = (all: readonly boolean[]) => all.filter(Boolean).length / all.length;
  return {
    ciou: sum(({ either }) => either) === 0 ? 1 : sum(({ both }) => both) / sum((c) => c.either),
    giou: sum(({ iou }) => iou) / list.length,
    precision: [0.5, 0.6, 0.7, 0.8, 0.9].map((least) =>
      rate(counts.map(({ iou }) => iou >= least)),
    ),
    noTarget: rate(list.filter(([, target]) => isEmpty(target)).map(([given]) => isEmpty(given))),
    target: rate(list.filter(([, target]) => !isEmpty(target)).map(([given]) => !isEmpty(given))),
  };
}

describe('referring masks', () => {
  test('score what counting their pixels gives', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const outcomes = list.map(([given, target]) =>
          referringOutcome(maskOf(given), maskOf(target)),
        );
        const wanted = byPixels(list);
        const scores = referringScores(outcomes);
        expect(scores.ciou).toBeCloseTo(wanted.ciou, 9);
        expect(scores.giou).toBeCloseTo(wanted.giou, 9);
        expect(scores.precision).toEqual(wanted.precision);
        const generalized = generalizedScores(outcomes);
        expect(generalized.ciou).toBeCloseTo(wanted.ciou, 9);
        expect(generalized.giou).toBeCloseTo(wanted.giou, 9);
        expect(generalized.noTargetAccuracy).toEqual(wanted.noTarget);
        expect(generalized.targetAccuracy).toEqual(wanted.target);
      }),
      { numRuns: 300 },
    );
  });

  test('are not numbers when there are none', () => {
    expect(referringScores([]).ciou).toBeNaN();
    expect(generalizedScores([]).giou).toBeNaN();
  });
});
