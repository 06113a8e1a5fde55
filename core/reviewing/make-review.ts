import { newId } from '../ids.ts';
import type { Annotation, Item, Review } from '../records.ts';

/** The subject of a review as stored. */
type Subject = Pick<Item | Annotation, 'kind' | 'id' | 'imageId'>;

/** A new review of an item or a mask; without a reason or a note unless given. */
export function makeReview(
  { kind, id, imageId }: Subject,
  given: Pick<Review, 'reviewer' | 'verdict'> &
    Partial<Pick<Review, 'reason' | 'suggestion' | 'atMs'>>,
): Review {
  return {
    kind: 'review',
    id: newId(),
    imageId,
    itemId: kind === 'item' ? id : null,
    annotationId: kind === 'annotation' ? id : null,
    reason: null,
    note: '',
    atMs: Date.now(),
    ...given,
  };
}
