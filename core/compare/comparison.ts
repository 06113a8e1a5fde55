import { cohenKappa } from '../kappa.ts';
import {
  areKeypointsAlike,
  isSameCategory,
  type ComparedRegion,
  type Matched,
  type MatchedPair,
} from './match-regions.ts';

/** Above this IoU two regions of one category are the same, written in another way. */
export const sameRegionIou = 0.99;

/** Kinds of differences between two sides, seen from the first. */
export const differenceKinds = ['added', 'removed', 'moved', 'relabelled'] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

/** The kinds of content that one side can take over from the other. */
export const takenKinds = [...differenceKinds, 'texts'] as const;
export type TakenKind = (typeof takenKinds)[number];

/** How often regions of a category of the first side are of one of the second. */
export interface ConfusionCell {
  /** Null: without a category. */
  readonly left: string | null;
  readonly right: string | null;
  readonly count: number;
}

export interface ComparisonReport {
  readonly images: {
    readonly both: number;
    readonly onlyLeft: readonly string[];
    readonly onlyRight: readonly string[];
  };
  /**
   * `same` and the kinds of differences, in regions; a region that is both moved and relabelled
   * counts as relabelled, and one with other keypoints as moved.
   */
  readonly regions: Readonly<Record<DifferenceKind | 'same', number>>;
  /**
   * Texts that the second side alone has, about images of both sides and about matched regions.
   */
  readonly texts: number;
  /**
   * Ten equal steps of IoU from 0 to 1 with the number of matched pairs in each; 1 is in the
   * last.
   */
  readonly ious: readonly number[];
  /** Mean IoU of the matched pairs; null where there are none. */
  readonly meanIou: number | null;
  /** Of the matched pairs, the most frequent first. */
  readonly confusion: readonly ConfusionCell[];
  /**
   * Cohen's kappa of the categories of the matched pairs; null where there are none, or chance
   * alone would always agree.
   */
  readonly kappa: number | null;
}

/** The relation of a pair of regions. */
export function kindOfPair({
  left,
  right,
  iou,
}: MatchedPair<ComparedRegion, ComparedRegion>): 'same' | 'moved' | 'relabelled' {
  if (!isSameCategory(left, right)) return 'relabelled';
  return iou >= sameRegionIou && areKeypointsAlike(left, right) ? 'same' : 'moved';
}

/** Adds up what the comparison of each image has shown. */
export class ComparisonTally {
  readonly #regions = { same: 0, added: 0, removed: 0, moved: 0, relabelled: 0 };
  readonly #ious = new Array<number>(10).fill(0);
  readonly #confusion = new Map<string, number>();
  #iouSum = 0;
  #pairs = 0;
  #texts = 0;

  addTexts(count: number): void {
    this.#texts += count;
  }

  add<Left extends ComparedRegion, Right extends ComparedRegion>({
    pairs,
    leftOver,
    rightOver,
  }: Matched<Left, Right>): void {
    this.#regions.removed += leftOver.length;
    this.#regions.added += rightOver.length;
    for (const pair of pairs) {
      this.#regions[kindOfPair(pair)]++;
      this.#ious[Math.min(9, Math.floor(pair.iou * 10))]!++;
      this.#iouSum += pair.iou;
      this.#pairs++;
      const { left, right } = pair;
      const named = isSameCategory(left, right) ? left.category : right.category;
      const key = JSON.stringify([left.category, named]);
      this.#confusion.set(key, (this.#confusion.get(key) ?? 0) + 1);
    }
  }

  report(images: ComparisonReport['images']): ComparisonReport {
    const confusion = [...this.#confusion]
      .map(([key, count]): ConfusionCell => {
        const [left, right] = JSON.parse(key) as [string | null, string | null];
        return { left, right, count };
      })
      .sort((a, b) => b.count - a.count);
    return {
      images,
      regions: { ...this.#regions },
      texts: this.#texts,
      ious: [...this.#ious],
      meanIou: this.#pairs > 0 ? this.#iouSum / this.#pairs : null,
      confusion,
      kappa: cohensKappa(confusion),
    };
  }
}

/** Cohen's kappa of a confusion; null where nothing can be told. */
export function cohensKappa(confusion: readonly ConfusionCell[]): number | null {
  const kappa = cohenKappa(
    confusion.map(({ left, right, count }) => [left, right, count] as const),
  );
  return Number.isNaN(kappa) ? null : kappa;
}
