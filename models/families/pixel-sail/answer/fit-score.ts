import { solvePositiveDefinite } from '../../../../core/linear-system.ts';
import type { ScoreWeights } from '../config.ts';
import { scoreFeatureNames, scoreFeatures } from './mask-score.ts';
import type { MaskEvidence } from '../../../model.ts';

/** Features of the quality of a mask, and its true IoU. */
export interface Experience {
  readonly evidence: MaskEvidence;
  readonly iou: number;
}

/** Keeps weights small where the masks leave them undecided. */
const ridge = 1e-2;
const rounds = 30;

/**
 * The weights whose scores come nearest to the true IoUs: logistic regression with the IoU as
 * target (cross-entropy), by Newton's method.
 */
export function fitScore(experiences: readonly Experience[]): ScoreWeights {
  const rows = experiences.map(({ evidence, iou }) => {
    const features = scoreFeatures(evidence);
    return { features: scoreFeatureNames.map((name) => features[name]), iou };
  });
  const size = scoreFeatureNames.length;
  let weights = new Array<number>(size).fill(0);
  for (let round = 0; round < rounds; round++) {
    const gradient = weights.map((weight) => ridge * weight);
    const curvature = weights.map((_, i) => weights.map((__, j) => (i === j ? ridge : 0)));
    for (const { features, iou } of rows) {
      const sum = features.reduce((all, value, index) => all + value * weights[index]!, 0);
      const expected = 1 / (1 + Math.exp(-sum));
      const slope = expected * (1 - expected);
      for (let i = 0; i < size; i++) {
        gradient[i]! += (expected - iou) * features[i]!;
        for (let j = 0; j < size; j++) curvature[i]![j]! += slope * features[i]! * features[j]!;
      }
    }
    const step = solvePositiveDefinite(curvature, gradient);
    weights = weights.map((weight, index) => weight - step[index]!);
  }
  const rounded = scoreFeatureNames.map((name, index) => [
    name,
    Number(weights[index]!.toFixed(4)),
  ]);
  return Object.fromEntries(rounded) as Record<keyof ScoreWeights, number>;
}
