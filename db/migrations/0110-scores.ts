import type { Migration } from './migration.ts';

/**
 * Runs of models over the project's items, and their answers beside the truth. They stand beside
 * the records, as persons do: no step of the journal makes or removes them, and an answer stays
 * where its item is removed.
 */
export const scores: Migration = {
  version: 110,
  up: (database) =>
    database.exec(`
      CREATE TABLE score_run (
        id TEXT PRIMARY KEY,
        task TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        report TEXT NOT NULL -- JSON
      ) STRICT;

      CREATE TABLE score_answer (
        run_id TEXT NOT NULL REFERENCES score_run (id) ON DELETE CASCADE,
        position INTEGER NOT NULL, -- of the item, from 0
        item_id TEXT NOT NULL, -- of an item, or of an image
        image TEXT NOT NULL, -- its path
        agreement REAL NOT NULL,
        row TEXT NOT NULL, -- JSON
        PRIMARY KEY (run_id, position)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX score_answer_by_agreement ON score_answer (run_id, agreement, position);
      CREATE INDEX score_answer_by_item ON score_answer (item_id);`),
};
