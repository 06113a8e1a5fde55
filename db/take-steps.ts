import { DiffSquash, invertDiff, type Diff } from '../core/diff.ts';
import { AppError } from '../core/errors.ts';
import type { Person } from '../core/records.ts';
import { applyToTables } from './apply-diff.ts';
import type { Database } from './database.ts';
import {
  countParts,
  diffsOfStep,
  imageOfStep,
  hasOthersBetween,
  keepWhole,
  markStep,
  newestDoneId,
  newestDoneStep,
  oldestUndoneId,
  oldestUndoneStep,
  recordStep,
  redoTarget,
  undoTarget,
  wholeDiff,
  type JournalStep,
  type NewDiff,
} from './repositories/journal.ts';
import { addPerson } from './repositories/people.ts';
import type { Slices } from './slices.ts';
import { journalFailure } from './journal-sentences.ts';

/** The combined change of undone or redone steps, if it is small enough to be sent. */
export class TakenChange {
  readonly #limit: number;
  readonly #progress: ((done: number, total: number) => void) | undefined;
  #squash: DiffSquash | null = new DiffSquash();
  #total = 0;
  #done = 0;

  constructor(limit: number, progress?: (done: number, total: number) => void) {
    this.#limit = limit;
    this.#progress = progress;
  }

  /** Says how many parts will be noted. */
  expect(parts: number): void {
    this.#total = parts;
    this.#progress?.(0, parts);
  }

  note(diff: Diff): void {
    this.#squash?.add(diff);
    // A large import is never held at once.
    if (this.#squash && this.#squash.size > this.#limit) this.#squash = null;
    this.#done += 1;
    this.#progress?.(this.#done, this.#total);
  }

  /** Null when it is more than the limit. */
  toDiff(): Diff | null {
    return this.#squash?.toDiff() ?? null;
  }
}

/**
 * The actor of steps: a person in a window, and the other open windows, whose steps are skipped.
 */
export interface StepTaker {
  readonly window: string | null;
  /** The person of the steps; null without a name. */
  readonly person: Person | null;
  readonly others: readonly string[];
}

/**
 * Takes back the newest done step that is not of another window. Where steps of others came after
 * it, this is a step of its own.
 * @throws AppError `conflict` when one of those changed the same records.
 */
export function* undoing(
  database: Database,
  taker: StepTaker,
  change: TakenChange,
): Slices<JournalStep | null> {
  const step = undoTarget(database, taker.others);
  if (!step) return null;
  if (step.id !== newestDoneId(database)) {
    return yield* answering(database, step, 'takesBack', taker, change);
  }
  change.expect(countParts(database, step.id - 1, step.id));
  yield* replaying(database, step, false, change);
  return step;
}

/**
 * Does the oldest undone step again, or what a step of its own took back.
 * @throws AppError `conflict` as `undoing`.
 */
export function* redoing(
  database: Database,
  taker: StepTaker,
  change: TakenChange,
): Slices<JournalStep | null> {
  const undone = oldestUndoneStep(database, taker.others);
  if (undone) {
    change.expect(countParts(database, undone.id - 1, undone.id));
    yield* replaying(database, undone, true, change);
    return undone;
  }
  const step = redoTarget(database, taker.others);
  return step && (yield* answering(database, step, 'doesAgain', taker, change));
}

/**
 * Takes back or does again steps until this one is the newest that is done; answers the last of
 * them.
 * @throws AppError `conflict` when steps of other open windows are among them.
 */
export function* travelling(
  database: Database,
  stepId: number,
  { others }: StepTaker,
  change: TakenChange,
): Slices<JournalStep | null> {
  if (hasOthersBetween(database, stepId, others)) {
    throw journalFailure('conflict', 'travelAcrossOthers', {});
  }
  const from = newestDoneId(database) ?? 0;
  change.expect(countParts(database, Math.min(from, stepId), Math.max(from, stepId)));
  let last: JournalStep | null = null;
  while ((newestDoneId(database) ?? 0) > stepId) {
    last = newestDoneStep(database)!;
    yield* replaying(database, last, false, change);
  }
  for (let id = oldestUndoneId(database); id !== null && id <= stepId;) {
    last = oldestUndoneStep(database, [])!;
    yield* replaying(database, last, true, change);
    id = oldestUndoneId(database);
  }
  return last;
}

/**
 * Takes back a step that others came after, or does again what such a step took back: as a new
 * step.
 */
function* answering(
  database: Database,
  { id, label }: JournalStep,
  how: 'takesBack' | 'doesAgain',
  taker: StepTaker,
  change: TakenChange,
): Slices<JournalStep> {
  change.expect(countParts(database, id - 1, id));
  const diffs: NewDiff[] = [];
  try {
    for (const stored of diffsOfStep(database, id, { newestFirst: true })) {
      yield;
      const diff = invertDiff(yield* wholeDiff(database, stored));
      const standing = yield* applyToTables(database, diff, stored.standing);
      diffs.push({ diff, standing });
      change.note(diff);
      yield;
    }
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'conflict') throw thrown;
    throw journalFailure('conflict', 'undoAcrossOthers', { label }, thrown);
  }
  const [atMs, imageId, group] = [Date.now(), imageOfStep(database, id), null];
  if (taker.person) addPerson(database, taker.person);
  const by = { window: taker.window, person: taker.person?.id ?? null };
  const written = { label, diffs, imageId, group, atMs, ...by, [how]: id };
  return { id: yield* recordStep(database, written), label };
}

function* replaying(
  database: Database,
  { id }: JournalStep,
  done: boolean,
  change: TakenChange,
): Slices<void> {
  for (const stored of diffsOfStep(database, id, { newestFirst: !done })) {
    yield;
    const whole = yield* wholeDiff(database, stored);
    const diff = done ? whole : invertDiff(whole);
    yield* applyToTables(database, diff, stored.standing);
    keepWhole(database, stored, whole);
    change.note(diff);
    yield;
  }
  markStep(database, id, done);
}
