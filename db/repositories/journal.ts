import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import type { Diff } from '../../core/diff.ts';
import { AppError } from '../../core/errors.ts';
import { noImages } from '../../core/image-states.ts';
import {
  imageStates,
  type ImageState,
  type ProjectRecord,
  type RecordId,
} from '../../core/records.ts';
import { stepLabelSchema, type StepLabel } from '../../core/project/step-labels.ts';
import type { Database } from '../database.ts';
import type { HistoryStep, StateChange } from '../project.ts';
import type { Slices } from '../slices.ts';
import { annotationFromRow, annotationRows, hasChecksum } from '../sqlite/records/annotation.ts';
import { isRecord, isWithin } from '../sqlite/records/plain-json.ts';
import { recordFailure } from '../sqlite/records/sentences.ts';
import { diffIn } from '../sqlite/records/stored-diff.ts';
import { parseStored, readStoredJson } from '../sqlite/records/stored-json.ts';

/** A step of the journal; its diffs are read one at a time (see {@link diffsOfStep}). */
export interface JournalStep {
  readonly id: number;
  readonly label: StepLabel;
}

/** A label as it is stored: the words, or a key with its parts. */
interface LabelRow {
  readonly label: string;
  readonly labelParts: string | null;
}

const labelColumns = 'label, label_parts AS labelParts';

function labelOf({ label, labelParts }: LabelRow): StepLabel {
  if (labelParts === null) return label;
  const parsed = stepLabelSchema.safeParse({ key: label, parts: parseStored(labelParts) });
  return parsed.success ? parsed.data : label;
}

/** Annotations that stand in the table as a diff added them, with the checksums of their rows. */
export type Standing = ReadonlyMap<RecordId, number>;

/** A diff and those of its additions of which the journal shall hold no copy. */
export interface NewDiff {
  readonly diff: Diff;
  readonly standing: Standing;
}

/** A diff as the journal holds it. */
export interface JournalDiff extends NewDiff {
  readonly id: number;
  /** Without the additions that stand. */
  readonly diff: Diff;
}

/** A step as it is written. */
export interface NewStep {
  readonly label: StepLabel;
  readonly diffs: readonly NewDiff[];
  readonly imageId: RecordId | null;
  readonly group: string | null;
  readonly atMs: number;
  /** Id of the window that takes it; null for nobody's. */
  readonly window: string | null;
  /** The person of the step, known to the project; null without a name. */
  readonly person: RecordId | null;
  /** Id of the step that this one takes back. */
  readonly takesBack?: number;
  /** Id of the step of the kind above that this one undoes. */
  readonly doesAgain?: number;
}

/**
 * Writes diffs as the newest step, resting after each, and drops the steps that were undone. Diffs
 * of the same group as the newest step join it.
 * @returns the step's id
 */
export function* recordStep(database: Database, step: NewStep): Slices<number> {
  database.run('DELETE FROM journal_step WHERE done = 0');
  const stepId = openGroup(database, step.group) ?? insertStep(database, step);
  const changes = sumOf([
    stateChangesOfStep(database, stepId),
    ...step.diffs.map(({ diff }) => stateChangeOf(diff)),
  ]);
  database.run('UPDATE journal_step SET state_changes = @changes WHERE id = @stepId', {
    stepId,
    changes: JSON.stringify(changes),
  });
  for (const { diff, standing } of step.diffs) {
    const { encoding, bytes } = encodeDiff(withoutStanding(diff, standing));
    database.run(
      `INSERT INTO journal_diff (step_id, encoding, diff, standing)
       VALUES (@stepId, @encoding, @bytes, @standing)`,
      { stepId, encoding, bytes, standing: standingJson(diff, standing) },
    );
    yield;
  }
  return stepId;
}

function withoutStanding(diff: Diff, standing: Standing): Diff {
  if (standing.size === 0) return diff;
  const added = Object.create(null) as Diff['added'];
  for (const id in diff.added) if (!standing.has(id)) added[id] = diff.added[id]!;
  return { ...diff, added };
}

/** Of the annotations that the diff adds. */
function standingJson(diff: Diff, standing: Standing): string {
  if (standing.size === 0) return '{}';
  const entries: string[] = [];
  for (const id in diff.added) {
    const checksum = standing.get(id);
    if (checksum !== undefined) entries.push(`${JSON.stringify(id)}:${checksum}`);
  }
  return `{${entries.join(',')}}`;
}

