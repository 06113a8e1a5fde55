import { overlapIou, rleArea, rleOverlap } from '../geometry/rle.ts';
import type { Rle } from '../geometry/shapes.ts';

/**
 * How well predicted masks match their targets; each value between 0 and 1, NaN where nothing was
 * scored.
 */
export interface MaskScores {
  /** Number of pairs. */
  readonly count: number;
  /** Mean IoU over the pairs that have a target, that is, whose target is not empty. */
  readonly miou: number;
  /** Cumulative IoU: sum of intersections over sum of unions; large objects weigh more. */
  readonly ciou: number;
  /** Mean IoU over all pairs, where an empty prediction for an empty target counts 1 (gRefCOCO). */
  readonly giou: number;
}

/**
 * Scores predictions against targets, pair by pair, without keeping them. An absent prediction is
 * an empty mask.
 * @throws AppError `invalid-input` when the masks of a pair differ in size or are corrupt.
 */
export function scoreMasks(pairs: Iterable<{ prediction: Rle; target: Rle }>): MaskScores {
  const ious: number[] = [];
  const iousWithTarget: number[] = [];
  const total = { intersection: 0, union: 0 };
  for (const { prediction, target } of pairs) {
    const overlap = rleOverlap(prediction, target);
    const iou = overlapIou(overlap);
    ious.push(iou);
    if (rleArea(target) > 0) iousWithTarget.push(iou);
    total.intersection += overlap.intersection;
    total.union += overlap.union;
  }
  return {
    count: ious.length,
    miou: summarize(iousWithTarget).mean,
    ciou: ious.length === 0 ? NaN : overlapIou(total),
    giou: summarize(ious).mean,
  };
}

export interface Summary {
  readonly count: number;
  /** NaN of nothing. */
  readonly mean: number;
  /** Sample standard deviation divided by the square root of the count; NaN below two values. */
  readonly standardError: number;
}

/** Mean and standard error of values. */
export function summarize(values: readonly number[]): Summary {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { count, mean, standardError: Math.sqrt(squares / (count - 1) / count) };
}
