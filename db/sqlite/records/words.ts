import type { RecordId } from '../../../core/records.ts';
import type { Database } from '../../database.ts';

/** The kinds whose words are in a full-text index. */
export type WordKind = 'image' | 'item';

// At the end of each statement, full-text search writes what it gathered into its index, which
// costs more than all else that is done for a record: words are therefore added and removed for
// many records at once.

/**
 * Adds the words of records that the full-text index does not hold yet; those without words are
 * passed over.
 */
export function addWords(database: Database, kind: WordKind, ids: readonly RecordId[]): void {
  database.run(
    `INSERT INTO ${kind}_search (rowid, words)
     SELECT export_id, words FROM ${kind}_words WHERE export_id IN (${exportIds(kind)})`,
    { ids: JSON.stringify(ids) },
  );
}

/** Takes the words of stored records out of the full-text index. */
export function removeWords(database: Database, kind: WordKind, ids: readonly RecordId[]): void {
  database.run(`DELETE FROM ${kind}_search WHERE rowid IN (${exportIds(kind)})`, {
    ids: JSON.stringify(ids),
  });
}

/** Finds the records whose words in the index are not theirs. */
export function wrongWords(kind: WordKind): string {
  return `SELECT coalesce(found.rowid, expected.export_id) AS subject
      FROM ${kind}_words AS expected FULL JOIN ${kind}_search AS found ON found.rowid = expected.export_id
      WHERE found.words IS NOT expected.words`;
}

function exportIds(kind: WordKind): string {
  return `SELECT export_id FROM ${kind} WHERE id IN (SELECT value FROM json_each(@ids))`;
}
