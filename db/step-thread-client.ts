import {
  MessageChannel,
  receiveMessageOnPort,
  Worker,
  type MessagePort,
} from 'node:worker_threads';
import type { Diff } from '../core/diff.ts';
import { fromErrorEnvelope } from '../core/errors.ts';
import type { CommitWatcher } from './database.ts';
import { journalFailure } from './journal-sentences.ts';
import type { JournalStep } from './repositories/journal.ts';
import type { QueuedWork } from './sliced-work.ts';
import { reportSlowStatement, slowStatementMs } from './slow-statements.ts';
import { permission, sharedPlaces, type StepMessage, type StepTask } from './step-task.ts';
import { threadEntry } from './thread-entry.ts';

/** Requests to the thread. */
export interface ThreadStep extends Pick<StepTask, 'file' | 'to' | 'taker' | 'recordsTold'> {
  readonly signal: AbortSignal | undefined;
  readonly progress: ((done: number, total: number) => void) | undefined;
  /** Is asked and told of the commit in this thread. */
  readonly watcher: CommitWatcher | null;
}

export interface TakenStep {
  readonly step: JournalStep | null;
  readonly diff: Diff | null;
}

/** The thread that takes large steps of an open project; it is started with the first one. */
export class StepThread {
  #worker: Worker | null = null;
  #underWay = 0;

  /** Steps as work that waits for its turn. */
  work(
    step: ThreadStep,
    resolve: (taken: TakenStep) => void,
    reject: (thrown: unknown) => void,
  ): QueuedWork {
    return new ThreadWork(step, (task) => this.#begin(task), {
      resolve: (taken) => {
        this.#underWay -= 1;
        resolve(taken);
      },
      reject: (thrown, isBegun) => {
        if (isBegun) this.#underWay -= 1;
        reject(thrown);
      },
    });
  }

  #begin(task: StepTask): void {
    this.#underWay += 1;
    this.#worker ??= new Worker(threadEntry('step-thread'));
    // A caller that waits for the step keeps the process alive.
    this.#worker.unref();
    this.#worker.postMessage(task, [task.port]);
  }

  /** Ends the thread, unless it takes a step. */
  async end(): Promise<void> {
    if (this.#underWay > 0) return;
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }
}

interface Settle {
  resolve(taken: TakenStep): void;
  reject(thrown: unknown, isBegun: boolean): void;
}

class ThreadWork implements QueuedWork {
  readonly #step: ThreadStep;
  readonly #begin: (task: StepTask) => void;
  readonly #settle: Settle;
  readonly #shared = new Int32Array(new SharedArrayBuffer(4 * sharedPlaces.count));
  readonly #over = Promise.withResolvers<undefined>();
  #port: MessagePort | null = null;
  #isOver = false;
  /** Why it must not commit. */
  #refusal: { readonly thrown: unknown } | null = null;

  constructor(step: ThreadStep, begin: (task: StepTask) => void, settle: Settle) {
    this.#step = step;
    this.#begin = begin;
    this.#settle = settle;
  }

  get pause(): Promise<void> | null {
    return this.#port && !this.#isOver ? this.#over.promise : null;
  }

  advance(untilMs: number): boolean {
    if (!this.#port && !this.#start()) return true;
    while (!this.#isOver && untilMs === Infinity) this.#awaitMessage();
    return this.#isOver;
  }

  /** @returns whether it is under way */
  #start(): boolean {
    const { signal } = this.#step;
    if (signal?.aborted) {
      this.#settle.reject(journalFailure('cancelled', 'nothingChanged', {}), false);
      this.#end();
      return false;
    }
    signal?.addEventListener('abort', this.#stop, { once: true });
    const { port1, port2 } = new MessageChannel();
    this.#port = port1.on('message', (message: StepMessage) => this.#hear(message));
    const { file, to, taker, recordsTold } = this.#step;
    const { buffer: shared } = this.#shared;
    const slowMs = slowStatementMs();
    this.#begin({ file, to, taker, recordsTold, slowMs, shared, port: port2 });
    return true;
  }

  readonly #stop = (): void => {
    Atomics.store(this.#shared, sharedPlaces.isStopped, 1);
  };

  /** Hears what has come, or else waits for more. */
  #awaitMessage(): void {
    const seen = Atomics.load(this.#shared, sharedPlaces.messages);
    const received = receiveMessageOnPort(this.#port!) as { message: StepMessage } | undefined;
    if (received) this.#hear(received.message);
    else Atomics.wait(this.#shared, sharedPlaces.messages, seen);
  }

  #hear(message: StepMessage): void {
    switch (message.kind) {
      case 'progress':
        if (!this.#step.signal?.aborted) this.#step.progress?.(message.done, message.total);
        return;
      case 'slow':
        return reportSlowStatement(message.sql, message.ms);
      case 'whole':
        return this.#permit();
      case 'taken':
        this.#conclude(message);
        return this.#end();
      case 'failed':
        this.#settle.reject(this.#refusal?.thrown ?? fromErrorEnvelope(message.error), true);
        return this.#end();
    }
  }

  #permit(): void {
    try {
      if (this.#step.signal?.aborted) throw journalFailure('cancelled', 'nothingChanged', {});
      this.#step.watcher?.beforeCommit();
    } catch (thrown) {
      this.#refusal = { thrown };
    }
    const answer = this.#refusal ? permission.takeBack : permission.commit;
    Atomics.store(this.#shared, sharedPlaces.permission, answer);
    Atomics.notify(this.#shared, sharedPlaces.permission);
  }

  #conclude({ step, diff }: TakenStep): void {
    try {
      this.#step.watcher?.afterCommit();
      this.#settle.resolve({ step, diff });
    } catch (thrown) {
      this.#settle.reject(thrown, true);
    }
  }

  #end(): void {
    this.#isOver = true;
    this.#step.signal?.removeEventListener('abort', this.#stop);
    this.#port?.close();
    this.#over.resolve(undefined);
  }
}
