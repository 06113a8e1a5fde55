import type { Diff } from '../../../core/diff.ts';
import { withDependents } from '../../../core/project/dependents.ts';
import type { RecordId } from '../../../core/records.ts';
import type { ProjectReader } from '../../../db/project.ts';

/**
 * A change with what becomes of the items and reviews of what it removes; see
 * core/project/dependents.ts.
 */
export function withStoredDependents(project: ProjectReader, diff: Diff): Diff {
  const annotationIds: RecordId[] = [];
  const imageIds = new Set<RecordId>();
  for (const record of Object.values(diff.removed)) {
    if (record.kind === 'image') imageIds.add(record.id);
    if (record.kind !== 'annotation') continue;
    annotationIds.push(record.id);
    imageIds.add(record.imageId);
  }
  if (imageIds.size === 0) return diff;
  const images = [...imageIds];
  const items = new Map(
    [
      ...images.filter((id) => diff.removed[id]).flatMap((id) => project.items(id)),
      ...[...project.itemsOfAnnotations(annotationIds).values()].flat(),
    ].map((item) => [item.id, item]),
  );
  return withDependents(
    diff,
    [...items.values()],
    images.flatMap((id) => project.reviews(id)),
  );
}
