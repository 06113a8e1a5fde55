import { intersectionOfRuns } from '../geometry/runs.ts';
import { rleRuns, runsArea, runsBox } from '../geometry/rle.ts';
import type { Box, Rle } from '../geometry/shapes.ts';

/**
 * Objects of a photo and of one category are compared by their boxes or by their masks, in pixels
 * of the photo.
 */
export type CocoRegion =
  { readonly kind: 'box'; readonly box: Box } | { readonly kind: 'mask'; readonly rle: Rle };

interface CocoObject {
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

/** 0.5, 0.55 … 0.95, as NumPy's linspace gives them. */
export const thresholds = Array.from({ length: 10 }, (_, index) =>
  index === 9 ? 0.95 : 0.5 + (index * (0.95 - 0.5)) / 9,
);
/** How many detections of a photo and category count, the best first. */
const mostDetections = 100;
/** All areas, small, medium and large ones, in pixels. */
export const areaRanges = [
  [0, 1e10],
  [0, 32 ** 2],
  [32 ** 2, 96 ** 2],
  [96 ** 2, 1e10],
] as const;

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

/**
 * The matches of the detections of a photo, by category, as pycocotools 2.0.11 finds them
 * (`COCOeval.evaluate`; cocodataset/cocoapi). One difference: there, an object whose id is 0 counts
 * as not found; here ids do not matter.
 * @throws AppError `invalid-input` when a mask is corrupt
 */
export function matchesOfPhoto(
  truth: readonly CocoTruth[],
  detections: readonly CocoDetection[],
): CategoryMatches[] {
  const categories = new Set([...truth, ...detections].map(({ category }) => category));
  return [...categories].map((category): CategoryMatches => {
    const isOf = (each: CocoObject) => each.category === category;
    const objects = truth.filter(isOf);
    const found = detections.filter(isOf).sort((a, b) => b.score - a.score);
    const best = found.slice(0, mostDetections);
    const ious = iousOf(best, objects);
    const ranges = areaRanges.map((range) => match(objects, best, ious, range));
    return { category, scores: best.map(({ score }) => score), ranges };
  });
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
function match(
  objects: readonly CocoTruth[],
  detections: readonly CocoDetection[],
  ious: readonly Float64Array[],
  [least, most]: (typeof areaRanges)[number],
): RangeMatches {
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
  const counted = isIgnored.filter((ignore) => !ignore);
  return { objects: counted.length, matched: bits(matched), ignored: bits(ignored) };
}

/** By detection a bit for each threshold, of rows by threshold. */
function bits(rows: readonly Uint8Array[]): number[] {
  return Array.from(rows[0]!, (_, detection) =>
    rows.reduce((sum, row, threshold) => sum | (row[detection]! << threshold), 0),
  );
}
