import { assertNever } from '../../core/errors.ts';
import type { Category, ImageRecord, ProjectRecord, RecordId } from '../../core/records.ts';
import type { Database } from '../database.ts';
import { isSameJson } from '../equal-records.ts';
import { annotationFromRow, annotationRows, deleteBoxes, isRowOf } from './annotations.ts';
import { findCategory, insertCategory, updateCategory } from './categories.ts';
import { findImage, insertImage, updateImage } from './images.ts';
import { removeWords } from './words.ts';

export type RecordKind = ProjectRecord['kind'];

/** Those of the given records of one kind that are not stored as they are given. */
export function differingRecords(
  database: Database,
  kind: RecordKind,
  expected: readonly (readonly [id: RecordId, record: ProjectRecord])[],
): { expected: ProjectRecord; isStored: boolean }[] {
  const differing: { expected: ProjectRecord; isStored: boolean }[] = [];
  const rows =
    kind === 'annotation' &&
    annotationRows(
      database,
      expected.map(([id]) => id),
    );
  for (const [id, record] of expected) {
    const row = rows && rows.get(id);
    if (row && record.kind === 'annotation' && isRowOf(row, record)) continue;
    const stored = row ? annotationFromRow(row) : kind !== 'annotation' && find(database, kind, id);
    if (!stored || !isSameJson(stored, record)) {
      differing.push({ expected: record, isStored: Boolean(stored) });
    }
  }
  return differing;
}

function find(
  database: Database,
  kind: 'category' | 'image',
  id: RecordId,
): Category | ImageRecord | null {
  return kind === 'category' ? findCategory(database, id) : findImage(database, id);
}

/** Those of the ids that a record of any kind has. */
export function takenIds(database: Database, ids: readonly RecordId[]): RecordId[] {
  return database
    .all<{ id: RecordId }>(
      `SELECT value AS id FROM json_each(@ids)
       WHERE value IN (SELECT id FROM annotation) OR value IN (SELECT id FROM image)
         OR value IN (SELECT id FROM category)`,
      { ids: JSON.stringify(ids) },
    )
    .map(({ id }) => id);
}

export function insertRecord(database: Database, record: Category | ImageRecord): void {
  switch (record.kind) {
    case 'category':
      return insertCategory(database, record);
    case 'image':
      return insertImage(database, record);
    default:
      return assertNever(record);
  }
}

export function updateRecord(database: Database, record: Category | ImageRecord): void {
  switch (record.kind) {
    case 'category':
      return updateCategory(database, record);
    case 'image':
      return updateImage(database, record);
    default:
      return assertNever(record);
  }
}

/** Deletes records of one kind with what the indexes hold of them; their export ids are kept for their return. */
export function deleteRecords(
  database: Database,
  kind: RecordKind,
  ids: readonly RecordId[],
): void {
  const parameters = { ids: JSON.stringify(ids) };
  database.run(
    `INSERT OR REPLACE INTO retired_export_id
     SELECT '${kind}', id, export_id FROM ${kind} WHERE id IN (SELECT value FROM json_each(@ids))`,
    parameters,
  );
  if (kind === 'annotation') deleteBoxes(database, ids);
  if (kind !== 'category') removeWords(database, kind, ids);
  database.run(`DELETE FROM ${kind} WHERE id IN (SELECT value FROM json_each(@ids))`, parameters);
}
