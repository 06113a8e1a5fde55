import { parentPort } from 'node:worker_threads';
import type { Diff } from '../core/diff.ts';
import { toErrorEnvelope } from '../core/errors.ts';
import { applySteps, type ChangeNote } from './apply-step.ts';
import { configureConnection } from './configure-connection.ts';
import { Database } from './database.ts';
import { givenDiffs, requireWanted } from './given-diffs.ts';
import { journalFailure } from './journal-sentences.ts';
import type { JournalStep } from './repositories/journal.ts';
import type { Slices } from './slices.ts';
import { watchSlowStatements } from './slow-statements.ts';
import {
  permission,
  sharedPlaces,
  type StepMessage,
  type StepTarget,
  type StepTask,
  type StepWork,
} from './step-task.ts';
import { redoing, TakenChange, travelling, undoing, type StepTaker } from './take-steps.ts';

// Entry of the thread that `StepThread` starts: it takes steps, or applies a large change, in one
// transaction over a connection of its own, while everybody reads what was before.

parentPort!.on('message', (task: StepTask) => take(task));

function take(task: StepTask): void {
  const { port } = task;
  const shared = new Int32Array(task.shared);
  const tell = (message: StepMessage): void => {
    port.postMessage(message);
    Atomics.add(shared, sharedPlaces.messages, 1);
    Atomics.notify(shared, sharedPlaces.messages);
  };
  watchSlowStatements(task.slowMs, (sql, ms) => tell({ kind: 'slow', sql, ms }));
  try {
    const onTaken = (): void => tell({ kind: 'message-taken' });
    const { value, rows } = inTransaction(task.file, shared, tell, (database) =>
      task.work.kind === 'take'
        ? taking(database, task.work, tell)
        : applying(database, task.work.note, givenDiffs(port, shared, onTaken)),
    );
    tell({ kind: 'taken', ...value, rows });
  } catch (thrown) {
    tell({ kind: 'failed', error: toErrorEnvelope(thrown) });
  } finally {
    port.close();
  }
}

function inTransaction<Result>(
  file: string,
  shared: Int32Array<SharedArrayBuffer>,
  tell: (message: StepMessage) => void,
  begin: (database: Database) => Slices<Result>,
): { readonly value: Result; readonly rows: number } {
  const database = new Database(file, { mustExist: true });
  try {
    configureConnection(database);
    // The thread that has the project open sees to the log.
    database.pragma('wal_autocheckpoint = 0');
    database.watcher = {
      beforeCommit() {
        tell({ kind: 'whole' });
        Atomics.wait(shared, sharedPlaces.permission, permission.pending);
        const answer = Atomics.load(shared, sharedPlaces.permission);
        if (answer !== permission.commit) throw journalFailure('cancelled', 'nothingChanged', {});
      },
      afterCommit: () => undefined,
    };
    return database.transaction(() => {
      const slices = begin(database);
      for (;;) {
        requireWanted(shared);
        const slice = slices.next();
        if (slice.done) return { value: slice.value, rows: database.rowsWritten };
      }
    });
  } finally {
    database.watcher = null;
    database.close();
  }
}

interface Taken {
  readonly step: JournalStep | null;
  readonly diff: Diff | null;
}

function* taking(
  database: Database,
  { to, taker, recordsTold }: Extract<StepWork, { kind: 'take' }>,
  tell: (message: StepMessage) => void,
): Slices<Taken> {
  const change = new TakenChange(recordsTold, (done, total) =>
    tell({ kind: 'progress', done, total }),
  );
  const step = yield* slicesOf(database, to, taker, change);
  return { step, diff: change.toDiff() };
}

function slicesOf(
  database: Database,
  to: StepTarget,
  taker: StepTaker,
  change: TakenChange,
): Slices<JournalStep | null> {
  if (to === 'undo') return undoing(database, taker, change);
  if (to === 'redo') return redoing(database, taker, change);
  return travelling(database, to, taker, change);
}

function* applying(database: Database, note: ChangeNote, diffs: Iterable<Diff>): Slices<Taken> {
  const id = yield* applySteps(database, note, diffs);
  return { step: { id, label: note.label }, diff: null };
}
