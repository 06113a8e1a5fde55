import type { Migration } from './migration.ts';

/**
 * Annotations that a diff adds are no longer written a second time into it: it lists their ids, each with a checksum of its row, and
 * they are read from the table when the step is taken back. Diffs of before list none.
 *
 * The indexes of paths and of counts hold what the image list is filtered by, so that a page in the middle is found without looking
 * at the rows before it.
 */
export const largeProjects: Migration = {
  version: 65,
  up: (database) =>
    database.exec(`
      ALTER TABLE journal_diff ADD COLUMN standing TEXT NOT NULL DEFAULT '{}';
      DROP INDEX image_by_path;
      CREATE INDEX image_by_path ON image (path, export_id, state, split);
      DROP INDEX image_by_annotation_count;
      CREATE INDEX image_by_annotation_count
        ON image (annotation_count DESC, export_id, state, split);`),
};
