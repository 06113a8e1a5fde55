import type { ProjectRecord, RecordId } from '../records.ts';

/** Fields that only make sense together. */
const shapeFields = ['geometry', 'bbox', 'area', 'keypoints'];

/** The fields whose values differ; those of a shape together. */
export function changedFields(from: ProjectRecord, to: ProjectRecord): Set<string> {
  const [before, after] = [from, to] as unknown as Record<string, unknown>[];
  const fields = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  const changed = new Set(fields.filter((field) => !isSameValue(before![field], after![field])));
  if (shapeFields.some((field) => changed.has(field))) shapeFields.forEach((f) => changed.add(f));
  return changed;
}

/** The record `now` with the values that these fields have in `given`. */
export function withFields(
  now: ProjectRecord,
  given: ProjectRecord,
  fields: ReadonlySet<string>,
): ProjectRecord {
  const kept = Object.entries(now).filter(([field]) => !fields.has(field));
  const taken = Object.entries(given).filter(([field]) => fields.has(field));
  return Object.fromEntries([...kept, ...taken]) as unknown as ProjectRecord;
}

/**
 * The record without what refers to nothing; null when it cannot be without that.
 * @param isThere whether a record of this id will be there
 */
export function withReferences(
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

/** Whether two values of JSON are equal, whatever the order of their keys. */
export function isSameValue(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || !left || !right) return false;
  const [leftFields, rightFields] = [Object.entries(left), Object.entries(right)];
  return (
    Array.isArray(left) === Array.isArray(right) &&
    leftFields.length === rightFields.length &&
    leftFields.every(([field, value]) => {
      return (
        Object.hasOwn(right, field) && isSameValue(value, (right as Record<string, unknown>)[field])
      );
    })
  );
}
