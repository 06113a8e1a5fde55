import { geometryRle } from '../../../core/geometry/region.ts';
import { rleIou } from '../../../core/geometry/rle.ts';
import type { Box } from '../../../core/geometry/shapes.ts';
import {
  defaultPointsPerSide,
  maximumRegions,
  type AnswerMask,
  type ModelRequest,
  type RegionPrompt,
} from '../../../core/prompt.ts';
import type { Annotation, DetectorMark, ImageRecord, RecordId } from '../../../core/records.ts';
import type { ImageSource } from '../../../models/image/image-source.ts';
import type { AskedModel } from './asked-model.ts';

/** A box that some other dataset has for an image. */
export interface CategoryBox {
  readonly box: Box;
  readonly category: string | null;
}

/** Boxes that another model finds in every image. */
export interface DetectedBoxes {
  readonly kind: 'detected';
  readonly detector: AskedModel;
  /** Only boxes of these classes; of all that the detector knows where there are none. */
  readonly names: readonly string[];
  /** Boxes with a lower score are not asked about. */
  readonly minimumScore: number;
}

/** The prompt for every image. */
export type BatchTask =
  | DetectedBoxes
  | { readonly kind: 'categories'; readonly names: readonly string[] }
  | { readonly kind: 'text'; readonly text: string; readonly category: string | null }
  | { readonly kind: 'boxes'; readonly boxes: ReadonlyMap<RecordId, readonly CategoryBox[]> }
  | {
      readonly kind: 'everything';
      readonly pointsPerSide: number;
      readonly category: string | null;
    };

/**
 * One request, and the category of each region that it marks (of its only answer, when it marks
 * none).
 */
export interface BatchQuestion {
  readonly request: ModelRequest;
  readonly categories: readonly (string | null)[];
  /** The detector of each region's box; absent where no model found the boxes. */
  readonly detectors?: readonly DetectorMark[];
}

/** All that the task asks about an image, in order; the same every time. */
export function batchQuestions(
  task: Exclude<BatchTask, DetectedBoxes>,
  image: ImageRecord,
): BatchQuestion[] {
  switch (task.kind) {
    case 'categories':
      return task.names.map((name) => textQuestion(name, name, task.names));
    case 'text':
      return [textQuestion(task.text, task.category)];
    case 'boxes':
      return regionQuestions(
        (task.boxes.get(image.id) ?? []).map(({ box, category }) => ({
          region: { marks: [{ kind: 'box', box }] },
          category,
        })),
      );
    case 'everything': {
      const { pointsPerSide, category } = task;
      const request: ModelRequest = { task: 'everything', pointsPerSide, regions: [] };
      return [{ request, categories: [category] }];
    }
  }
}

/** The questions about an image whose boxes a detector finds first. */
export async function detectedQuestions(
  { detector, names, minimumScore }: DetectedBoxes,
  source: ImageSource,
  signal: AbortSignal,
): Promise<BatchQuestion[]> {
  const found: DetectedRegion[] = [];
  for (const request of detectorRequests(names, minimumScore)) {
    const { answers, model } = await detector.answer(source, request, signal);
    for (const { bbox, score, label, area } of answers.flatMap(({ masks }) => masks)) {
      if (area === 0 || score < minimumScore) continue;
      const region: RegionPrompt = { marks: [{ kind: 'box', box: bbox }] };
      found.push({ region, category: label, detector: { ...model, score } });
    }
  }
  return parted(found).map((part) => ({
    ...regionQuestion(part),
    detectors: part.map(({ detector: mark }) => mark),
  }));
}

interface DetectedRegion {
  readonly region: RegionPrompt;
  readonly category: string | null;
  readonly detector: DetectorMark;
}

function detectorRequests(names: readonly string[], minimumScore: number): ModelRequest[] {
  if (names.length === 0) {
    return [{ task: 'everything', pointsPerSide: defaultPointsPerSide, regions: [], minimumScore }];
  }
  return names.map((text) => ({ task: 'segment', text, regions: [], minimumScore }));
}

/**
 * The identity of the questions about an image. Of names it is that of each alone: all of them are
 * among the questions, and a name for each pair of a thousand names would be a million.
 */
export function questionsIdentity(
  task: Exclude<BatchTask, DetectedBoxes>,
  image: ImageRecord,
): BatchQuestion[] {
  if (task.kind !== 'categories') return batchQuestions(task, image);
  return task.names.map((name) => textQuestion(name, name));
}

/** The requests of a task that are made of a person's words, which are the same for every image. */
export function wordRequests(task: BatchTask): ModelRequest[] {
  if (task.kind === 'categories' || task.kind === 'detected') {
    return task.names.map((name) => textQuestion(name, name).request);
  }
  return task.kind === 'text' ? [textQuestion(task.text, task.category).request] : [];
}

function textQuestion(
  text: string,
  category: string | null,
  names: readonly string[] = [],
): BatchQuestion {
  const beside = names.filter((name) => name !== text);
  const compared = beside.length > 0 && { beside };
  return { request: { task: 'segment', text, ...compared, regions: [] }, categories: [category] };
}

function regionQuestions(
  regions: readonly { readonly region: RegionPrompt; readonly category: string | null }[],
): BatchQuestion[] {
  return parted(regions).map(regionQuestion);
}

/** As many at once as a request may have. */
function parted<Region>(regions: readonly Region[]): Region[][] {
  const parts: Region[][] = [];
  for (let start = 0; start < regions.length; start += maximumRegions) {
    parts.push(regions.slice(start, start + maximumRegions));
  }
  return parts;
}

function regionQuestion(
  part: readonly { readonly region: RegionPrompt; readonly category: string | null }[],
): BatchQuestion {
  return {
    request: { task: 'segment', text: null, regions: part.map(({ region }) => region) },
    categories: part.map(({ category }) => category),
  };
}

/** A mask that overlaps an annotation by this IoU is taken for the same object. */
const sameObjectIou = 0.7;

/**
 * Whether the project holds the mask's object already, drawn by anyone, in the same category.
 * A request for everything gives one category to all found masks, which does not name their
 * objects: an object of any category is the same then.
 */
export function repeatsAnnotation(
  mask: AnswerMask & { readonly request: ModelRequest; readonly categoryId: RecordId | null },
  held: Annotation,
  { width, height }: ImageRecord,
): boolean {
  const isNamed = mask.categoryId !== null && mask.request.task !== 'everything';
  if (isNamed && held.categoryId !== mask.categoryId) return false;
  return rleIou(mask.rle, geometryRle(held.geometry, width, height)) >= sameObjectIou;
}
