import type { MaskEvidence } from '../../../model.ts';
import type { ScoreWeights } from '../config.ts';
import { logitOf, probabilityOf } from '../../../answer/logit-map.ts';
import type { SoftMask } from './soft-mask.ts';

export function maskEvidence(
  { map, agreement }: SoftMask,
  threshold: number,
): Omit<MaskEvidence, 'pointed'> {
  const level = logitOf(threshold);
  let [inside, strict, loose, probability] = [0, 0, 0, 0];
  for (const logit of map.logits) {
    if (logit <= level - 1) continue;
    loose++;
    if (logit > level + 1) strict++;
    if (logit <= level) continue;
    inside++;
    probability += probabilityOf(logit);
  }
  return {
    probability: inside === 0 ? 0 : probability / inside,
    stability: loose === 0 ? 0 : strict / loose,
    share: inside / map.logits.length,
    agreement,
  };
}

/**
 * How good a mask probably is, 0 to 1. With the weights that `pixelsail calibrate` fits it is the
 * expected IoU; without, sureness times stability, which ranks masks but promises nothing.
 */
export function maskScore(evidence: MaskEvidence, weights: ScoreWeights | undefined): number {
  const { probability, stability } = evidence;
  if (probability === 0) return 0;
  if (weights === undefined) return probability * stability;
  const features = scoreFeatures(evidence);
  const sum = scoreFeatureNames.reduce(
    (all, name) => all + (weights[name] ?? 0) * features[name],
    0,
  );
  return probabilityOf(sum);
}

export const scoreFeatureNames = [
  'bias',
  'probability',
  'stability',
  'share',
  'agreement',
  'onlyLook',
  'pointed',
] as const satisfies (keyof ScoreWeights)[];

/** The inputs of the weights of the score. */
export function scoreFeatures({
  probability,
  stability,
  share,
  agreement,
  pointed,
}: MaskEvidence): Record<keyof ScoreWeights, number> {
  return {
    bias: 1,
    probability,
    stability,
    share: Math.log10(share + 0.001),
    agreement: agreement ?? 0,
    onlyLook: agreement === null ? 1 : 0,
    pointed: pointed ? 1 : 0,
  };
}
