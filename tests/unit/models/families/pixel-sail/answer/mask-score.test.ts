import { describe, expect, it } from 'vitest';
import {
  maskEvidence,
  maskScore,
} from '../../../../../../models/families/pixel-sail/answer/mask-score.ts';
import {
  averageSoftMasks,
  type SoftMask,
} from '../../../../../../models/families/pixel-sail/answer/soft-mask.ts';

const part = { left: 0, top: 0, width: 8, height: 8 };
const soft = (...logits: number[]): SoftMask => ({
  map: { width: 2, height: 2, logits: Float32Array.from(logits) },
  part,
  agreement: null,
});
const score = (mask: SoftMask) =>
  maskScore({ ...maskEvidence(mask, 0.5), pointed: false }, undefined);

describe('the score of a mask', () => {
  it('is 0 for an empty one, near 1 for a sure one, low for one that hangs on the threshold', () => {
    expect(score(soft(-3, -3, -3, -3))).toBe(0);
    expect(score(soft(12, 12, -12, -12))).toBeGreaterThan(0.99);
    expect(score(soft(0.5, 0.5, 0.5, 0.5))).toBe(0);
  });

  it('is made of sureness, stability, size and agreement', () => {
    const evidence = maskEvidence(soft(3, 0.5, -0.5, -3), 0.5);
    expect(evidence.share).toBe(0.5);
    expect(evidence.stability).toBeCloseTo(1 / 3);
    expect(evidence.probability).toBeCloseTo((0.9526 + 0.6225) / 2, 3);
    expect(evidence.agreement).toBeNull();
    const agreeing = averageSoftMasks(soft(5, 5, -5, -5), [soft(5, 5, -5, -5)]);
    const differing = averageSoftMasks(soft(5, 5, -5, -5), [soft(-5, 5, -5, 5)]);
    expect(agreeing.agreement).toBeCloseTo(1);
    expect(differing.agreement).toBeCloseTo(1 / 3, 1);
  });

  it('follows the weights that were fitted', () => {
    const older = {
      bias: -1,
      probability: 1,
      stability: 2,
      share: 0,
      agreement: 0,
      onlyLook: 0.5,
    };
    const weights = { ...older, pointed: -0.8 };
    const evidence = {
      probability: 0.8,
      stability: 0.5,
      share: 0.3,
      agreement: null,
      pointed: false,
    };
    expect(maskScore(evidence, weights)).toBeCloseTo(1 / (1 + Math.exp(-1.3)));
    expect(maskScore({ ...evidence, pointed: true }, weights)).toBeCloseTo(
      1 / (1 + Math.exp(-0.5)),
    );
    expect(maskScore({ ...evidence, probability: 0 }, weights)).toBe(0);
    expect(maskScore({ ...evidence, pointed: true }, older)).toBe(maskScore(evidence, older));
  });
});
