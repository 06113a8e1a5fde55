import { parentPort } from 'node:worker_threads';
import { toErrorEnvelope } from '../core/errors.ts';
import { configureConnection } from './configure-connection.ts';
import { Database } from './database.ts';
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
} from './step-task.ts';
import { redoing, TakenChange, travelling, undoing, type StepTaker } from './take-steps.ts';

// Entry of the thread that `StepThread` starts: it takes steps in one transaction over a
// connection of its own, while everybody reads what was before.

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
    const change = new TakenChange(task.recordsTold, (done, total) =>
      tell({ kind: 'progress', done, total }),
    );
    const { value: step, rows } = inTransaction(task.file, shared, tell, (database) =>
      slicesOf(database, task.to, task.taker, change),
    );
    tell({ kind: 'taken', step, diff: change.toDiff(), rows });
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
        if (Atomics.load(shared, sharedPlaces.isStopped) !== 0) {
          throw journalFailure('cancelled', 'nothingChanged', {});
        }
        const slice = slices.next();
        if (slice.done) return { value: slice.value, rows: database.rowsWritten };
      }
    });
  } finally {
    database.watcher = null;
    database.close();
  }
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
