import type { Diff } from '../../core/diff.ts';
import type { ProjectRecord, RecordId } from '../../core/records.ts';
import type { IdSet } from './id-set.ts';

/**
 * The locked regions that a change would edit or remove. Their places in the drawing order may
 * change, since that happens when others move.
 */
export function lockedOf({ added, updated, removed }: Diff, locked: IdSet): readonly RecordId[] {
  const isLocked = (id: RecordId) => locked.has(id);
  const ofRecord = (record: ProjectRecord): RecordId[] => {
    if (record.kind === 'annotation') return [record.id];
    return record.kind === 'item' ? record.segments.map((part) => part.annotationId) : [];
  };
  const edited = [
    ...Object.values(added).filter(({ kind }) => kind === 'item'),
    ...Object.values(removed),
    ...Object.values(updated).flatMap(([from, to]) =>
      differsOnlyInOrder(from, to) ? [] : [from, to],
    ),
  ];
  return [...new Set(edited.flatMap(ofRecord).filter(isLocked))];
}

function differsOnlyInOrder(from: ProjectRecord, to: ProjectRecord): boolean {
  if (from.kind !== 'annotation' || to.kind !== 'annotation') return false;
  const keys = Object.keys(to) as (keyof typeof to)[];
  return keys.every((key) => from[key] === to[key] || key === 'zOrder' || key === 'updatedAtMs');
}
