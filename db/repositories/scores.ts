import {
  keptRowSchema,
  storedRunSchema,
  type KeptRow,
  type ScoreOutcome,
  type ScoreRow,
  type ScoreRowQuery,
  type ScoreRun,
} from '../../core/scores/run.ts';
import type { Database } from '../database.ts';
import { parseStored } from '../sqlite/records/stored-json.ts';

interface RunRow {
  readonly id: string;
  readonly at_ms: number;
  readonly report: string;
}

interface AnswerRow {
  readonly position: number;
  readonly item_id: string;
  readonly image: string;
  readonly agreement: number;
  readonly row: string;
}

/** The runs of a project, the newest first. */
export function allRuns(database: Database): ScoreRun[] {
  const sql = 'SELECT id, at_ms, report FROM score_run ORDER BY at_ms DESC, id DESC';
  return database.all<RunRow>(sql).flatMap((row) => runOf(row) ?? []);
}

/** Null for one that is not there. */
export function findRun(database: Database, id: string): ScoreRun | null {
  const row = database.get<RunRow>('SELECT id, at_ms, report FROM score_run WHERE id = @id', {
    id,
  });
  return row ? runOf(row) : null;
}

/** Null for one that this version cannot read. */
function runOf({ id, at_ms: atMs, report }: RunRow): ScoreRun | null {
  const { data } = storedRunSchema.safeParse(parseStored(report));
  return data ? { id, atMs, ...(data as unknown as Pick<ScoreRun, 'report' | 'agreement'>) } : null;
}

const orders: Readonly<Record<ScoreRowQuery['order'], string>> = {
  worst: 'agreement, position',
  best: 'agreement DESC, position',
  items: 'position',
  hints: `json_extract(row, '$.hint.distractor') IS NULL, coalesce(json_extract(row, '$.hint.roundTripIou'), 2), position`,
};

/** A page of a run's items; those that this version cannot read are left out. */
export function rowsOfRun(
  database: Database,
  runId: string,
  { order, offset, limit }: ScoreRowQuery,
): ScoreRow[] {
  const sql = `SELECT position, item_id, image, agreement, row FROM score_answer
    WHERE run_id = @runId ORDER BY ${orders[order]} LIMIT @limit OFFSET @offset`;
  return database.all<AnswerRow>(sql, { runId, limit, offset }).flatMap((row) => {
    const { position, item_id: itemId, image, agreement } = row;
    const { data } = keptRowSchema.safeParse(parseStored(row.row));
    return data ? [{ position, itemId, image, agreement, kept: data as unknown as KeptRow }] : [];
  });
}

/** The row of an item in the newest run that has it, and that run; null without one. */
export function newestRowOf(
  database: Database,
  itemId: string,
): { readonly run: ScoreRun; readonly row: ScoreRow } | null {
  const sql = `SELECT run_id, position, item_id, image, agreement, row FROM score_answer
    JOIN score_run ON score_run.id = run_id WHERE item_id = @itemId ORDER BY at_ms DESC LIMIT 1`;
  const [found] = database.all<AnswerRow & { readonly run_id: string }>(sql, { itemId });
  const run = found ? findRun(database, found.run_id) : null;
  const { data } = keptRowSchema.safeParse(found ? parseStored(found.row) : null);
  if (!found || !run || !data) return null;
  const { position, image, agreement } = found;
  return { run, row: { position, itemId, image, agreement, kept: data as unknown as KeptRow } };
}

/** Scores of the items of a run, in their order. */
export function outcomesOfRun(database: Database, runId: string): ScoreOutcome[] {
  const sql = `SELECT item_id, agreement, json_extract(row, '$.outcome') AS outcome FROM score_answer
    WHERE run_id = @runId ORDER BY position`;
  type Row = Pick<AnswerRow, 'item_id' | 'agreement'> & { readonly outcome: string };
  return database.all<Row>(sql, { runId }).map((row) => ({
    itemId: row.item_id,
    agreement: row.agreement,
    outcome: parseStored(row.outcome),
  }));
}

/** Keeps a run and all of its rows, in one transaction. */
export function addRun(database: Database, run: ScoreRun, rows: readonly ScoreRow[]): void {
  database.transaction(() => {
    const { id, atMs, report, agreement } = run;
    database.run(
      'INSERT INTO score_run (id, task, at_ms, report) VALUES (@id, @task, @atMs, @report)',
      {
        ...{ id, atMs, task: report.task },
        report: JSON.stringify({ report, agreement }),
      },
    );
    for (const { position, itemId, image, agreement: near, kept } of rows) {
      database.run(
        `INSERT INTO score_answer (run_id, position, item_id, image, agreement, row)
         VALUES (@id, @position, @itemId, @image, @near, @row)`,
        { id, position, itemId, image, near, row: JSON.stringify(kept) },
      );
    }
  });
}

/** Forgets a run. */
export function removeRun(database: Database, id: string): void {
  database.run('DELETE FROM score_run WHERE id = @id', { id });
}
