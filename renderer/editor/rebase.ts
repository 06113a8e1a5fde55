import { emptyDiff, type Diff } from '../../core/diff.ts';
import {
  changedFields,
  isSameValue,
  withFields,
  withReferences,
} from '../../core/project/merge-records.ts';
import type { ProjectRecord, RecordId } from '../../core/records.ts';

/**
 * A change that was made to older records, as a change to the present ones: each field that it
 * changed gets the value that the person gave it, all others stay as somebody else left them. A
 * record that was changed here and removed elsewhere comes back; what refers to a category that is
 * gone refers to none; what lies on an image, or is about regions or items, that are gone is left
 * out. Pure.
 * @param stored the present records of the images that the change touches, and all categories
 */
export function rebase(diff: Diff, stored: readonly ProjectRecord[]): Diff {
  const present = new Map(stored.map((record) => [record.id, record]));
  const rebased = emptyDiff();
  const isThere = (id: RecordId) => present.has(id) || Object.hasOwn(diff.added, id);
  const put = (wanted: ProjectRecord) => {
    const record = withReferences(wanted, isThere);
    if (record === null) return;
    const now = present.get(record.id);
    if (!now) rebased.added[record.id] = record;
    else if (!isSameValue(now, record)) rebased.updated[record.id] = [now, record];
  };
  for (const record of Object.values(diff.added)) put(record);
  for (const [id, [from, to]] of Object.entries(diff.updated)) {
    const now = present.get(id);
    put(now ? withFields(now, to, changedFields(from, to)) : to);
  }
  for (const id of Object.keys(diff.removed)) {
    const now = present.get(id);
    if (now) rebased.removed[id] = now;
  }
  return rebased;
}
