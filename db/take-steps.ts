import { DiffSquash, invertDiff, type Diff } from '../core/diff.ts';
import { applyToTables } from './apply-diff.ts';
import type { Database } from './database.ts';
import {
  countParts,
  diffsOfStep,
  markStep,
  newestDoneId,
  newestDoneStep,
  oldestUndoneId,
  oldestUndoneStep,
  type JournalStep,
} from './repositories/journal.ts';
import type { Slices } from './slices.ts';

/** What steps that are taken back or done again change, as long as it is little enough to be told. */
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

/** Takes back the newest done step. */
export function* undoing(database: Database, change: TakenChange): Slices<JournalStep | null> {
  const step = newestDoneStep(database);
  if (!step) return null;
  change.expect(countParts(database, step.id - 1, step.id));
  yield* replaying(database, step, false, change);
  return step;
}

/** Does the oldest undone step again. */
export function* redoing(database: Database, change: TakenChange): Slices<JournalStep | null> {
  const step = oldestUndoneStep(database);
  if (!step) return null;
  change.expect(countParts(database, step.id - 1, step.id));
  yield* replaying(database, step, true, change);
  return step;
}

/** Takes back or does again steps until this one is the newest that is done; answers the last of them. */
export function* travelling(
  database: Database,
  stepId: number,
  change: TakenChange,
): Slices<JournalStep | null> {
  const from = newestDoneId(database) ?? 0;
  change.expect(countParts(database, Math.min(from, stepId), Math.max(from, stepId)));
  let last: JournalStep | null = null;
  while ((newestDoneId(database) ?? 0) > stepId) {
    last = newestDoneStep(database)!;
    yield* replaying(database, last, false, change);
  }
  for (let id = oldestUndoneId(database); id !== null && id <= stepId;) {
    last = oldestUndoneStep(database)!;
    yield* replaying(database, last, true, change);
    id = oldestUndoneId(database);
  }
  return last;
}

function* replaying(
  database: Database,
  { id }: JournalStep,
  done: boolean,
  change: TakenChange,
): Slices<void> {
  for (const stored of diffsOfStep(database, id, { newestFirst: !done })) {
    const diff = done ? stored : invertDiff(stored);
    yield* applyToTables(database, diff);
    change.note(diff);
    yield;
  }
  markStep(database, id, done);
}
