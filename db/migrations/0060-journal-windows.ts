import type { Migration } from './migration.ts';

/**
 * Which window took a step, and whether the step takes back an earlier one, or does again what an
 * earlier one took back: undo goes by window, and what is not the newest step any more is taken
 * back by a new one. `person_id` is not used yet.
 */
export const journalWindows: Migration = {
  version: 60,
  up: (database) =>
    database.exec(`
      ALTER TABLE journal_step ADD COLUMN window_id TEXT;
      ALTER TABLE journal_step ADD COLUMN person_id TEXT;
      ALTER TABLE journal_step ADD COLUMN takes_back INTEGER;
      ALTER TABLE journal_step ADD COLUMN does_again INTEGER;`),
};