function openGroup(database: Database, group: string | null): number | null {
  if (group === null) return null;
  const newest = database.get<{ id: number; group_key: string | null }>(
    'SELECT id, group_key FROM journal_step ORDER BY id DESC LIMIT 1',
  );
  return newest?.group_key === group ? newest.id : null;
}

function insertStep(database: Database, step: NewStep): number {
  const { imageId, group, atMs, window, person, takesBack = null, doesAgain = null } = step;
  const isText = typeof step.label === 'string';
  const label = isText ? step.label : step.label.key;
  const labelParts = isText ? null : JSON.stringify(step.label.parts);
  return database.run(
    `INSERT INTO journal_step
       (label, label_parts, image_id, group_key, at_ms, window_id, person_id, takes_back, does_again)
     VALUES (@label, @labelParts, @imageId, @group, @atMs, @window, @person, @takesBack, @doesAgain)`,
    { label, labelParts, imageId, group, atMs, window, person, takesBack, doesAgain },
  ).lastRowId;
}

/** The newest done step. */
export function newestDoneStep(database: Database): JournalStep | null {
  const sql = `SELECT id, ${labelColumns} FROM journal_step WHERE done = 1 ORDER BY id DESC LIMIT 1`;
  const step = database.get<{ id: number } & LabelRow>(sql);
  return step ? { id: step.id, label: labelOf(step) } : null;
}

const notOfOthers = `(window_id IS NULL OR window_id NOT IN (SELECT value FROM json_each(@others)))`;

/** The oldest undone step, unless it is of one of the other windows. */
export function oldestUndoneStep(
  database: Database,
  others: readonly string[],
): JournalStep | null {
  const sql = `SELECT id, ${labelColumns}, ${notOfOthers} AS isOwn FROM journal_step
    WHERE done = 0 ORDER BY id LIMIT 1`;
  const step = database.get<{ id: number; isOwn: number } & LabelRow>(sql, {
    others: JSON.stringify(others),
  });
  return step?.isOwn ? { id: step.id, label: labelOf(step) } : null;
}

/** The step that undo takes back: the newest done one that stands, of all but the other windows. */
export function undoTarget(database: Database, others: readonly string[]): JournalStep | null {
  for (const step of standingSteps(database, others)) if (step.takesBack === null) return step;
  return null;
}

/**
 * The step that took back what redo does again where that took a step of its own: the newest,
 * unless a change came after it.
 */
export function redoTarget(database: Database, others: readonly string[]): JournalStep | null {
  for (const step of standingSteps(database, others)) {
    if (step.takesBack !== null) return step;
    if (step.doesAgain === null) return null;
  }
  return null;
}

interface StandingStep extends JournalStep {
  readonly takesBack: number | null;
  readonly doesAgain: number | null;
}

/**
 * Done steps of all but the other windows, newest first, without those that a later step took back
 * or did again.
 */
function* standingSteps(database: Database, others: readonly string[]): Generator<StandingStep> {
  const sql = `SELECT id, ${labelColumns}, takes_back AS takesBack, does_again AS doesAgain FROM journal_step
    WHERE done = 1 AND id < @before AND ${notOfOthers} ORDER BY id DESC LIMIT 1`;
  const answered = new Set<number>();
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const row = database.get<Omit<StandingStep, 'label'> & LabelRow>(sql, {
      before,
      others: JSON.stringify(others),
    });
    if (!row) return;
    const step = { ...row, label: labelOf(row) };
    // A step that stands no more has still answered the one before it.
    for (const id of [step.takesBack, step.doesAgain]) if (id !== null) answered.add(id);
    if (!answered.has(step.id)) yield step;
    before = step.id;
  }
}

/** Whether going to a step would undo or redo steps of the other windows. */
export function hasOthersBetween(
  database: Database,
  stepId: number,
  others: readonly string[],
): boolean {
  const sql = `SELECT 1 FROM journal_step WHERE NOT ${notOfOthers}
    AND (done = 1 AND id > @stepId OR done = 0 AND id <= @stepId) LIMIT 1`;
  return database.get(sql, { stepId, others: JSON.stringify(others) }) !== undefined;
}

/**
 * The diffs of a step in the order in which they were applied, one at a time: a large import need
 * not be held at once.
 * @param options `newestFirst`: in the opposite order
 * @throws AppError `database-corrupt` where one cannot be read.
 */
