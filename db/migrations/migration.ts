import type { Database } from '../database.ts';

/**
 * One step of the schema. `up` uses plain SQL only: it must not change when repositories or record
 * types do. Journalled diffs stay valid after it, or `up` rewrites them too.
 */
export interface Migration {
  readonly version: number;
  up(database: Database): void;
}
