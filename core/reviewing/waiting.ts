import type { Annotation, RecordId } from '../records.ts';

/**
 * Whether nobody has looked at a region: a run of a model over images made it, and no person
 * accepted or reviewed it. It is to check while its image is.
 * @param reviewed the annotations of the image that have a review
 */
export function isUnchecked(
  { id, provenance }: Annotation,
  reviewed: ReadonlySet<RecordId | null>,
): boolean {
  return provenance.source === 'model' && !provenance.accepted && !reviewed.has(id);
}
