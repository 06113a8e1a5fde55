import type { Overlap } from '../geometry/rle.ts';
import { overlapIou } from '../geometry/rle.ts';
import { seededRandom } from '../seeded-random.ts';

/** A number of one set of units, for instance the mean IoU of targets. */
export type SetStatistic<Unit = Overlap> = (units: readonly Unit[]) => number;

export const meanIou: SetStatistic = (overlaps) =>
  overlaps.reduce((sum, overlap) => sum + overlapIou(overlap), 0) / overlaps.length;

export const cumulativeIou: SetStatistic = (overlaps) =>
  overlapIou({
    intersection: overlaps.reduce((sum, { intersection }) => sum + intersection, 0),
    union: overlaps.reduce((sum, { union }) => sum + union, 0),
  });

/**
 * What one answerer has more than another, and where that lies for 95 of 100 draws of the units.
 */
export interface Difference {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const draws = 1000;

/** The mean over sets of a statistic. */
export function meanOverSets<Unit>(
  sets: readonly (readonly Unit[])[],
  of: SetStatistic<Unit>,
): number {
  return sets.reduce((sum, units) => sum + of(units), 0) / sets.length;
}

/**
 * The difference of two answerers on the same units in the same order, in the mean over sets of a
 * statistic. The interval comes from a bootstrap that draws units, within each set, together with
 * both answers to them.
 */
export function pairedDifference<Unit>(
  sets: readonly (readonly Unit[])[],
  reference: readonly (readonly Unit[])[],
  of: SetStatistic<Unit>,
): Difference {
  const random = seededRandom(1);
  const drawn = Array.from({ length: draws }, () => {
    const indices = sets.map((units) => units.map(() => Math.floor(random() * units.length)));
    const take = (all: readonly (readonly Unit[])[]) =>
      all.map((units, set) => indices[set]!.map((index) => units[index]!));
    return meanOverSets(take(sets), of) - meanOverSets(take(reference), of);
  })
    // A draw may hold nothing that the statistic is about.
    .filter((value) => !Number.isNaN(value))
    .sort((a, b) => a - b);
  const quantile = (share: number) => drawn[Math.round(share * (drawn.length - 1))] ?? NaN;
  return {
    value: meanOverSets(sets, of) - meanOverSets(reference, of),
    low: quantile(0.025),
    high: quantile(0.975),
  };
}
