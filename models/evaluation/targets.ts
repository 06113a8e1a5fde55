import { rleArea, rleUnion } from '../../core/geometry/rle.ts';
import type { Rle } from '../../core/geometry/shapes.ts';

/** A photo to evaluate on. */
export interface EvaluationImage {
  /** Its id in the dataset. */
  readonly id: string;
  readonly file: string;
  readonly width: number;
  readonly height: number;
}

/** A ground-truth mask, never empty, and the category it belongs to. */
export interface Target {
  /** Id of the (first) annotation that it comes from. */
  readonly id: number;
  readonly image: EvaluationImage;
  readonly category: string;
  readonly rle: Rle;
  readonly area: number;
}

/** How many objects of each category the whole file has, whatever their split. */
export type CategoryFrequencies = ReadonlyMap<string, number>;

/** One target for each image and category: everything of that category in the image. */
export function uniteByCategory(targets: readonly Target[]): Target[] {
  const united = new Map<string, Target>();
  for (const target of targets) {
    const key = JSON.stringify([target.image.id, target.category]);
    const known = united.get(key);
    if (!known) united.set(key, target);
    else {
      const rle = rleUnion(known.rle, target.rle);
      united.set(key, { ...known, rle, area: rleArea(rle) });
    }
  }
  return [...united.values()];
}

/**
 * `limit` targets spread evenly over the list, grouped by image so that each image is encoded
 * once.
 */
export function spreadTargets(targets: readonly Target[], limit: number | null): Target[] {
  const total = targets.length;
  const number = Math.min(limit ?? total, total);
  const chosen = Array.from(
    { length: number },
    (_, index) => targets[Math.floor(((index + 0.5) * total) / number)]!,
  );
  return [...Map.groupBy(chosen, ({ image }) => image.id).values()].flat();
}
