import { changesNothing, type Diff } from '../core/diff.ts';
import type { StepLabel } from '../core/project/step-labels.ts';
import type { Person, RecordId } from '../core/records.ts';
import { applyToTables, requireUnchanged } from './apply-diff.ts';
import type { Database } from './database.ts';
import { requireMasksOfImageSize } from './mask-sizes.ts';
import { newestStepId, recordStep } from './repositories/journal.ts';
import { addPerson } from './repositories/people.ts';
import type { Slices } from './slices.ts';
import { splitDiff } from './split-diff.ts';

/** The journal's note of a change. */
export interface ChangeNote {
  readonly label: StepLabel;
  readonly imageId: RecordId | null;
  /** Changes of one group that follow each other are one step. */
  readonly group: string | null;
  readonly window: string | null;
  /** Null without a name. */
  readonly person: Person | null;
}

/**
 * Applies a diff and writes it into the journal. A diff that changes nothing writes nothing: undo
 * of its step would show nothing. Its records must be as it says, too.
 * @returns the id of its step; that of the newest step where it changes nothing
 * @throws AppError `conflict`, `invalid-input`, after some rows are written: call it inside a
 *   transaction.
 */
export function* applyStep(database: Database, note: ChangeNote, diff: Diff): Slices<number> {
  if (changesNothing(diff)) {
    yield* requireUnchanged(database, diff);
    return newestStepId(database);
  }
  const { person, ...kept } = note;
  // The person is known to the project from now on.
  if (person) addPerson(database, person);
  const standing = yield* applyToTables(database, diff);
  yield* requireMasksOfImageSize(database, diff);
  return yield* recordStep(database, {
    ...kept,
    person: person?.id ?? null,
    diffs: splitDiff(diff).map((part) => ({ diff: part, standing })),
    atMs: Date.now(),
  });
}

/**
 * Applies diffs one after another.
 * @returns the id of the last one's step
 */
export function* applySteps(
  database: Database,
  note: ChangeNote,
  diffs: Iterable<Diff>,
): Slices<number> {
  let stepId = newestStepId(database);
  for (const diff of diffs) {
    stepId = yield* applyStep(database, note, diff);
    yield;
  }
  return stepId;
}
