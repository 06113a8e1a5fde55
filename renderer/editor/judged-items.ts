import { addition, removal, replacement, type Diff } from '../../core/diff.ts';
import { itemsOf } from '../../core/project/make-item.ts';
import type { Annotation, Item, Person, Review, Verdict } from '../../core/records.ts';
import { makeReview } from '../../core/reviewing/make-review.ts';

/** A text of a region that a person judges. */
export interface JudgedItem {
  /** The first region that it is about. */
  readonly annotation: Annotation;
  readonly item: Item;
  /** The verdict of the person; null without one. */
  readonly review: Review | null;
}

/** The items about an image's regions, those of the topmost region first. */
export function judgedItems(
  annotations: readonly Annotation[],
  items: readonly Item[],
  reviews: readonly Review[],
  person: Person | null,
): readonly JudgedItem[] {
  return annotations.toReversed().flatMap((annotation) =>
    itemsOf(items, annotation.id)
      .filter(({ segments }) => segments[0]!.annotationId === annotation.id)
      .map((item) => ({ annotation, item, review: ownReview(item, reviews, person) })),
  );
}

/** A person's own review; one that carries no name may be theirs. */
function ownReview(item: Item, reviews: readonly Review[], person: Person | null): Review | null {
  const own = reviews.filter(({ itemId }) => itemId === item.id);
  const by = (reviewer: string | null) => own.find((review) => review.reviewer === reviewer);
  return (person && by(person.id)) ?? by(null) ?? null;
}

/**
 * The item to judge after one: the next without a verdict, around the end; null when all have one.
 */
export function nextToJudge(items: readonly JudgedItem[], itemId: string): JudgedItem | null {
  const index = items.findIndex(({ item }) => item.id === itemId);
  const around = [...items.slice(index + 1), ...items.slice(0, index)];
  return around.find(({ review }) => review === null) ?? null;
}

/** Gives a verdict on an item; the one that it has already is taken back. */
export function judge(
  { item, review }: Pick<JudgedItem, 'item' | 'review'>,
  verdict: Verdict,
  person: Person | null,
): Diff {
  if (review?.verdict === verdict) return removal(review);
  const reviewer = person?.id ?? review?.reviewer ?? null;
  const given = { reviewer, verdict, atMs: Date.now() };
  if (review) return replacement(review, { ...review, ...given });
  return addition(makeReview(item, given));
}
