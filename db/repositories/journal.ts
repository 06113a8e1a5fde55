import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Diff } from '../../core/diff.ts';
import type { RecordId } from '../../core/records.ts';
import type { Database } from '../database.ts';
import type { HistoryStep } from '../project.ts';

/** A step as the journal keeps it; `diffs` are in the order in which they were applied. */
export interface JournalStep {
  readonly id: number;
  readonly label: string;
  readonly diffs: readonly Diff[];
}

/**
 * Writes a diff as the newest step and drops the steps that were undone. A diff of the same group as the newest
 * step joins it.
 * @returns the step's id
 */
export function recordStep(
  database: Database,
  step: { label: string; diff: Diff; imageId: RecordId | null; group: string | null; atMs: number },
): number {
  database.run('DELETE FROM journal_step WHERE done = 0');
  const stepId = openGroup(database, step.group) ?? insertStep(database, step);
  const { encoding, bytes } = encodeDiff(step.diff);
  database.run(
    'INSERT INTO journal_diff (step_id, encoding, diff) VALUES (@stepId, @encoding, @bytes)',
    { stepId, encoding, bytes },
  );
  return stepId;
}

function openGroup(database: Database, group: string | null): number | null {
  if (group === null) return null;
  const newest = database.get<{ id: number; group_key: string | null }>(
    'SELECT id, group_key FROM journal_step ORDER BY id DESC LIMIT 1',
  );
  return newest?.group_key === group ? newest.id : null;
}

function insertStep(
  database: Database,
  step: { label: string; imageId: RecordId | null; group: string | null; atMs: number },
): number {
  const { label, imageId, group, atMs } = step;
  return database.run(
    `INSERT INTO journal_step (label, image_id, group_key, at_ms)
     VALUES (@label, @imageId, @group, @atMs)`,
    { label, imageId, group, atMs },
  ).lastRowId;
}

/** The step that undo takes back. */
export function newestDoneStep(database: Database): JournalStep | null {
  return readStep(
    database,
    'SELECT id, label FROM journal_step WHERE done = 1 ORDER BY id DESC LIMIT 1',
  );
}

/** The step that redo does again. */
export function oldestUndoneStep(database: Database): JournalStep | null {
  return readStep(
    database,
    'SELECT id, label FROM journal_step WHERE done = 0 ORDER BY id LIMIT 1',
  );
}

function readStep(database: Database, sql: string): JournalStep | null {
  const step = database.get<{ id: number; label: string }>(sql);
  return step ? { ...step, diffs: [...diffsOfStep(database, step.id)] } : null;
}

/** The diffs of a step, one at a time: a large import need not be held at once. */
export function* diffsOfStep(database: Database, stepId: number): Generator<Diff> {
  const sql =
    'SELECT id, encoding, diff FROM journal_diff WHERE step_id = @stepId AND id > @after ORDER BY id LIMIT 1';
  let after = 0;
  for (;;) {
    const row = database.get<{ id: number; encoding: string; diff: Uint8Array }>(sql, {
      stepId,
      after,
    });
    if (!row) return;
    yield decodeDiff(row.encoding, row.diff);
    after = row.id;
  }
}

export function markStep(database: Database, stepId: number, done: boolean): void {
  database.run('UPDATE journal_step SET done = @done WHERE id = @stepId', {
    stepId,
    done: Number(done),
  });
}

/** Steps newest first, from the one before `before`. */
export function listSteps(database: Database, before: number, limit: number): HistoryStep[] {
  return database
    .all<{ id: number; label: string; at_ms: number; done: number; image_id: string | null }>(
      `SELECT id, label, at_ms, done, image_id FROM journal_step
       WHERE id < @before ORDER BY id DESC LIMIT @limit`,
      { before, limit },
    )
    .map((row) => ({
      id: row.id,
      label: row.label,
      atMs: row.at_ms,
      done: row.done === 1,
      imageId: row.image_id,
    }));
}

/** Whether any step is done, or undone. */
export function hasStep(database: Database, done: boolean): boolean {
  const sql = 'SELECT 1 FROM journal_step WHERE done = @done LIMIT 1';
  return database.get(sql, { done: Number(done) }) !== undefined;
}

/** Ids of the steps that are done, oldest first. */
export function doneStepIds(database: Database): number[] {
  return database
    .all<{ id: number }>('SELECT id FROM journal_step WHERE done = 1 ORDER BY id')
    .map(({ id }) => id);
}

/** Below this many characters compression saves less than it costs. */
const compressFrom = 1024;

function encodeDiff(diff: Diff): { encoding: 'json' | 'deflate'; bytes: Uint8Array } {
  const json = JSON.stringify(diff);
  return json.length < compressFrom
    ? { encoding: 'json', bytes: Buffer.from(json) }
    : { encoding: 'deflate', bytes: deflateRawSync(json, { level: 1 }) };
}

function decodeDiff(encoding: string, bytes: Uint8Array): Diff {
  const json = encoding === 'deflate' ? inflateRawSync(bytes) : Buffer.from(bytes);
  return JSON.parse(json.toString('utf8')) as Diff;
}
