import type { Migration } from './migration.ts';

/** What is chosen for the project, as JSON; what is absent has its default. */
export const projectSettings: Migration = {
  version: 20,
  up: (database) =>
    database.exec("ALTER TABLE project ADD COLUMN settings TEXT NOT NULL DEFAULT '{}'"),
};
