import { emptyDiff, type Diff } from '../../core/diff.ts';
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
    else if (!isSame(now, record)) rebased.updated[record.id] = [now, record];
  };
  for (const record of Object.values(diff.added)) put(record);
  for (const [id, [from, to]] of Object.entries(diff.updated)) {
    const now = present.get(id);
    put(now ? merge(from, to, now) : to);
  }
  for (const id of Object.keys(diff.removed)) {
    const now = present.get(id);
    if (now) rebased.removed[id] = now;
  }
  return rebased;
}

/** Fields that only make sense together. */
const shapeFields = ['geometry', 'bbox', 'area'];

function merge(from: ProjectRecord, to: ProjectRecord, now: ProjectRecord): ProjectRecord {
  const [before, after] = [from, to] as unknown as Record<string, unknown>[];
  const fields = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  const changed = new Set(fields.filter((field) => !isSame(before![field], after![field])));
  if (shapeFields.some((field) => changed.has(field))) shapeFields.forEach((f) => changed.add(f));
  const kept = Object.entries(now).filter(([field]) => !changed.has(field));
  const given = Object.entries(to).filter(([field]) => changed.has(field));
  return Object.fromEntries([...kept, ...given]) as unknown as ProjectRecord;
}

/** The record without what refers to nothing; null when it cannot be without that. */
function withReferences(
  record: ProjectRecord,
  isThere: (id: RecordId) => boolean,
): ProjectRecord | null {
  switch (record.kind) {
    case 'image':
      return record;
    case 'category': {
      const hasParent = record.parentId === null || isThere(record.parentId);
      return hasParent ? record : { ...record, parentId: null };
    }
    case 'annotation': {
      if (!isThere(record.imageId)) return null;
      const hasCategory = record.categoryId === null || isThere(record.categoryId);
      return hasCategory ? record : { ...record, categoryId: null };
    }
    case 'item': {
      if (!isThere(record.imageId)) return null;
      const segments = record.segments.filter(({ annotationId }) => isThere(annotationId));
      if (segments.length === record.segments.length) return record;
      return segments.length === 0 ? null : { ...record, segments };
    }
    case 'review':
      return isThere(record.itemId ?? record.annotationId!) ? record : null;
  }
}

function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || !left || !right) return false;
  const [leftFields, rightFields] = [Object.entries(left), Object.entries(right)];
  return (
    Array.isArray(left) === Array.isArray(right) &&
    leftFields.length === rightFields.length &&
    leftFields.every(([field, value]) => {
      return (
        Object.hasOwn(right, field) && isSame(value, (right as Record<string, unknown>)[field])
      );
    })
  );
}
