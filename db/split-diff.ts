import { emptyDiff, type Diff } from '../core/diff.ts';
import type { ProjectRecord } from '../core/records.ts';

const recordsInPart = 1000;

/**
 * Parts that have the effect of a large diff when they are applied one after another, or in turn inverted from the
 * last to the first. Only changes of annotations alone are split: no annotation refers to another.
 */
export function splitDiff(diff: Diff): Diff[] {
  const { added, updated, removed } = diff;
  const count = [added, updated, removed].reduce((sum, map) => sum + Object.keys(map).length, 0);
  if (count <= recordsInPart || ![added, updated, removed].every(isOfAnnotations)) return [diff];
  return [
    ...partsOf(removed).map((part) => ({ ...emptyDiff(), removed: part })),
    ...partsOf(updated).map((part) => ({ ...emptyDiff(), updated: part })),
    ...partsOf(added).map((part) => ({ ...emptyDiff(), added: part })),
  ];
}

/** A record keeps its kind when it is updated. */
function isOfAnnotations(
  map: Readonly<Record<string, ProjectRecord | readonly [ProjectRecord, ProjectRecord]>>,
): boolean {
  for (const id in map) {
    const value = map[id]!;
    const { kind } = 'kind' in value ? value : value[0];
    if (kind !== 'annotation') return false;
  }
  return true;
}

function partsOf<Value>(records: Readonly<Record<string, Value>>): Record<string, Value>[] {
  const entries = Object.entries(records);
  const parts: Record<string, Value>[] = [];
  for (let start = 0; start < entries.length; start += recordsInPart) {
    parts.push(Object.fromEntries(entries.slice(start, start + recordsInPart)));
  }
  return parts;
}
