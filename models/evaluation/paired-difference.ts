import type { Overlap } from '../../core/geometry/rle.ts';
import { overlapIou } from '../../core/geometry/rle.ts';
import { seededRandom } from '../../core/seeded-random.ts';

/** A number of one set of targets: their mean IoU, or all intersections over all unions. */
export type SetStatistic = (overlaps: readonly Overlap[]) => number;

export const meanIou: SetStatistic = (overlaps) =>
  overlaps.reduce((sum, overlap) => sum + overlapIou(overlap), 0) / overlaps.length;

export const cumulativeIou: SetStatistic = (overlaps) =>
  overlapIou({
    intersection: overlaps.reduce((sum, { intersection }) => sum + intersection, 0),
    union: overlaps.reduce((sum, { union }) => sum + union, 0),
  });

/** What one model has more than another, and where that lies for 95 of 100 draws of the targets. */
export interface Difference {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const draws = 1000;

/** The mean over sets of a statistic. */
export function meanOverSets(sets: readonly (readonly Overlap[])[], of: SetStatistic): number {
  return sets.reduce((sum, overlaps) => sum + of(overlaps), 0) / sets.length;
}

/**
 * The difference of two models on the same targets in the same order, in the mean over sets of a statistic. The interval
 * comes from a bootstrap that draws targets, within each set, together with both answers to them.
 */
export function pairedDifference(
  sets: readonly (readonly Overlap[])[],
  reference: readonly (readonly Overlap[])[],
  of: SetStatistic,
): Difference {
  const random = seededRandom(1);
  const drawn = Array.from({ length: draws }, () => {
    const indices = sets.map((overlaps) =>
      overlaps.map(() => Math.floor(random() * overlaps.length)),
    );
    const take = (all: readonly (readonly Overlap[])[]) =>
      all.map((overlaps, set) => indices[set]!.map((index) => overlaps[index]!));
    return meanOverSets(take(sets), of) - meanOverSets(take(reference), of);
  }).sort((a, b) => a - b);
  const quantile = (share: number) => drawn[Math.round(share * (draws - 1))]!;
  return {
    value: meanOverSets(sets, of) - meanOverSets(reference, of),
    low: quantile(0.025),
    high: quantile(0.975),
  };
}
