import type { ProjectRecord, RecordId, RecordKind } from '../../../core/records.ts';
import type { Database } from '../../database.ts';
import { annotationTable } from './annotation.ts';
import { categoryTable } from './category.ts';
import { imageTable } from './image.ts';
import { itemTable } from './item.ts';
import type { RecordTable } from './record-table.ts';
import { reviewTable } from './review.ts';

/**
 * Every kind of record; one refers only to records of earlier kinds (and a category to a
 * category).
 */
export const recordTables = [
  categoryTable,
  imageTable,
  annotationTable,
  itemTable,
  reviewTable,
] as unknown as readonly RecordTable[];

const byKind = new Map(recordTables.map((table) => [table.kind, table]));

export function tableOf(kind: RecordKind): RecordTable {
  return byKind.get(kind)!;
}

/** How messages name a record. */
export function nameOf(record: ProjectRecord): string {
  return tableOf(record.kind).nameOf(record);
}

/** Those of the ids that a record of any kind has. */
export function takenIds(database: Database, ids: readonly RecordId[]): RecordId[] {
  const isTaken = recordTables.map(({ kind }) => `value IN (SELECT id FROM ${kind})`);
  return database
    .all<{ id: RecordId }>(
      `SELECT value AS id FROM json_each(@ids) WHERE ${isTaken.join(' OR ')}`,
      { ids: JSON.stringify(ids) },
    )
    .map(({ id }) => id);
}

/**
 * Deletes records of one kind with what the indexes hold of them; their export ids are kept for
 * their return.
 */
export function deleteRecords(
  database: Database,
  { kind, unindex }: RecordTable,
  ids: readonly RecordId[],
): void {
  const parameters = { ids: JSON.stringify(ids) };
  database.run(
    `INSERT OR REPLACE INTO retired_export_id
     SELECT '${kind}', id, export_id FROM ${kind} WHERE id IN (SELECT value FROM json_each(@ids))`,
    parameters,
  );
  unindex(database, ids);
  database.run(`DELETE FROM ${kind} WHERE id IN (SELECT value FROM json_each(@ids))`, parameters);
}
