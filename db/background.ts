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

/** Runs a task in a thread of its own. @throws AppError what the task throws. */
export function inBackground(task: BackgroundTask): Promise<readonly string[]> {
  const worker = new Worker(threadEntry('background-thread'), { workerData: task });
  return new Promise((resolve, reject) => {
    worker.once('message', (answer: BackgroundAnswer) => {
      if (answer.ok) resolve(answer.value);
      else reject(fromErrorEnvelope(answer.error));
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error(`The ${task.kind} ended without an answer.`)));
  });
}
