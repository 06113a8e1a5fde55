import type { Migration } from './migration.ts';

/** Project settings as JSON; absent ones have their default. */
export const projectSettings: Migration = {
  version: 20,
  up: (database) =>
    database.exec("ALTER TABLE project ADD COLUMN settings TEXT NOT NULL DEFAULT '{}'"),
};