export function* diffsOfStep(
  database: Database,
  stepId: number,
  { newestFirst = false }: { newestFirst?: boolean } = {},
): Generator<JournalDiff> {
  const [next, order] = newestFirst ? ['<', 'DESC'] : ['>', 'ASC'];
  const sql = `SELECT id, encoding, diff, standing FROM journal_diff
    WHERE step_id = @stepId AND id ${next} @after ORDER BY id ${order} LIMIT 1`;
  let after = newestFirst ? Number.MAX_SAFE_INTEGER : 0;
  for (;;) {
    const row = database.get<{ id: number; encoding: string; diff: Uint8Array; standing: string }>(
      sql,
      { stepId, after },
    );
    if (!row) return;
    const { id, encoding, diff, standing } = row;
    yield {
      id,
      diff: diffOf(readDiff(encoding, diff), stepId),
      standing: readStanding(standing, stepId),
    };
    after = id;
  }
}

function diffOf(json: string, stepId: number): Diff {
  const diff = diffIn(parseStored(json));
  if (diff) return diff;
  const parts = { ...subjectOf(stepId), column: 'diff' };
  throw recordFailure('database-corrupt', 'recordUnreadable', parts);
}

const standingSchema = z.record(z.string(), z.int().min(0));

function isPlainStanding(value: unknown): boolean {
  if (!isRecord(value)) return false;
  for (const id in value) if (id === '__proto__' || !isWithin(value[id], 0, 2 ** 32)) return false;
  return true;
}

function readStanding(json: string, stepId: number): Standing {
  const subject = subjectOf(stepId);
  const standing = readStoredJson(json, standingSchema, 'standing', subject, isPlainStanding);
  return new Map(Object.entries(standing));
}

/** More would hold up others: work rests between two statements only. */
const rowsAtOnce = 100;

/**
 * A diff of the journal with the additions that stand, read from the table, resting after every
 * few.
 * @throws AppError `conflict` where one was changed or removed since.
 */
export function* wholeDiff(database: Database, { diff, standing }: JournalDiff): Slices<Diff> {
  if (standing.size === 0) return diff;
  const added = Object.create(null) as Diff['added'];
  for (const id in diff.added) added[id] = diff.added[id]!;
  const entries = [...standing];
  for (let start = 0; start < entries.length; start += rowsAtOnce) {
    const some = entries.slice(start, start + rowsAtOnce);
    const ids = some.map(([id]) => id);
    const rows = annotationRows(database, ids);
    for (const [id, checksum] of some) {
      const row = rows.get(id);
      const annotation = row && annotationFromRow(row);
      if (!annotation || !hasChecksum(row, annotation, checksum)) {
        const what = annotation ? 'was changed in the meantime' : 'does not exist any more';
        const message = `Annotation ${id} ${what}. Nothing was changed.`;
        throw new AppError('conflict', message, { id, kind: 'annotation' });
      }
      added[id] = annotation;
    }
    yield;
  }
  return { ...diff, added };
}

/** Writes a diff into the journal with all of its additions, for they leave the table. */
export function keepWhole(database: Database, { id, standing }: JournalDiff, whole: Diff): void {
  if (standing.size === 0) return;
  const { encoding, bytes } = encodeDiff(whole);
  database.run(
    `UPDATE journal_diff SET encoding = @encoding, diff = @bytes, standing = '{}' WHERE id = @id`,
    { id, encoding, bytes },
  );
}

/** How many diffs the steps after one hold up to another. */
export function countParts(database: Database, after: number, upTo: number): number {
  const sql =
    'SELECT count(*) AS parts FROM journal_diff WHERE step_id > @after AND step_id <= @upTo';
  return database.get<{ parts: number }>(sql, { after, upTo })!.parts;
}

