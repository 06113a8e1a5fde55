import { makeItem, oneSegment, textOfWords, wordsOfText } from '../project/make-item.ts';
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
  if (!text.verdict) return [item];
  const review = makeReview(item, {
    reviewer: provenance.by ?? null,
    verdict: text.verdict === 'right' ? 'accept' : 'reject',
    atMs: nowMs,
  });
  return [item, review];
}

/**
 * Whether a {@link RowText} holds all that an item says: it is about one region at most, and
 * points at none but that one.
 */
export function isText({ task, content, segments }: Item): boolean {
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
