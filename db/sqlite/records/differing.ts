import type { ProjectRecord, RecordId, RecordKind } from '../../../core/records.ts';
import type { Database } from '../../database.ts';
import { isSameJson } from '../../../core/same-json.ts';
import type { Differing } from './record-table.ts';

/**
 * Those of the given records that are not stored as they are given.
 * @param isRowOf whether a row is what would be written for the record; false also where only the
 * order of keys differs
 */
export function differingRows<Row extends { readonly id: string }, Kept extends ProjectRecord>(
  database: Database,
  kind: RecordKind,
  expected: readonly (readonly [id: RecordId, record: Kept])[],
  fromRow: (row: Row) => Kept,
  isRowOf: (row: Row, record: Kept) => boolean = () => false,
): Differing[] {
  const ids = JSON.stringify(expected.map(([id]) => id));
  const sql = `SELECT * FROM ${kind} WHERE id IN (SELECT value FROM json_each(@ids))`;
  const rows = new Map(database.all<Row>(sql, { ids }).map((row) => [row.id, row]));
  return expected.flatMap(([id, record]): Differing[] => {
    const row = rows.get(id);
    if (row && (isRowOf(row, record) || isSameJson(fromRow(row), record))) return [];
    return [{ expected: record, isStored: row !== undefined }];
  });
}
