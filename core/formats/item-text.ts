import {
  makeItem,
  oneSegment,
  textOfWords,
  wordsOfText,
  type ItemWords,
} from '../project/make-item.ts';
import { taskOf } from '../tasks/registry.ts';
import type { Item, Provenance, RecordId, Review } from '../records.ts';
import type { RowText } from './dataset-row.ts';
import { makeReview } from '../reviewing/make-review.ts';

/** Subject and source of a text in a file. */
export interface TextOrigin {
  readonly imageId: RecordId;
  /** Null: it is about the image. */
  readonly annotationId: RecordId | null;
  readonly provenance: Provenance;
  readonly nowMs: number;
}

/**
 * A text of a file as the item that it becomes, and the review that a verdict of the file becomes.
 */
export function recordsOfText(text: RowText, origin: TextOrigin): (Item | Review)[] {
  const { imageId, annotationId, provenance, nowMs } = origin;
  const words = wordsOfText(text);
  const segments = annotationId === null ? [] : oneSegment(words.task, annotationId);
  const item = makeItem(words, { imageId, segments }, provenance, nowMs);
  return [item, ...reviewsOfVerdict(item, text.verdict)];
}

/** The review that the verdict of a file on a new item becomes. */
export function reviewsOfVerdict(item: Item, verdict: RowText['verdict']): Review[] {
  if (!verdict) return [];
  const said = verdict === 'right' ? 'accept' : 'reject';
  const { createdAtMs: atMs, author: reviewer } = item;
  return [makeReview(item, { reviewer, verdict: said, atMs })];
}

/** The words of an item and the regions that they are about. */
export type WordsAboutRegions = ItemWords & Pick<Item, 'segments'>;

/**
 * Whether a {@link RowText} holds all that an item says: it is about one region at most, and
 * points at none but that one.
 */
export function isText({ task, content, segments }: WordsAboutRegions): boolean {
  return segments.length <= 1 && (taskOf(task).isText?.(content, segments[0]) ?? true);
}

/**
 * An item as the text that a file holds of it. A verdict stands for all reviews: it is left out
 * where they differ, or where one of them asks for a change.
 */
export function textOfItem(item: Item, reviews: readonly Review[]): RowText {
  const verdicts = new Set(
    reviews.flatMap(({ itemId, verdict }) => (itemId === item.id ? [verdict] : [])),
  );
  const [verdict] = verdicts;
  const isAgreed = verdicts.size === 1 && verdict !== 'fix';
  const judged = isAgreed && { verdict: verdict === 'accept' ? 'right' : 'wrong' };
  return { ...textOfWords(item), ...judged } as RowText;
}

/** Equal for two texts of the same words. */
export function wordsOf(text: RowText): string {
  return JSON.stringify(
    text.kind === 'question'
      ? [text.kind, text.question, text.choices, text.answer]
      : [text.kind, text.text],
  );
}

/** Equal for two items of the same words about the same annotations. */
export function wordsOfItem({ task, content, segments }: WordsAboutRegions): string {
  return JSON.stringify([
    task,
    content,
    segments.map(({ tag, annotationId }) => [tag, annotationId]),
  ]);
}
