import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Diff } from '../../core/diff.ts';
import {
  imageStates,
  type ImageState,
  type ProjectRecord,
  type RecordId,
} from '../../core/records.ts';
import type { Database } from '../database.ts';
import { jsonOnce } from '../json-once.ts';
import type { HistoryStep, StateChange } from '../project.ts';
import type { Slices } from '../slices.ts';

/** A step of the journal; its diffs are read one at a time (see {@link diffsOfStep}). */
export interface JournalStep {
  readonly id: number;
  readonly label: string;
}

/**
 * Writes diffs as the newest step, resting after each, and drops the steps that were undone. Diffs of the same group
 * as the newest step join it.
 * @returns the step's id
 */
export function* recordStep(
  database: Database,
  step: {
    label: string;
    diffs: readonly Diff[];
    imageId: RecordId | null;
    group: string | null;
    atMs: number;
  },
): Slices<number> {
  database.run('DELETE FROM journal_step WHERE done = 0');
  const stepId = openGroup(database, step.group) ?? insertStep(database, step);
  const changes = sumOf([stateChangesOfStep(database, stepId), ...step.diffs.map(stateChangeOf)]);
  database.run('UPDATE journal_step SET state_changes = @changes WHERE id = @stepId', {
    stepId,
    changes: JSON.stringify(changes),
  });
  for (const diff of step.diffs) {
    const { encoding, bytes } = encodeDiff(diff);
    database.run(
      'INSERT INTO journal_diff (step_id, encoding, diff) VALUES (@stepId, @encoding, @bytes)',
      { stepId, encoding, bytes },
    );
    yield;
  }
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
  const sql = 'SELECT id, label FROM journal_step WHERE done = 1 ORDER BY id DESC LIMIT 1';
  return database.get<JournalStep>(sql) ?? null;
}

/** The step that redo does again. */
export function oldestUndoneStep(database: Database): JournalStep | null {
  const sql = 'SELECT id, label FROM journal_step WHERE done = 0 ORDER BY id LIMIT 1';
  return database.get<JournalStep>(sql) ?? null;
}

/**
 * The diffs of a step in the order in which they were applied, one at a time: a large import need not be held at
 * once.
 * @param options `newestFirst`: in the opposite order
 */
export function* diffsOfStep(
  database: Database,
  stepId: number,
  { newestFirst = false }: { newestFirst?: boolean } = {},
): Generator<Diff> {
  const [next, order] = newestFirst ? ['<', 'DESC'] : ['>', 'ASC'];
  const sql = `SELECT id, encoding, diff FROM journal_diff
    WHERE step_id = @stepId AND id ${next} @after ORDER BY id ${order} LIMIT 1`;
  let after = newestFirst ? Number.MAX_SAFE_INTEGER : 0;
  for (;;) {
    const row = database.get<{ id: number; encoding: string; diff: Uint8Array }>(sql, {
      stepId,
      after,
    });
    if (!row) return;
    yield JSON.parse(readDiff(row.encoding, row.diff)) as Diff;
    after = row.id;
  }
}

/** How many diffs the steps after one hold up to another. */
export function countParts(database: Database, after: number, upTo: number): number {
  const sql =
    'SELECT count(*) AS parts FROM journal_diff WHERE step_id > @after AND step_id <= @upTo';
  return database.get<{ parts: number }>(sql, { after, upTo })!.parts;
}

export function markStep(database: Database, stepId: number, done: boolean): void {
  database.run('UPDATE journal_step SET done = @done WHERE id = @stepId', {
    stepId,
    done: Number(done),
  });
}

/** Id of the step that undo takes back. */
export function newestDoneId(database: Database): number | null {
  const sql = 'SELECT max(id) AS id FROM journal_step WHERE done = 1';
  return database.get<{ id: number | null }>(sql)!.id;
}

/** Id of the step that redo does again. */
export function oldestUndoneId(database: Database): number | null {
  const sql = 'SELECT min(id) AS id FROM journal_step WHERE done = 0';
  return database.get<{ id: number | null }>(sql)!.id;
}

/** How many images more, or fewer, are in a state; states without a change are absent. */
export type StateSums = Readonly<Partial<Record<ImageState, number>>>;

