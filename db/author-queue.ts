import { isDraftItem } from '../core/authoring/draft-items.ts';
import type { RecordId } from '../core/records.ts';
import type { TaskId } from '../core/tasks/registry.ts';
import type { AuthorQueue, ProjectReader } from './project.ts';

/**
 * The remaining work of a task in a project.
 * @param after the image after which the next one is looked for; past the last one, the first, and
 *   itself where it alone is left
 */
export function authorQueue(
  project: ProjectReader,
  task: TaskId,
  after: RecordId | null,
): AuthorQueue {
  const writtenOf = new Map<RecordId, Set<RecordId>>();
  const drafted = new Set<RecordId>();
  let drafts = 0;
  for (const item of project.exportItems()) {
    if (item.task !== task) continue;
    if (isDraftItem(item)) {
      drafts += 1;
      drafted.add(item.imageId);
      continue;
    }
    const written = writtenOf.get(item.imageId) ?? new Set();
    for (const { annotationId } of item.segments) written.add(annotationId);
    writtenOf.set(item.imageId, written);
  }
  const counts = { regions: 0, written: 0, drafts };
  const open: RecordId[] = [];
  /** How many of the open ones come before what follows `after`. */
  let before = 0;
  let isOwnOpen = false;
  for (const { image, annotations } of project.exportImages()) {
    const written = writtenOf.get(image.id)?.size ?? 0;
    counts.regions += annotations;
    counts.written += written;
    const isOpen = written < annotations || drafted.has(image.id);
    if (isOpen && image.id !== after) open.push(image.id);
    if (image.id !== after) continue;
    before = open.length;
    isOwnOpen = isOpen;
  }
  const nextImageId = open[before] ?? open[0] ?? (isOwnOpen ? after : null);
  return { ...counts, nextImageId };
}
