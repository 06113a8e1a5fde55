import type { Migration } from './migration.ts';

/**
 * Gives annotations their keypoints, and categories their skeletons and their place among their
 * siblings. What imports of earlier
 * versions kept of them in `extra` stays there, where core/project/keypoints.ts reads it too: the
 * journal, which tells of it so, then needs no rewriting.
 */
export const keypoints: Migration = {
  version: 140,
  up: (database) =>
    database.exec(`
      ALTER TABLE annotation ADD COLUMN keypoints TEXT; -- JSON; NULL: none are set
      ALTER TABLE category ADD COLUMN skeleton TEXT; -- JSON; NULL: its objects have none
      ALTER TABLE category ADD COLUMN place REAL; -- NULL: nobody has ordered it`),
};
