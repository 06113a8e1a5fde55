import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  fitScore,
  type Experience,
} from '../../../../../../models/families/pixel-sail/answer/fit-score.ts';
import { maskScore } from '../../../../../../models/families/pixel-sail/answer/mask-score.ts';
import type { MaskEvidence } from '../../../../../../models/model.ts';

const evidences = fc.record({
  probability: fc.double({ min: 0.5, max: 1, noNaN: true }),
  stability: fc.double({ min: 0, max: 1, noNaN: true }),
  share: fc.double({ min: 0.01, max: 1, noNaN: true }),
  agreement: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }),
  pointed: fc.boolean(),
});

test('scores fitted to masks promise the IoU that these have', () => {
  const law = {
    bias: -2,
    probability: 1,
    stability: 2,
    share: 0.5,
    agreement: 1,
    onlyLook: 0.4,
    pointed: -0.7,
  };
  const experiences: Experience[] = fc
    .sample(evidences, { numRuns: 400, seed: 3 })
    .map((evidence: MaskEvidence) => ({ evidence, iou: maskScore(evidence, law) }));
  const weights = fitScore(experiences);
  for (const { evidence, iou } of experiences) {
    expect(maskScore(evidence, weights)).toBeCloseTo(iou, 1);
  }
});

test('masks that are all alike get the mean of their IoUs', () => {
  const evidence = {
    probability: 0.9,
    stability: 0.8,
    share: 0.2,
    agreement: null,
    pointed: false,
  };
  const weights = fitScore([0.2, 0.4, 0.9].map((iou) => ({ evidence, iou })));
  expect(maskScore(evidence, weights)).toBeCloseTo(0.5, 2);
});
