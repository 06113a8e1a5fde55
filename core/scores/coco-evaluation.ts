import { intersectionOfRuns } from '../geometry/runs.ts';
import { rleRuns, runsArea, runsBox } from '../geometry/rle.ts';
import type { Box, Rle } from '../geometry/shapes.ts';

/**
 * Objects of a photo and of one category are compared by their boxes or by their masks, in pixels
 * of the photo.
 */
export type CocoRegion =
  { readonly kind: 'box'; readonly box: Box } | { readonly kind: 'mask'; readonly rle: Rle };

export interface CocoObject {
  /** Photos and categories are told apart by these. */
  readonly image: string;
  readonly category: string;
  readonly region: CocoRegion;
  /** Decides whether it is small, medium or large; of a file's object, what the file says. */
  readonly area: number;
}

export interface CocoTruth extends CocoObject {
  /** Stands for many objects: what lies in it is neither right nor wrong. */
  readonly crowd: boolean;
}

export interface CocoDetection extends CocoObject {
  readonly score: number;
}

/**
 * The compared records and the order of photos and categories, which decides between equal scores.
 */
export interface CocoDataset {
  readonly images: readonly string[];
  readonly categories: readonly string[];
  readonly truth: readonly CocoTruth[];
  readonly detections: readonly CocoDetection[];
}

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

export interface CocoEvaluation extends CocoScores {
  /** In the order of the categories. */
  readonly categories: readonly (CocoScores & { readonly category: string })[];
}

/** 0.5, 0.55 … 0.95, as NumPy's linspace gives them. */
export const thresholds = Array.from({ length: 10 }, (_, index) =>
  index === 9 ? 0.95 : 0.5 + (index * (0.95 - 0.5)) / 9,
);
const recalls = Array.from({ length: 101 }, (_, index) => index / 100);
/** How many detections of a photo and category count, the best first. */
const limits = [1, 10, 100] as const;
const mostDetections = 100;
/** All areas, small, medium and large ones, in pixels. */
export const areaRanges = [
  [0, 1e10],
  [0, 32 ** 2],
  [32 ** 2, 96 ** 2],
  [96 ** 2, 1e10],
] as const;

/**
 * Average precision and recall of detections, as pycocotools 2.0.11 computes them (`COCOeval`,
 * evaluate, accumulate and summarize; cocodataset/cocoapi). One difference: there, an object whose
 * id is 0 counts as not found; here ids do not matter.
 * @throws AppError `invalid-input` when a mask is corrupt
 */
export function evaluateCoco({
  images,
  categories,
  truth,
  detections,
}: CocoDataset): CocoEvaluation {
  const ofCategory = {
    truth: Map.groupBy(truth, ({ category }) => category),
    detections: Map.groupBy(detections, ({ category }) => category),
  };
  const each = categories.map((category) => {
    const found = evaluateCategory(
      images,
      ofCategory.truth.get(category) ?? [],
      ofCategory.detections.get(category) ?? [],
    );
    return { category, ...found };
  });
  return { ...meanScores(each), categories: each };
}

