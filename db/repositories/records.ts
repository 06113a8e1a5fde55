import { assertNever } from '../../core/errors.ts';
import type { ProjectRecord, RecordId } from '../../core/records.ts';
import type { Database } from '../database.ts';
import { findAnnotation, insertAnnotation, updateAnnotation } from './annotations.ts';
import { findCategory, insertCategory, updateCategory } from './categories.ts';
import { findImage, insertImage, updateImage } from './images.ts';

export type RecordKind = ProjectRecord['kind'];

export function findRecord(
  database: Database,
  kind: RecordKind,
  id: RecordId,
): ProjectRecord | null {
  switch (kind) {
    case 'category':
      return findCategory(database, id);
    case 'image':
      return findImage(database, id);
    case 'annotation':
      return findAnnotation(database, id);
    default:
      return assertNever(kind);
  }
}

export function insertRecord(database: Database, record: ProjectRecord): void {
  switch (record.kind) {
    case 'category':
      return insertCategory(database, record);
    case 'image':
      return insertImage(database, record);
    case 'annotation':
      return insertAnnotation(database, record);
    default:
      return assertNever(record);
  }
}

export function updateRecord(database: Database, record: ProjectRecord): void {
  switch (record.kind) {
    case 'category':
      return updateCategory(database, record);
    case 'image':
      return updateImage(database, record);
    case 'annotation':
      return updateAnnotation(database, record);
    default:
      return assertNever(record);
  }
}

/**
 * Deletes records of one kind with one statement. At the end of each, full-text search writes what it gathered into its
 * index, which costs more than all else that deleting a record does.
 */
export function deleteRecords(
  database: Database,
  kind: RecordKind,
  ids: readonly RecordId[],
): void {
  database.run(`DELETE FROM ${kind} WHERE id IN (SELECT value FROM json_each(@ids))`, {
    ids: JSON.stringify(ids),
  });
}
