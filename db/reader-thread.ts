import { parentPort, workerData } from 'node:worker_threads';
import { toErrorEnvelope } from '../core/errors.ts';
import type { ProjectReader } from './project.ts';
import { openSnapshot } from './project-snapshot.ts';
import { watchSlowStatements } from './slow-statements.ts';
import { reads, type ReadAnswer, type ReadQuestion } from './reads.ts';

// Entry of the thread that `ReaderThread` starts: it answers one question after another, each from
// a snapshot of its own.

const { slowMs } = workerData as { slowMs: number };

watchSlowStatements(slowMs, (sql, ms) =>
  parentPort!.postMessage({ slow: { sql, ms } } satisfies ReadAnswer),
);

parentPort!.on('message', (question: ReadQuestion) => parentPort!.postMessage(answer(question)));

function answer({ id, file, name, input }: ReadQuestion): ReadAnswer {
  try {
    const snapshot = openSnapshot(file);
    try {
      const read = reads[name] as (project: ProjectReader, input: unknown) => unknown;
      return { id, ok: true, value: read(snapshot, input) };
    } finally {
      snapshot.close();
    }
  } catch (thrown) {
    return { id, ok: false, error: toErrorEnvelope(thrown) };
  }
}
