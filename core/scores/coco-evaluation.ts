import { areaRanges, thresholds, type CategoryMatches } from './coco-matches.ts';

/** COCOeval's twelve numbers, 0 to 1; -1 where there is nothing to find. */
export interface CocoScores {
  /** Mean over IoUs of 0.5, 0.55 … 0.95. */
  readonly ap: number;
  readonly ap50: number;
  readonly ap75: number;
  /** Area below 32², below 96², and the rest. */
  readonly apSmall: number;
  readonly apMedium: number;
  readonly apLarge: number;
  /** Recall with the best 1, 10 and 100 detections of a photo and category. */
  readonly ar1: number;
  readonly ar10: number;
  readonly ar100: number;
  readonly arSmall: number;
  readonly arMedium: number;
  readonly arLarge: number;
}

/** 0, 0.01 … 1, as NumPy's linspace gives them: some are above the hundredth by a last bit. */
const recalls = Array.from({ length: 101 }, (_, index) => (index === 100 ? 1 : index * 0.01));

/**
 * COCOeval's numbers of photos, as pycocotools 2.0.11 computes them (accumulate and summarize). The
 * order of the photos decides between equal scores; a photo may be there several times. Pure.
 */
export function scoresOfMatches(photos: readonly (readonly CategoryMatches[])[]): CocoScores {
  const byCategory = Map.groupBy(photos.flat(), ({ category }) => category);
  return meanScores([...byCategory.values()].map(scoresOfCategory));
}

/** The mean of each number over the categories that have something to find. */
function meanScores(each: readonly CocoScores[]): CocoScores {
  const mean = (of: (scores: CocoScores) => number) => meanOf(each.map(of));
  return {
    ap: mean(({ ap }) => ap),
    ap50: mean(({ ap50 }) => ap50),
    ap75: mean(({ ap75 }) => ap75),
    apSmall: mean(({ apSmall }) => apSmall),
    apMedium: mean(({ apMedium }) => apMedium),
    apLarge: mean(({ apLarge }) => apLarge),
    ar1: mean(({ ar1 }) => ar1),
    ar10: mean(({ ar10 }) => ar10),
    ar100: mean(({ ar100 }) => ar100),
    arSmall: mean(({ arSmall }) => arSmall),
    arMedium: mean(({ arMedium }) => arMedium),
    arLarge: mean(({ arLarge }) => arLarge),
  };
}

/** The mean of the values that say something; -1 where none does. */
function meanOf(values: readonly number[]): number {
  const present = values.filter((value) => value > -1);
  if (present.length === 0) return -1;
  return present.reduce((sum, value) => sum + value, 0) / present.length;
}

function scoresOfCategory(photos: readonly CategoryMatches[]): CocoScores {
  const [all, small, medium, large] = areaRanges.map((_, range) => precisionsIn(photos, range));
  const recall = (limit: number, range = 0) => meanOf(recallsIn(photos, range, limit));
  return {
    ap: meanOf(all!),
    ap50: all![0]!,
    ap75: all![5]!,
    apSmall: meanOf(small!),
    apMedium: meanOf(medium!),
    apLarge: meanOf(large!),
    ar1: recall(1),
    ar10: recall(10),
    ar100: recall(100),
    arSmall: recall(100, 1),
    arMedium: recall(100, 2),
    arLarge: recall(100, 3),
  };
}

function objectsIn(photos: readonly CategoryMatches[], range: number): number {
  return photos.reduce((sum, { ranges }) => sum + ranges[range]!.objects, 0);
}

/** By threshold; -1 where there is nothing to find. */
function precisionsIn(photos: readonly CategoryMatches[], range: number): number[] {
  const objects = objectsIn(photos, range);
  if (objects === 0) return thresholds.map(() => -1);
  const found = photos.flatMap(({ scores, ranges }) => {
    const { matched, ignored } = ranges[range]!;
    return scores.map((score, at) => ({ score, matched: matched[at]!, ignored: ignored[at]! }));
  });
  found.sort((a, b) => b.score - a.score);
  return thresholds.map((_, threshold) => {
    const [precisions, recalls]: [number[], number[]] = [[], []];
    const sums = { right: 0, wrong: 0 };
    for (const { matched, ignored } of found) {
      if (((ignored >> threshold) & 1) === 0) {
        if ((matched >> threshold) & 1) sums.right++;
        else sums.wrong++;
      }
      recalls.push(sums.right / objects);
      precisions.push(sums.right / (sums.wrong + sums.right + Number.EPSILON));
    }
    return interpolated(precisions, recalls);
  });
}

/** The share of objects that the best detections of each photo find, by threshold. */
function recallsIn(photos: readonly CategoryMatches[], range: number, limit: number): number[] {
  const objects = objectsIn(photos, range);
  if (objects === 0) return thresholds.map(() => -1);
  return thresholds.map((_, threshold) => {
    const right = photos.reduce((sum, { ranges }) => {
      const { matched, ignored } = ranges[range]!;
      const counted = matched.slice(0, limit).filter((bit, at) => {
        return ((bit & ~ignored[at]!) >> threshold) & 1;
      });
      return sum + counted.length;
    }, 0);
    return right / objects;
  });
}

/** The mean precision at 101 recalls, where precision is the best that any higher recall has. */
function interpolated(precisions: number[], recallsAt: readonly number[]): number {
  for (let index = precisions.length - 1; index > 0; index--) {
    precisions[index - 1] = Math.max(precisions[index - 1]!, precisions[index]!);
  }
  let sum = 0;
  let at = 0;
  for (const recall of recalls) {
    while (at < recallsAt.length && recallsAt[at]! < recall) at++;
    if (at === recallsAt.length) break;
    sum += precisions[at]!;
  }
  return sum / recalls.length;
}
