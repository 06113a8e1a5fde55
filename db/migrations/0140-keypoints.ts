import type { Migration } from './migration.ts';

/**
 * Gives annotations their keypoints, and categories their skeletons and their place among their
 * siblings. Keypoints that imports of earlier versions kept in `extra` stay there, and
 * core/project/keypoints.ts reads them there too, so that the journal needs no rewriting.
 */
export const keypoints: Migration = {
  version: 140,
  up: (database) =>
    database.exec(`
      ALTER TABLE annotation ADD COLUMN keypoints TEXT; -- JSON; NULL: none are set
      ALTER TABLE category ADD COLUMN skeleton TEXT; -- JSON; NULL: its objects have none
      ALTER TABLE category ADD COLUMN place REAL; -- NULL: nobody has ordered it`),
};
