import type { Diff } from '../diff.ts';
import type { Item, RecordId, Review } from '../records.ts';

/**
 * A change, and with it what becomes of the items and reviews of what it removes, so that all of
 * it is one step to undo. An item loses the segments of regions that are gone; with its last one
 * it goes itself. Reviews go with what they judge. Items that the change itself points at other
 * regions stay as it has them.
 * @param items at least those about the removed annotations and images
 * @param reviews at least those of the removed annotations, and of the items about them
 */
export function withDependents(
  diff: Diff,
  items: readonly Item[],
  reviews: readonly Review[],
): Diff {
  const gone = new Set<RecordId>(Object.keys(diff.removed));
  if (gone.size === 0) return diff;
  const removed = new Map(Object.entries(diff.removed));
  const updated = new Map(Object.entries(diff.updated));
  for (const item of items) {
    if (gone.has(item.id)) continue;
    const now = (updated.get(item.id)?.[1] as Item | undefined) ?? item;
    const segments = now.segments.filter(({ annotationId }) => !gone.has(annotationId));
    const isLeft = segments.length > 0 || now.segments.length === 0;
    if (gone.has(now.imageId) || !isLeft) {
      removed.set(item.id, item);
      updated.delete(item.id);
    } else if (segments.length < now.segments.length) {
      updated.set(item.id, [item, { ...now, segments, updatedAtMs: Date.now() }]);
    }
  }
  for (const review of reviews) {
    const subject = review.itemId ?? review.annotationId!;
    if (!gone.has(review.imageId) && !removed.has(subject)) continue;
    removed.set(review.id, review);
    updated.delete(review.id);
  }
  return {
    ...diff,
    removed: Object.fromEntries(removed),
    updated: Object.fromEntries(updated),
  };
}
