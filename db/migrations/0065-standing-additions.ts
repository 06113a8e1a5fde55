import type { Migration } from './migration.ts';

/**
 * Annotations that a diff adds are no longer written a second time into it: it lists their ids,
 * each with a checksum of its row, and they are read from the table when the step is taken back.
 * Diffs of before list none.
 */
export const standingAdditions: Migration = {
  version: 65,
  up: (database) =>
    database.exec("ALTER TABLE journal_diff ADD COLUMN standing TEXT NOT NULL DEFAULT '{}'"),
};
