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
  | { readonly kind: 'quick-check'; readonly file: string }
  /** Answers what was rescued; see rescueFile. */
  | { readonly kind: 'rescue'; readonly file: string; readonly target: string };

/** Who follows a task, and may stop one that can be stopped. */
export interface BackgroundWatch {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((done: number, total: number | null) => void) | undefined;
}

/** A task as the thread gets it; its flag is 1 when the task is to stop. */
export type BackgroundOrder = BackgroundTask & { readonly stop: Int32Array };

export type BackgroundAnswer =
  | { readonly done: number; readonly total: number | null }
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly error: ErrorEnvelope;
      /** The code and path of an error of the file system, which has no sentence yet. */
      readonly system?: Pick<NodeJS.ErrnoException, 'code' | 'path'>;
    };

/** The thread that waits for the next task: starting one takes longer than most tasks. */
let resting: Worker | null = null;

/**
 * Runs a task in a thread that does nothing else meanwhile.
 * @throws AppError what the task throws.
 */
export async function inBackground(
  task: BackgroundTask,
  watch: BackgroundWatch = {},
): Promise<unknown> {
  const worker = resting ?? new Worker(threadEntry('background-thread'));
  resting = null;
  // The process may end while the thread rests, but not while somebody waits for it.
  worker.ref();
  const answer = await answerOf(worker, task, watch);
  worker.unref();
  // Another call may have put its own to rest meanwhile.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition
  if (resting) void worker.terminate();
  else resting = worker;
  if (answer.ok) return answer.value;
  const { error, system } = answer;
  throw system ? Object.assign(new Error(error.message), system) : fromErrorEnvelope(error);
}

type LastAnswer = Extract<BackgroundAnswer, { ok: boolean }>;

function answerOf(
  worker: Worker,
  task: BackgroundTask,
  { signal, progress }: BackgroundWatch,
): Promise<LastAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<LastAnswer>();
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const cancel = () => void Atomics.store(stop, 0, 1);
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel);
  const hear = (answer: BackgroundAnswer) => {
    if ('ok' in answer) resolve(answer);
    else progress?.(answer.done, answer.total);
  };
  const onExit = () => reject(new Error(`The ${task.kind} ended without an answer.`));
  worker.on('message', hear).once('error', reject).once('exit', onExit);
  worker.postMessage({ ...task, stop } satisfies BackgroundOrder);
  return promise.finally(() => {
    signal?.removeEventListener('abort', cancel);
    worker.off('message', hear).off('error', reject).off('exit', onExit);
  });
}
