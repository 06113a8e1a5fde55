import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cohensKappa, ComparisonTally, kindOfPair } from '../../../core/compare/comparison.ts';
import { matchRegions, type ComparedRegion } from '../../../core/compare/match-regions.ts';
import type { Box } from '../../../core/geometry/shapes.ts';
import type { Keypoint } from '../../../core/records.ts';
import { boxIou } from './box-iou.ts';

const photo = { width: 60, height: 60 };
const region = (box: Box, category: string | null, place = ''): ComparedRegion => ({
  ...{ place, category },
  shape: { geometry: { kind: 'box', box }, bbox: box, area: box[2] * box[3] },
});
const drawn = fc
  .array(
    fc.record({
      box: fc.tuple(
        fc.nat(40),
        fc.nat(40),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
      ),
      category: fc.constantFrom('cup', 'hat', null),
    }),
    { maxLength: 8 },
  )
  .map((all) => all.map(({ box, category }) => region(box, category)));

describe('regions that are matched', () => {
  test('are in one pair at most, overlap enough, and none that are left over do', () => {
    fc.assert(
      fc.property(drawn, drawn, fc.constantFrom(0.1, 0.5, 0.9), (lefts, rights, minimumIou) => {
        const { pairs, leftOver, rightOver } = matchRegions(lefts, rights, photo, minimumIou);
        expect([...pairs.map(({ left }) => left), ...leftOver].length).toBe(lefts.length);
        expect(new Set(pairs.map(({ right }) => right)).size + rightOver.length).toBe(
          rights.length,
        );
        for (const { left, right, iou } of pairs) {
          expect(iou).toBeCloseTo(boxIou(left.shape.bbox, right.shape.bbox), 9);
          expect(iou).toBeGreaterThanOrEqual(minimumIou);
        }
        for (const left of leftOver) {
          for (const right of rightOver) {
            expect(boxIou(left.shape.bbox, right.shape.bbox)).toBeLessThan(minimumIou);
          }
        }
      }),
    );
  });

  test('are all of a side that is compared with itself', () => {
    fc.assert(
      fc.property(drawn, (lefts) => {
        const tally = new ComparisonTally();
        tally.add(matchRegions(lefts, lefts.toReversed(), photo, 0.5));
        const report = tally.report({ both: 1, onlyLeft: [], onlyRight: [] });
        expect(report.regions.added + report.regions.removed + report.regions.moved).toBe(0);
        expect(report.ious[9]).toBe(lefts.length);
      }),
    );
  });

  test('take the same category where two overlap alike', () => {
    const left = region([0, 0, 10, 10], 'hat');
    const [cup, hat] = [region([0, 0, 10, 10], 'cup'), region([0, 0, 10, 10], 'hat')];
    expect(matchRegions([left], [cup, hat], photo, 0.5).pairs[0]!.right).toBe(hat);
  });
});

test('a comparison says what was added, removed, moved and relabelled', () => {
  const tally = new ComparisonTally();
  const lefts = [
    ...[region([0, 0, 10, 10], 'cup'), region([20, 0, 10, 10], 'cup')],
    ...[region([40, 0, 10, 10], 'hat'), region([0, 40, 10, 10], 'hat')],
  ];
  const rights = [
    ...[region([0, 0, 10, 10], 'cup'), region([22, 0, 10, 10], 'cup')],
    ...[region([40, 0, 10, 10], 'cup'), region([40, 40, 10, 10], 'hat')],
  ];
  tally.add(matchRegions(lefts, rights, photo, 0.5));
  const report = tally.report({ both: 1, onlyLeft: [], onlyRight: [] });
  expect(report.regions).toEqual({ same: 1, moved: 1, relabelled: 1, removed: 1, added: 1 });
  expect(report.ious).toEqual([0, 0, 0, 0, 0, 0, 1, 0, 0, 2]);
  expect(report.confusion).toEqual([
    { left: 'cup', right: 'cup', count: 2 },
    { left: 'hat', right: 'cup', count: 1 },
  ]);
});

test('another spelling of a name is no other category', () => {
  const tally = new ComparisonTally();
  const [left, right] = [region([0, 0, 10, 10], 'Cup '), region([0, 0, 10, 10], 'cup')];
  tally.add(matchRegions([left], [right], photo, 0.5));
  const report = tally.report({ both: 1, onlyLeft: [], onlyRight: [] });
  expect(report.regions).toMatchObject({ same: 1, relabelled: 0 });
  expect(report.confusion).toEqual([{ left: 'Cup ', right: 'Cup ', count: 1 }]);
});

test('keypoints without a labelled one are none', () => {
  const left = region([0, 0, 10, 10], 'cup');
  const kindWith = (ours: ComparedRegion['keypoints'], theirs: ComparedRegion['keypoints']) =>
    kindOfPair({
      left: { ...left, keypoints: ours },
      right: { ...left, keypoints: theirs },
      iou: 1,
    });
  const open: Keypoint[] = [[0, 0, 0]];
  const set: Keypoint[] = [[4, 5, 2]];
  expect(kindWith(open, null)).toBe('same');
  expect(kindWith(null, open)).toBe('same');
  expect(kindWith(open, set)).toBe('moved');
  expect(kindWith(set, null)).toBe('moved');
});

test("Cohen's kappa is that of the textbook", () => {
  // https://en.wikipedia.org/wiki/Cohen%27s_kappa, "Simple example": 20, 5, 10, 15.
  const cells = [
    { left: 'yes', right: 'yes', count: 20 },
    { left: 'yes', right: 'no', count: 5 },
    { left: 'no', right: 'yes', count: 10 },
    { left: 'no', right: 'no', count: 15 },
  ];
  expect(cohensKappa(cells)).toBeCloseTo(0.4, 9);
  expect(cohensKappa([])).toBeNull();
  expect(cohensKappa([{ left: 'a', right: 'a', count: 3 }])).toBeNull();
});
