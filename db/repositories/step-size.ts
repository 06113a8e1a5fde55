import type { Database } from '../database.ts';

/**
 * How many diffs, of at most a thousand records each, lead from the present to after a step;
 * counted up to `limit`.
 */
export function countDiffsTo(database: Database, stepId: number, limit: number): number {
  return database.get<{ count: number }>(
    `SELECT count(*) AS count FROM (
       SELECT 1 FROM journal_step JOIN journal_diff ON step_id = journal_step.id
       WHERE (done = 1 AND journal_step.id > @stepId) OR (done = 0 AND journal_step.id <= @stepId)
       LIMIT @limit)`,
    { stepId, limit },
  )!.count;
}
