import { emptyDiff, type Diff } from '../core/diff.ts';
import type { ProjectRecord, RecordKind } from '../core/records.ts';

const recordsInPart = 1000;

/** In the order in which they refer to each other. */
const splitKinds: readonly RecordKind[] = ['annotation', 'item', 'review'];

/**
 * Parts that have the effect of a large diff when they are applied one after another, or in turn
 * inverted from the last to the first. Only changes of what lies on images are split, and only
 * where annotations alone are updated: no annotation refers to another, reviews and items go
 * before what they are about, and come after it.
 */
export function splitDiff(diff: Diff): Diff[] {
  const { added, updated, removed } = diff;
  const count = [added, updated, removed].reduce((sum, map) => sum + Object.keys(map).length, 0);
  const isSplit =
    count > recordsInPart && [added, removed].every(isOnImages) && isOfAnnotations(updated);
  if (!isSplit) return [diff];
  return [
    ...partsOf(inOrder(removed, splitKinds.toReversed())).map((part) => ({
      ...emptyDiff(),
      removed: part,
    })),
    ...partsOf(Object.entries(updated)).map((part) => ({ ...emptyDiff(), updated: part })),
    ...partsOf(inOrder(added, splitKinds)).map((part) => ({ ...emptyDiff(), added: part })),
  ];
}

function isOnImages(map: Readonly<Record<string, ProjectRecord>>): boolean {
  for (const id in map) if (!splitKinds.includes(map[id]!.kind)) return false;
  return true;
}

/** A record keeps its kind when it is updated. */
function isOfAnnotations(updated: Diff['updated']): boolean {
  for (const id in updated) if (updated[id]![0].kind !== 'annotation') return false;
  return true;
}

function inOrder(
  map: Readonly<Record<string, ProjectRecord>>,
  kinds: readonly RecordKind[],
): [string, ProjectRecord][] {
  const entries = Object.entries(map);
  return kinds.flatMap((kind) => entries.filter(([, record]) => record.kind === kind));
}

function partsOf<Value>(entries: readonly [string, Value][]): Record<string, Value>[] {
  const parts: Record<string, Value>[] = [];
  for (let start = 0; start < entries.length; start += recordsInPart) {
    parts.push(Object.fromEntries(entries.slice(start, start + recordsInPart)));
  }
  return parts;
}
