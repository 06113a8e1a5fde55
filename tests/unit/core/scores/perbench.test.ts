import { describe, expect, test } from 'vitest';
import { encodeRle } from '../../../../core/geometry/rle.ts';
import {
  choiceOutcome,
  descriptionOutcome,
  perbenchOverall,
  visualReferringCorrected,
  visualReferringOutcome,
  visualReferringReference,
} from '../../../../core/scores/perbench.ts';
import { bitmapFromRows } from '../bitmaps.ts';

const mask = (...rows: string[]) => encodeRle(bitmapFromRows(rows));

describe('the overall score', () => {
  test.each([
    ['LISA-7B', 0, 0, 0, 0, 0],
    ['Osprey-7B', 13.4, 0.12, 0, 0, 8.5],
    ['GLaMM-7B', 12.6, 0.14, 24.3, 14.6, 15.3],
    ['Sa2VA-4B', 19.2, 0.71, 31.9, 21.9, 39.0],
    ['Pixel-SAIL 0.5B', 21.4, 0.69, 29.7, 19.8, 38.4],
    ['Pixel-SAIL 3B', 24.2, 0.74, 33.4, 23.5, 42.2],
  ])('of %s is that of the paper’s table 3', (_, meteor, accuracy, ciou, giou, overall) => {
    const found = perbenchOverall({ meteor, accuracy, ciou, giou });
    expect(Math.abs(found - overall)).toBeLessThanOrEqual(0.051);
  });
});

describe('a description', () => {
  test('is scored with its roles swapped as the reference does, and the right way round', () => {
    const { meteorSwapped, meteor } = descriptionOutcome('a red car', 'a red car by a wall.', null);
    // Three of three words found weigh less than three of six: recall counts nine times as much as
    // precision.
    expect(meteorSwapped).toBeGreaterThan(meteor);
    expect(descriptionOutcome('a car.', 'a car', null)).toMatchObject({ meteor: 0.9375 });
    expect(descriptionOutcome('a car.', 'a car', null).meteorSwapped).toBeLessThan(0.6);
  });
});

describe('a choice', () => {
  const truth = { choices: ['A', 'A and B', 'B'], answer: 'A' };

  test('counts in the reference’s form wherever the answer’s letters occur', () => {
    const outcome = choiceOutcome({ text: 'A and B', choice: null }, truth);
    expect(outcome).toEqual({ contained: 1, chosen: 0 });
  });

  test('counts in the corrected form only where it is the one that was taken', () => {
    const said = (text: string, choice: string | null = null) =>
      choiceOutcome({ text, choice }, truth).chosen;
    expect(said('It is A.')).toBe(1);
    expect(said('A, or else B')).toBe(0);
    expect(said('anything', 'A')).toBe(1);
    expect(said('A', 'B')).toBe(0);
  });

  test('of which only the answer is known must name it in whole words', () => {
    const open = { choices: [], answer: '1' };
    expect(choiceOutcome({ text: '10', choice: null }, open)).toEqual({ contained: 1, chosen: 0 });
    expect(choiceOutcome({ text: 'It is 1.', choice: null }, open).chosen).toBe(1);
  });
});

describe('masks', () => {
  const [left, right, both] = [mask('1100'), mask('0011'), mask('1111')];
  const perfect = visualReferringOutcome([left], [left]);
  const two = visualReferringOutcome([left, right], [left, right]);
  const unanswered = visualReferringOutcome([], [both]);

  test('of several targets can reach only their share in the reference’s gIoU', () => {
    expect(visualReferringReference([two])).toEqual({ ciou: expect.closeTo(1), giou: 0.5 });
    expect(visualReferringCorrected([two])).toEqual({ ciou: 1, giou: 1 });
  });

  test('that were not given are left out of the reference’s cIoU, not of its gIoU', () => {
    const outcomes = [perfect, unanswered];
    expect(visualReferringReference(outcomes)).toEqual({ ciou: expect.closeTo(1), giou: 0.5 });
    expect(visualReferringCorrected(outcomes)).toEqual({ ciou: 2 / 6, giou: 0.5 });
  });

  test('where nothing is to be marked count in the corrected form only', () => {
    const silent = visualReferringOutcome([], []);
    const loud = visualReferringOutcome([both], []);
    expect(visualReferringReference([silent, loud])).toEqual({ ciou: NaN, giou: NaN });
    expect(visualReferringCorrected([silent, loud])).toEqual({ ciou: 0, giou: 0.5 });
  });
});
