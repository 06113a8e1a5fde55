import {
  areaRanges,
  interpolated,
  match,
  meanOf,
  meanScores,
  photosOf,
  thresholds,
  type CocoDataset,
  type CocoScores,
} from './coco-evaluation.ts';

/**
 * The detections of one photo and category, the best first, and what each was matched with: plain
 * JSON, from which the scores of any set of photos follow.
 */
export interface CategoryMatches {
  readonly category: string;
  readonly scores: readonly number[];
  /** By range of areas: all, small, medium, large. */
  readonly ranges: readonly RangeMatches[];
}

interface RangeMatches {
  /** Objects that count. */
  readonly objects: number;
  /** By detection: a bit for each threshold at which it is matched, the lowest first. */
  readonly matched: readonly number[];
  /** Likewise, where it does not count. */
  readonly ignored: readonly number[];
}

/** The matches of the detections of a photo. @throws AppError as `evaluateCoco`. */
export function matchesOfPhoto(photo: CocoDataset): CategoryMatches[] {
  return photo.categories.flatMap((category): CategoryMatches[] => {
    const isOf = (each: { readonly category: string }) => each.category === category;
    const { images, truth, detections } = photo;
    const [found] = photosOf(images, truth.filter(isOf), detections.filter(isOf));
    if (!found) return [];
    const ranges = areaRanges.map((range): RangeMatches => {
      const { matched, ignored, objects } = match(found.objects, found.best, found.ious, range);
      return { objects, matched: bits(matched), ignored: bits(ignored) };
    });
    return [{ category, scores: found.best.map(({ score }) => score), ranges }];
  });
}

/** By detection a bit for each threshold, of rows by threshold. */
function bits(rows: readonly Uint8Array[]): number[] {
  return Array.from(rows[0]!, (_, detection) =>
    rows.reduce((sum, row, threshold) => sum | (row[detection]! << threshold), 0),
  );
}

/**
 * COCOeval's numbers of photos, as `evaluateCoco` gives them of the same photos in the same order;
 * a photo may be there several times. Pure.
 */
export function scoresOfMatches(photos: readonly (readonly CategoryMatches[])[]): CocoScores {
  const byCategory = Map.groupBy(photos.flat(), ({ category }) => category);
  return meanScores([...byCategory.values()].map(scoresOfCategory));
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
