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
  const isSplit =
    count > recordsInPart &&
    [...Object.values(added), ...Object.values(removed), ...Object.values(updated).flat()].every(
      ({ kind }: ProjectRecord) => kind === 'annotation',
    );
  if (!isSplit) return [diff];
  return [
    ...partsOf(removed).map((part) => ({ ...emptyDiff(), removed: part })),
    ...partsOf(updated).map((part) => ({ ...emptyDiff(), updated: part })),
    ...partsOf(added).map((part) => ({ ...emptyDiff(), added: part })),
  ];
}

function partsOf<Value>(records: Readonly<Record<string, Value>>): Record<string, Value>[] {
  const entries = Object.entries(records);
  const parts: Record<string, Value>[] = [];
  for (let start = 0; start < entries.length; start += recordsInPart) {
    parts.push(Object.fromEntries(entries.slice(start, start + recordsInPart)));
  }
  return parts;
}