/** The mean of each number over the categories that have something to find. */
export function meanScores(each: readonly CocoScores[]): CocoScores {
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
export function meanOf(values: readonly number[]): number {
  const present = values.filter((value) => value > -1);
  if (present.length === 0) return -1;
  return present.reduce((sum, value) => sum + value, 0) / present.length;
}

/** The detections of one photo and category, the best first, and what each was matched with. */
interface PhotoMatches {
  readonly scores: readonly number[];
  /** By threshold and detection: 1 matched, 0 not. */
  readonly matched: readonly Uint8Array[];
  /** By threshold and detection: 1 where it does not count. */
  readonly ignored: readonly Uint8Array[];
  /** Objects that count. */
  readonly objects: number;
}

/** A photo with objects or detections of one category. */
interface Photo {
  readonly objects: readonly CocoTruth[];
  /** The best first. */
  readonly best: readonly CocoDetection[];
  readonly ious: readonly Float64Array[];
}

/** The photos that have objects or detections, of one category. */
export function photosOf(
  images: readonly string[],
  truth: readonly CocoTruth[],
  detections: readonly CocoDetection[],
): Photo[] {
  const ofImage = {
    truth: Map.groupBy(truth, ({ image }) => image),
    detections: Map.groupBy(detections, ({ image }) => image),
  };
  return images.flatMap((image) => {
    const objects = ofImage.truth.get(image) ?? [];
    const found = ofImage.detections.get(image) ?? [];
    if (objects.length === 0 && found.length === 0) return [];
    const best = found.toSorted((a, b) => b.score - a.score).slice(0, mostDetections);
    return [{ objects, best, ious: iousOf(best, objects) }];
  });
}

function evaluateCategory(
  images: readonly string[],
  truth: readonly CocoTruth[],
  detections: readonly CocoDetection[],
): CocoScores {
  const photos = photosOf(images, truth, detections);
  const [all, small, medium, large] = areaRanges.map((range) => {
    const matches = photos.map(({ objects, best, ious }) => match(objects, best, ious, range));
    return limits.map((limit) => accumulate(matches, limit));
  });
  const precision = (of: Accumulated[], threshold: number) => of[2]!.precision[threshold]!;
  return {
    ap: meanOf(all![2]!.precision),
    ap50: precision(all!, 0),
    ap75: precision(all!, 5),
    apSmall: meanOf(small![2]!.precision),
    apMedium: meanOf(medium![2]!.precision),
    apLarge: meanOf(large![2]!.precision),
    ar1: meanOf(all![0]!.recall),
    ar10: meanOf(all![1]!.recall),
    ar100: meanOf(all![2]!.recall),
    arSmall: meanOf(small![2]!.recall),
    arMedium: meanOf(medium![2]!.recall),
    arLarge: meanOf(large![2]!.recall),
  };
}

/** By detection and object; a crowd's is the share of the detection that lies in it. */
function iousOf(
  detections: readonly CocoDetection[],
  objects: readonly CocoTruth[],
): Float64Array[] {
  if (objects.length === 0) return detections.map(() => new Float64Array(0));
  const measured = objects.map(({ region }) => measure(region));
  return detections.map(({ region }) => {
    const own = measure(region);
    return Float64Array.from(objects, ({ crowd }, index) => iou(own, measured[index]!, crowd));
  });
}

interface Measured {
  readonly box: Box;
  readonly area: number;
  /** Null for boxes. */
  readonly runs: Uint32Array | null;
}

function measure(region: CocoRegion): Measured {
  if (region.kind === 'box') {
    const [, , width, height] = region.box;
    return { box: region.box, area: width * height, runs: null };
  }
  const runs = rleRuns(region.rle);
  return { box: runsBox(runs, region.rle.size), area: runsArea(runs), runs };
}

function iou(detection: Measured, object: Measured, crowd: boolean): number {
  const [left, top, width, height] = detection.box;
  const [x, y, wide, high] = object.box;
  const across = Math.min(left + width, x + wide) - Math.max(left, x);
  const down = Math.min(top + height, y + high) - Math.max(top, y);
  if (across <= 0 || down <= 0) return 0;
  const common =
    detection.runs && object.runs ? intersectionOfRuns(detection.runs, object.runs) : across * down;
  if (common === 0) return 0;
  return common / (crowd ? detection.area : detection.area + object.area - common);
}

/** Matches detections, the best first, each with the object that it lies best over. */
export function match(
  objects: readonly CocoTruth[],
  detections: readonly CocoDetection[],
  ious: readonly Float64Array[],
  [least, most]: (typeof areaRanges)[number],
): PhotoMatches {
  const isOutside = ({ area }: CocoObject) => area < least || area > most;
  const isIgnored = objects.map((object) => object.crowd || isOutside(object));
  // Objects that do not count are matched last.
  const order = [...objects.keys()].sort((a, b) => Number(isIgnored[a]) - Number(isIgnored[b]));
  const matched: Uint8Array[] = [];
  const ignored: Uint8Array[] = [];
  for (const threshold of thresholds) {
    const taken = new Uint8Array(objects.length);
    const isMatched = new Uint8Array(detections.length);
    const isLeftOut = new Uint8Array(detections.length);
    for (const [index, detection] of detections.entries()) {
      let best = Math.min(threshold, 1 - 1e-10);
      let chosen = -1;
      for (const object of order) {
        if (taken[object] && !objects[object]!.crowd) continue;
        if (chosen > -1 && !isIgnored[chosen] && isIgnored[object]) break;
        const found = ious[index]![object]!;
        if (found < best) continue;
        best = found;
        chosen = object;
      }
      if (chosen === -1) {
        isLeftOut[index] = Number(isOutside(detection));
        continue;
      }
      isLeftOut[index] = Number(isIgnored[chosen]);
      isMatched[index] = 1;
      taken[chosen] = 1;
    }
    matched.push(isMatched);
    ignored.push(isLeftOut);
  }
  const scores = detections.map(({ score }) => score);
  return { scores, matched, ignored, objects: isIgnored.filter((ignore) => !ignore).length };
}

/** By threshold; -1 where there is nothing to find. */
interface Accumulated {
  readonly precision: readonly number[];
  readonly recall: readonly number[];
}

function accumulate(photos: readonly PhotoMatches[], limit: number): Accumulated {
  const objects = photos.reduce((sum, photo) => sum + photo.objects, 0);
  if (objects === 0) {
    const nothing = thresholds.map(() => -1);
    return { precision: nothing, recall: nothing };
  }
  const all = photos.flatMap((photo) =>
    photo.scores.slice(0, limit).map((score, index) => ({ score, photo, index })),
  );
  all.sort((a, b) => b.score - a.score);
  const precision: number[] = [];
  const recall: number[] = [];
  for (const threshold of thresholds.keys()) {
    const [precisions, recallsAt]: [number[], number[]] = [[], []];
    const sums = { right: 0, wrong: 0 };
    for (const { photo, index } of all) {
      if (!photo.ignored[threshold]![index]) {
        if (photo.matched[threshold]![index]) sums.right++;
        else sums.wrong++;
      }
      recallsAt.push(sums.right / objects);
      precisions.push(sums.right / (sums.wrong + sums.right + Number.EPSILON));
    }
    recall.push(recallsAt.at(-1) ?? 0);
    precision.push(interpolated(precisions, recallsAt));
  }
  return { precision, recall };
}

/** The mean precision at 101 recalls, where precision is the best that any higher recall has. */
export function interpolated(precisions: number[], recallsAt: readonly number[]): number {
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
