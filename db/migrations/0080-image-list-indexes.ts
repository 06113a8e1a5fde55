import type { Migration } from './migration.ts';

/**
 * The indexes of paths and of counts hold what the image list is filtered by, so that a page in
 * the middle is found without looking at the rows before it.
 */
export const imageListIndexes: Migration = {
  version: 80,
  up: (database) =>
    database.exec(`
      DROP INDEX image_by_path;
      CREATE INDEX image_by_path ON image (path, export_id, state, split);
      DROP INDEX image_by_annotation_count;
      CREATE INDEX image_by_annotation_count
        ON image (annotation_count DESC, export_id, state, split);`),
};
