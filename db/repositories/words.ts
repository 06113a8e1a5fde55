import type { RecordId } from '../../core/records.ts';
import type { Database } from '../database.ts';

// At the end of each statement, full-text search writes what it gathered into its index, which costs more than all else that
// is done for a record: words are therefore added and removed for many records at once.

/** Adds the words of records that the full-text index does not hold yet; those without words are passed over. */
export function addWords(
  database: Database,
  kind: 'image' | 'annotation',
  ids: readonly RecordId[],
): void {
  database.run(
    `INSERT INTO ${kind}_search (rowid, words)
     SELECT export_id, words FROM ${kind}_words WHERE export_id IN (${exportIds(kind)})`,
    { ids: JSON.stringify(ids) },
  );
}

/** Takes the words of stored records out of the full-text index. */
export function removeWords(
  database: Database,
  kind: 'image' | 'annotation',
  ids: readonly RecordId[],
): void {
  database.run(`DELETE FROM ${kind}_search WHERE rowid IN (${exportIds(kind)})`, {
    ids: JSON.stringify(ids),
  });
}

function exportIds(kind: 'image' | 'annotation'): string {
  return `SELECT export_id FROM ${kind} WHERE id IN (SELECT value FROM json_each(@ids))`;
}
