import type { Diff } from '../../core/diff.ts';
import type { ProjectRecord } from '../../core/records.ts';
import type { IdSet } from './id-set.ts';

/**
 * Whether a change would edit or remove a locked region. Its place in the drawing order may
 * change, since that happens when others move.
 */
export function editsLocked({ added, updated, removed }: Diff, locked: IdSet): boolean {
  const isLocked = ({ id }: ProjectRecord) => locked.has(id);
  const isAboutLocked = (record: ProjectRecord) =>
    record.kind === 'item' && record.segments.some((part) => locked.has(part.annotationId));
  return (
    Object.values(removed).some(isLocked) ||
    Object.values(updated).some(([from, to]) => isLocked(from) && !differsOnlyInOrder(from, to)) ||
    [...Object.values(added), ...Object.values(removed)].some(isAboutLocked) ||
    Object.values(updated).some(([from, to]) => isAboutLocked(from) || isAboutLocked(to))
  );
}

function differsOnlyInOrder(from: ProjectRecord, to: ProjectRecord): boolean {
  if (from.kind !== 'annotation' || to.kind !== 'annotation') return false;
  const keys = Object.keys(to) as (keyof typeof to)[];
  return keys.every((key) => from[key] === to[key] || key === 'zOrder' || key === 'updatedAtMs');
}
