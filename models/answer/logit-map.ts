/** Mask logits, float32 [height, width], at the resolution at which a network gives them. */
export interface LogitMap {
  readonly logits: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Probability above which a pixel belongs to a mask, as in the references. */
export const defaultThreshold = 0.5;

/** Keeps the logit of a probability finite. */
const leastProbability = 1e-6;

export function probabilityOf(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** The logit of a probability, finite also for 0 and 1. */
export function logitOf(probability: number): number {
  const bounded = Math.min(Math.max(probability, leastProbability), 1 - leastProbability);
  return Math.log(bounded / (1 - bounded));
}
