import { geometryRle } from '../../../core/geometry/region.ts';
import { rleIou } from '../../../core/geometry/rle.ts';
import type { Box } from '../../../core/geometry/shapes.ts';
import {
  maximumRegions,
  type AnswerMask,
  type ModelRequest,
  type RegionPrompt,
} from '../../../core/prompt.ts';
import type { Annotation, ImageRecord, RecordId } from '../../../core/records.ts';

/** A box that some other dataset has for an image. */
export interface CategoryBox {
  readonly box: Box;
  readonly category: string | null;
}

/** The prompt for every image. */
export type BatchTask =
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
}

/** All that the task asks about an image, in order; the same every time. */
export function batchQuestions(task: BatchTask, image: ImageRecord): BatchQuestion[] {
  switch (task.kind) {
    case 'categories':
      return task.names.map((name) => textQuestion(name, name));
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

/** The requests of a task that are made of a person's words, which are the same for every image. */
export function wordRequests(task: BatchTask): ModelRequest[] {
  if (task.kind === 'categories') return task.names.map((name) => textQuestion(name, name).request);
  return task.kind === 'text' ? [textQuestion(task.text, task.category).request] : [];
}

function textQuestion(text: string, category: string | null): BatchQuestion {
  return { request: { task: 'segment', text, regions: [] }, categories: [category] };
}

function regionQuestions(
  regions: readonly { readonly region: RegionPrompt; readonly category: string | null }[],
): BatchQuestion[] {
  const questions: BatchQuestion[] = [];
  for (let start = 0; start < regions.length; start += maximumRegions) {
    const part = regions.slice(start, start + maximumRegions);
    questions.push({
      request: { task: 'segment', text: null, regions: part.map(({ region }) => region) },
      categories: part.map(({ category }) => category),
    });
  }
  return questions;
}

/** A mask that overlaps an annotation by this IoU is taken for the same object. */
const sameObjectIou = 0.7;

/**
 * Whether the project holds the mask's object already, drawn by anyone, in the same category.
 * Whoever asks for everything gives one category to all that is found, which does not say what it
 * is: an object of any category is the same then.
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
