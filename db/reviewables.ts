import { isDraftItem } from '../core/authoring/draft-items.ts';
import type { Annotation, Item, RecordId, Review } from '../core/records.ts';
import type { Reviewed } from '../core/reviewing/agreement.ts';
import type { Reviewable, ReviewTask } from '../core/reviewing/queue.ts';
import type { ProjectReader } from './project.ts';

/**
 * Reviewable subjects: all items or those of a task; masks only on request, because there may be a
 * million.
 */
export function* reviewables(
  project: ProjectReader,
  task: ReviewTask | null,
): Generator<Reviewable, void> {
  const reviews = reviewsBySubject(project);
  if (task === 'mask') {
    for (const { annotation } of project.exportAnnotations()) {
      yield thing(null, annotation, [annotation.categoryId], reviews.get(annotation.id), null);
    }
    return;
  }
  const agreements = modelAgreements(project);
  for (const item of project.exportItems()) {
    if (isDraftItem(item) || (task !== null && item.task !== task)) continue;
    const categoryIds = item.segments.map(
      ({ annotationId }) => project.annotation(annotationId)?.categoryId ?? null,
    );
    const agreement = agreements.get(item.id) ?? null;
    yield thing(item, null, categoryIds, reviews.get(item.id), agreement);
  }
}

/** The subject of a review. */
export function* reviewed(project: ProjectReader): Generator<Reviewed, void> {
  for (const [id, reviews] of reviewsBySubject(project)) {
    const { imageId, itemId } = reviews[0]!;
    const image = project.image(imageId);
    const item = itemId === null ? null : project.item(itemId);
    const annotation = itemId === null ? project.annotation(id) : null;
    if (image && (item ?? annotation)) yield { item, annotation, image, reviews };
  }
}

function thing(
  item: Item | null,
  annotation: Annotation | null,
  categoryIds: readonly (RecordId | null)[],
  reviews: readonly Review[] = [],
  modelAgreement: number | null,
): Reviewable {
  return { item, annotation, categoryIds, reviews, modelAgreement };
}

function reviewsBySubject(project: ProjectReader): Map<RecordId, Review[]> {
  const found = new Map<RecordId, Review[]>();
  for (const review of project.exportReviews()) {
    const id = review.itemId ?? review.annotationId!;
    const known = found.get(id);
    if (known) known.push(review);
    else found.set(id, [review]);
  }
  return found;
}

/** How near the newest answer to each item came to the truth. */
function modelAgreements(project: ProjectReader): Map<RecordId, number> {
  const found = new Map<RecordId, number>();
  const seen = new Set<string>();
  for (const { id, report } of project.scoreRuns()) {
    if (seen.has(report.task)) continue;
    seen.add(report.task);
    for (const { itemId, agreement } of project.scoreOutcomes(id)) {
      if (!found.has(itemId)) found.set(itemId, agreement);
    }
  }
  return found;
}