/** How a diff changes the number of images in each state. */
export function stateChangeOf(diff: Diff): StateSums {
  const of = (record: ProjectRecord, by: 1 | -1): StateSums =>
    record.kind === 'image' ? { [record.state]: by } : {};
  return sumOf([
    ...Object.values(diff.removed).map((record) => of(record, -1)),
    ...Object.values(diff.updated).flatMap(([from, to]) => [of(from, -1), of(to, 1)]),
    ...Object.values(diff.added).map((record) => of(record, 1)),
  ]);
}

/** All changes together. */
export function sumOf(changes: readonly StateSums[]): StateSums {
  const sums = imageStates.map((state) => {
    return [state, changes.reduce((sum, change) => sum + (change[state] ?? 0), 0)] as const;
  });
  return Object.fromEntries(sums.filter(([, by]) => by !== 0));
}

/** What the step says of its diffs (see {@link stateChangeOf}). */
export function stateChangesOfStep(database: Database, id: number): StateSums {
  const sql = 'SELECT state_changes FROM journal_step WHERE id = @id';
  const { state_changes } = database.get<{ state_changes: string }>(sql, { id })!;
  return JSON.parse(state_changes) as StateSums;
}

/** How the states of images changed with each done step, oldest first. Steps that changed none are passed over. */
export function stateChanges(database: Database): StateChange[] {
  return database
    .all<{ at_ms: number; state_changes: string }>(
      `SELECT at_ms, state_changes FROM journal_step
       WHERE done = 1 AND state_changes <> '{}' ORDER BY id`,
    )
    .map(({ at_ms, state_changes }) => {
      const none = Object.fromEntries(imageStates.map((state) => [state, 0]));
      const change = { ...none, ...(JSON.parse(state_changes) as StateSums) };
      return { atMs: at_ms, change: change as StateChange['change'] };
    });
}

/** Steps newest first, from the one before `before`. */
export function listSteps(database: Database, before: number, limit: number): HistoryStep[] {
  return database
    .all<{
      id: number;
      label: string;
      at_ms: number;
      done: number;
      image_id: string | null;
      path: string | null;
    }>(
      `SELECT journal_step.id, label, at_ms, done, image_id, path
       FROM journal_step LEFT JOIN image ON image.id = image_id
       WHERE journal_step.id < @before ORDER BY journal_step.id DESC LIMIT @limit`,
      { before, limit },
    )
    .map((row) => ({
      id: row.id,
      label: row.label,
      atMs: row.at_ms,
      done: row.done === 1,
      imageId: row.image_id,
      imagePath: row.path,
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
  const json = jsonOfDiff(diff);
  return json.length < compressFrom
    ? { encoding: 'json', bytes: Buffer.from(json) }
    : { encoding: 'deflate', bytes: deflateRawSync(json, { level: 1 }) };
}

/** As `JSON.stringify` writes it, but for the order of an annotation's keys. */
function jsonOfDiff({ added, updated, removed }: Diff): string {
  const both = ([from, to]: readonly [ProjectRecord, ProjectRecord]) =>
    `[${jsonOfRecord(from)},${jsonOfRecord(to)}]`;
  return `{"added":${jsonOfMap(added, jsonOfRecord)},"updated":${jsonOfMap(updated, both)},"removed":${jsonOfMap(removed, jsonOfRecord)}}`;
}

function jsonOfMap<Value>(
  map: Readonly<Record<string, Value>>,
  jsonOf: (value: Value) => string,
): string {
  const entries = Object.entries(map).map(
    ([id, value]) => `${JSON.stringify(id)}:${jsonOf(value)}`,
  );
  return `{${entries.join(',')}}`;
}

function jsonOfRecord(record: ProjectRecord): string {
  if (record.kind !== 'annotation') return JSON.stringify(record);
  const { geometry, ...rest } = record;
  return `${JSON.stringify(rest).slice(0, -1)},"geometry":${jsonOnce(geometry)}}`;
}

function readDiff(encoding: string, bytes: Uint8Array): string {
  const json = encoding === 'deflate' ? inflateRawSync(bytes) : Buffer.from(bytes);
  return json.toString('utf8');
}
