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

/** The difference between two answerers with its 95 % bootstrap interval over the units. */
export interface Difference {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const usualDraws = 1000;

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
  return pairedDifferences(sets, reference, (units) => [of(units)])[0]!;
}

/** {@link pairedDifference} of several statistics, on the same draws. */
export function pairedDifferences<Unit>(
  sets: readonly (readonly Unit[])[],
  reference: readonly (readonly Unit[])[],
  of: (units: readonly Unit[]) => readonly number[],
  draws = usualDraws,
): Difference[] {
  const random = seededRandom(1);
  const drawn = Array.from({ length: draws }, () => {
    const indices = sets.map((units) => units.map(() => Math.floor(random() * units.length)));
    const take = (all: readonly (readonly Unit[])[]) =>
      all.map((units, set) => indices[set]!.map((index) => units[index]!));
    return meanDifferences(take(sets), take(reference), of);
  });
  return meanDifferences(sets, reference, of).map((value, index) => {
    // A draw may hold nothing that the statistic is about.
    const sorted = drawn
      .map((each) => each[index]!)
      .filter((each) => !Number.isNaN(each))
      .sort((a, b) => a - b);
    const quantile = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? NaN;
    return { value, low: quantile(0.025), high: quantile(0.975) };
  });
}

function meanDifferences<Unit>(
  sets: readonly (readonly Unit[])[],
  reference: readonly (readonly Unit[])[],
  of: (units: readonly Unit[]) => readonly number[],
): number[] {
  const means = (all: readonly (readonly Unit[])[]) => {
    const values = all.map(of);
    const sum = (index: number) => values.reduce((total, each) => total + each[index]!, 0);
    return values[0]!.map((_, index) => sum(index) / all.length);
  };
  const theirs = means(reference);
  return means(sets).map((value, index) => value - theirs[index]!);
}
