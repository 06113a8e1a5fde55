import type { Database } from '../database.ts';

/** Diffs that lead from the present to after a step. */
const diffsBetween = `FROM journal_step JOIN journal_diff ON step_id = journal_step.id
  WHERE (done = 1 AND journal_step.id > @stepId OR done = 0 AND journal_step.id <= @stepId)`;

/**
 * How many diffs, of at most a thousand records each, lead from the present to after a step;
 * counted up to `limit`.
 */
export function countDiffsTo(database: Database, stepId: number, limit: number): number {
  return database.get<{ count: number }>(
    `SELECT count(*) AS count FROM (SELECT 1 ${diffsBetween} LIMIT @limit)`,
    { stepId, limit },
  )!.count;
}

/** Compressed, some thousand records; reading or writing more holds up others. */
const bytesOfLongDiff = 500_000;
/** Of some thousand additions that stand in the table. */
const bytesOfLongStanding = 150_000;

/**
 * Whether one of the diffs from the present to after a step is long: a diff that changes categories
 * or images beside annotations is kept in one piece.
 */
export function hasLongDiffTo(database: Database, stepId: number): boolean {
  const sql = `SELECT 1 ${diffsBetween}
    AND (octet_length(diff) > @bytesOfLongDiff OR octet_length(standing) > @bytesOfLongStanding) LIMIT 1`;
  return database.get(sql, { stepId, bytesOfLongDiff, bytesOfLongStanding }) !== undefined;
}
