import { overlapIou, rleArea, rleOverlap, type Overlap } from '../geometry/rle.ts';
import type { Rle } from '../geometry/shapes.ts';

/**
 * A marked mask against the mask that an expression refers to, in pixels. Both may be empty:
 * nothing is referred to.
 */
export interface ReferringOutcome extends Overlap {
  readonly predicted: number;
  readonly target: number;
}

/** @throws AppError `invalid-input` when the masks differ in size or are corrupt. */
export function referringOutcome(prediction: Rle, target: Rle): ReferringOutcome {
  const [predicted, wanted] = [rleArea(prediction), rleArea(target)];
  return { ...rleOverlap(prediction, target), predicted, target: wanted };
}

/** The IoUs from which on an answer counts in precision. */
export const precisionThresholds = [0.5, 0.6, 0.7, 0.8, 0.9] as const;

/** 0 to 1; NaN of nothing. */
export interface ReferringScores {
  /** All intersections over all unions; large objects weigh more. */
  readonly ciou: number;
  /** Mean IoU, where an empty answer to an empty target counts 1. */
  readonly giou: number;
  /** Share of the answers with an IoU of at least each threshold. */
  readonly precision: readonly number[];
}

/**
 * As RefCOCO, RefCOCO+ and RefCOCOg are scored (Yu et al., 2016; the evaluation of LAVT and of
 * Pixel-SAIL).
 */
export function referringScores(outcomes: readonly ReferringOutcome[]): ReferringScores {
  const ious = outcomes.map(overlapIou);
  const share = (least: number) => meanOf(ious.map((iou) => Number(iou >= least)));
  return {
    ciou: cumulative(outcomes),
    giou: meanOf(ious),
    precision: precisionThresholds.map(share),
  };
}

export interface GeneralizedScores {
  readonly ciou: number;
  readonly giou: number;
  /** Share of the expressions that refer to nothing whose answer is empty; NaN of none. */
  readonly noTargetAccuracy: number;
  /** Share of the expressions that refer to something whose answer is not empty; NaN of none. */
  readonly targetAccuracy: number;
}

/**
 * As gRefCOCO is scored (Liu, Ding and Jiang, 2023; ReLA's evaluation): an empty answer where
 * nothing is referred to counts 1 in gIoU and nothing in cIoU; anything else that is marked there
 * adds its pixels to the union.
 */
export function generalizedScores(outcomes: readonly ReferringOutcome[]): GeneralizedScores {
  const without = outcomes.filter(({ target }) => target === 0);
  const having = outcomes.filter(({ target }) => target > 0);
  return {
    ciou: cumulative(outcomes),
    giou: meanOf(outcomes.map(overlapIou)),
    noTargetAccuracy: meanOf(without.map(({ predicted }) => Number(predicted === 0))),
    targetAccuracy: meanOf(having.map(({ predicted }) => Number(predicted > 0))),
  };
}

function cumulative(outcomes: readonly Overlap[]): number {
  if (outcomes.length === 0) return NaN;
  return overlapIou({
    intersection: outcomes.reduce((sum, { intersection }) => sum + intersection, 0),
    union: outcomes.reduce((sum, { union }) => sum + union, 0),
  });
}

/** NaN of nothing. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