/** The image that a step belongs to. */
export function imageOfStep(database: Database, stepId: number): RecordId | null {
  const sql = 'SELECT image_id AS imageId FROM journal_step WHERE id = @stepId';
  return database.get<{ imageId: string | null }>(sql, { stepId })?.imageId ?? null;
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

/** Id of the newest step, done or not; 0 without any. */
export function newestStepId(database: Database): number {
  const sql = 'SELECT coalesce(max(id), 0) AS id FROM journal_step';
  return database.get<{ id: number }>(sql)!.id;
}

/** Id of the step that redo does again. */
export function oldestUndoneId(database: Database): number | null {
  const sql = 'SELECT min(id) AS id FROM journal_step WHERE done = 0';
  return database.get<{ id: number | null }>(sql)!.id;
}

const stateSumsSchema = z.partialRecord(z.enum(imageStates), z.number().int()).readonly();

/** How many images more, or fewer, are in a state; states without a change are absent. */
export type StateSums = z.output<typeof stateSumsSchema>;

/** How a diff changes the number of images in each state. */
export function stateChangeOf(diff: Diff): StateSums {
  const sums: Partial<Record<ImageState, number>> = {};
  const note = (record: ProjectRecord, by: 1 | -1): void => {
    if (record.kind === 'image') sums[record.state] = (sums[record.state] ?? 0) + by;
  };
  for (const id in diff.removed) note(diff.removed[id]!, -1);
  for (const id in diff.updated) {
    const [from, to] = diff.updated[id]!;
    note(from, -1);
    note(to, 1);
  }
  for (const id in diff.added) note(diff.added[id]!, 1);
  return sumOf([sums]);
}

/** All changes together. */
export function sumOf(changes: readonly StateSums[]): StateSums {
  const sums = imageStates.map((state) => {
    return [state, changes.reduce((sum, change) => sum + (change[state] ?? 0), 0)] as const;
  });
  return Object.fromEntries(sums.filter(([, by]) => by !== 0));
}

/** The state changes of the diffs of a step (see {@link stateChangeOf}). */
export function stateChangesOfStep(database: Database, id: number): StateSums {
  const sql = 'SELECT state_changes FROM journal_step WHERE id = @id';
  const { state_changes } = database.get<{ state_changes: string }>(sql, { id })!;
  return readStateSums(id, state_changes);
}

function readStateSums(stepId: number, json: string): StateSums {
  return readStoredJson(json, stateSumsSchema, 'state_changes', subjectOf(stepId));
}

function subjectOf(stepId: number): { kind: 'journal step'; id: string } {
  return { kind: 'journal step', id: String(stepId) };
}

/**
 * How the states of images changed with each done step, oldest first. Steps that changed none are
 * passed over.
 */
export function stateChanges(database: Database): StateChange[] {
  return database
    .all<{ id: number; at_ms: number; state_changes: string }>(
      `SELECT id, at_ms, state_changes FROM journal_step
       WHERE done = 1 AND state_changes <> '{}' ORDER BY id`,
    )
    .map(({ id, at_ms, state_changes }) => {
      const change = { ...noImages(), ...readStateSums(id, state_changes) };
      return { atMs: at_ms, change };
    });
}

/** Steps newest first, from the one before `before`. */
export function listSteps(database: Database, before: number, limit: number): HistoryStep[] {
  return database
    .all<{
      id: number;
      label: string;
      labelParts: string | null;
      at_ms: number;
      person: string | null;
      done: number;
      takes_back: number | null;
      does_again: number | null;
      image_id: string | null;
      path: string | null;
    }>(
      `SELECT journal_step.id, ${labelColumns}, at_ms, person.name AS person, done, takes_back, does_again,
         image_id, path
       FROM journal_step LEFT JOIN image ON image.id = image_id LEFT JOIN person ON person.id = person_id
       WHERE journal_step.id < @before ORDER BY journal_step.id DESC LIMIT @limit`,
      { before, limit },
    )
    .map((row) => ({
      id: row.id,
      label: labelOf(row),
      atMs: row.at_ms,
      person: row.person,
      done: row.done === 1,
      kind: row.takes_back !== null ? 'undo' : row.does_again !== null ? 'redo' : 'change',
      imageId: row.image_id,
      imagePath: row.path,
    }));
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

/**
 * More than a diff of the largest records comes to; a few bytes of a stranger's could inflate to
 * all of the memory.
 */
const longestDiffBytes = 2 ** 28;

/** Bytes; a diff of a thousand records comes in one piece or two, not in fifty. */
const inflatedAtOnce = 1 << 19;

/** The JSON of a diff; nothing, which is no JSON, where its bytes are damaged. */
function readDiff(encoding: string, bytes: Uint8Array): string {
  if (encoding !== 'deflate') return Buffer.from(bytes).toString('utf8');
  try {
    const limits = { maxOutputLength: longestDiffBytes, chunkSize: inflatedAtOnce };
    return inflateRawSync(bytes, limits).toString('utf8');
  } catch {
    return '';
  }
}
