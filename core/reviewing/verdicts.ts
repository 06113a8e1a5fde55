import type { Item, RecordId, Review } from '../records.ts';
import { choicesOf } from '../tasks/registry.ts';

/** The reason of a review that settles what reviewers disagreed about. */
export const settledReason = 'adjudicated';

/** The review that settles the others of its subject, the newest; null where none does. */
export function settlingReview(reviews: readonly Review[]): Review | null {
  const settling = reviews.filter(({ reason }) => reason === settledReason);
  return settling.reduce<Review | null>(
    (newest, one) => (newest && newest.atMs >= one.atMs ? newest : one),
    null,
  );
}

/** The reviews that were given blind. */
export function ownReviews(reviews: readonly Review[]): Review[] {
  return reviews.filter(({ reason }) => reason !== settledReason);
}

/** A person's own review; null where they gave none. */
export function reviewBy(reviews: readonly Review[], person: RecordId | null): Review | null {
  return ownReviews(reviews).find(({ reviewer }) => reviewer === person) ?? null;
}

/**
 * The answer of a reviewer to an item with choices; the reference answer without a suggestion. Null
 * for an item of another task.
 */
export function choiceOf(item: Item, { suggestion }: Review): string | null {
  const kept = choicesOf(item);
  if (!kept || typeof suggestion !== 'object' || suggestion === null) return kept?.answer ?? null;
  return choicesOf({ task: item.task, content: { ...item.content, ...suggestion } })!.answer;
}

/** Whether two or more reviewers said different things and nobody has settled it. */
export function isDisputed(item: Item | null, reviews: readonly Review[]): boolean {
  const own = ownReviews(reviews);
  if (own.length < 2 || settlingReview(reviews)) return false;
  const said = own.map((review) => {
    const answer = item && choiceOf(item, review);
    return JSON.stringify([review.verdict, answer ?? review.suggestion ?? null]);
  });
  return new Set(said).size > 1;
}

/** Whether a reviewer would have a thing otherwise and nobody has decided about it. */
export function isSuggested(reviews: readonly Review[]): boolean {
  if (settlingReview(reviews)) return false;
  return ownReviews(reviews).some(
    ({ verdict, suggestion }) => verdict === 'fix' && suggestion !== undefined,
  );
}
