import type { RecordId } from '../../core/records.ts';
import type { Database, SqlParameters } from '../database.ts';

/** The tables of records are named as their kinds. */
type Table = 'category' | 'image' | 'annotation';

/**
 * How many rows one statement should write. At the end of each, full-text search writes what it gathered into its index:
 * that costs more than all else that happens to a row. A transaction in slices can rest between two statements only.
 */
export const rowsInStatement = 1000;

/**
 * Inserts rows in this order; one that was deleted before gets its export id again.
 * @param rows with the same columns, at least one
 */
export function insertRows(database: Database, table: Table, rows: readonly SqlParameters[]): void {
  const columns = Object.keys(rows[0]!);
  const values = rows.map((_, index) => {
    const exportId = `SELECT export_id FROM retired_export_id WHERE kind = '${table}' AND id = @id_${index}`;
    return `((${exportId}), ${columns.map((column) => `@${column}_${index}`).join(', ')})`;
  });
  const parameters = rows.flatMap((row, index) =>
    Object.entries(row).map(([column, value]) => [`${column}_${index}`, value] as const),
  );
  database.run(
    `INSERT INTO ${table} (export_id, ${columns.join(', ')}) VALUES ${values.join(', ')}`,
    Object.fromEntries(parameters),
  );
}

export function deleteRows(database: Database, table: Table, ids: readonly RecordId[]): void {
  database.run(`DELETE FROM ${table} WHERE id IN (SELECT value FROM json_each(@ids))`, {
    ids: JSON.stringify(ids),
  });
}
