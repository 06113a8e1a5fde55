import { Worker } from 'node:worker_threads';
import { fromErrorEnvelope, type ErrorEnvelope } from '../core/errors.ts';
import { threadEntry } from './thread-entry.ts';

/** Work on a project's file that takes long and needs no more than a connection that reads. */
export type BackgroundTask =
  | { readonly kind: 'backup'; readonly file: string; readonly target: string }
  | { readonly kind: 'restore'; readonly backup: string; readonly target: string }
  /** Moves what the write-ahead log holds into the file, while others go on reading and writing. */
  | { readonly kind: 'move-log'; readonly file: string }
  /** SQLite's quick check; answers what is wrong. */
  | { readonly kind: 'quick-check'; readonly file: string };

export type BackgroundAnswer =
  | { readonly ok: true; readonly value: readonly string[] }
  | { readonly ok: false; readonly error: ErrorEnvelope };

/** The thread that waits for the next task: starting one takes longer than most tasks. */
let resting: Worker | null = null;

/**
 * Runs a task in a thread that does nothing else meanwhile.
 * @throws AppError what the task throws.
 */
export async function inBackground(task: BackgroundTask): Promise<readonly string[]> {
  const worker = resting ?? new Worker(threadEntry('background-thread'));
  resting = null;
  // The process may end while the thread rests, but not while somebody waits for it.
  worker.ref();
  const answer = await answerOf(worker, task);
  worker.unref();
  // Another call may have put its own to rest meanwhile.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition
  if (resting) void worker.terminate();
  else resting = worker;
  if (answer.ok) return answer.value;
  throw fromErrorEnvelope(answer.error);
}

function answerOf(worker: Worker, task: BackgroundTask): Promise<BackgroundAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<BackgroundAnswer>();
  const onExit = () => reject(new Error(`The ${task.kind} ended without an answer.`));
  worker.once('message', resolve).once('error', reject).once('exit', onExit);
  worker.postMessage(task);
  return promise.finally(() => {
    worker.off('message', resolve).off('error', reject).off('exit', onExit);
  });
}
