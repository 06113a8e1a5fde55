import {
  MessageChannel,
  receiveMessageOnPort,
  Worker,
  type MessagePort,
} from 'node:worker_threads';
import type { Diff } from '../core/diff.ts';
import { fromErrorEnvelope } from '../core/errors.ts';
import type { CommitWatcher } from './database.ts';
import { DiffFeed } from './diff-feed.ts';
import { journalFailure } from './journal-sentences.ts';
import type { JournalStep } from './repositories/journal.ts';
import type { QueuedWork } from './sliced-work.ts';
import { reportSlowStatement, slowStatementMs } from './slow-statements.ts';
import { permission, sharedPlaces, type StepMessage, type StepTask } from './step-task.ts';
import { threadEntry } from './thread-entry.ts';

/** Requests to the thread. */
export interface ThreadStep extends Pick<StepTask, 'file' | 'work'> {
  /** Those to apply; none where steps are taken. */
  readonly diffs?: Iterator<Diff>;
  readonly signal: AbortSignal | undefined;
  /** Hears how many parts of taken steps are done. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
  /** Is asked and told of the commit in this thread. */
  readonly watcher: CommitWatcher | null;
  /** Whether nobody writes to the file. */
  readonly isFree: () => boolean;
}

export interface TakenStep {
  readonly step: JournalStep | null;
  readonly diff: Diff | null;
}

/**
 * The thread that takes large steps of an open project and applies large changes; it is started
 * with the first one.
 */
export class StepThread {
  readonly #entry: URL;
  readonly #patienceMs: number;
  #worker: Worker | null = null;
  #underWay = 0;
  #rowsWritten = 0;
  /** Tells the work under way that the thread has ended. */
  #onEnd: ((thrown: unknown) => void) | null = null;

  /**
   * @param patienceMs how long a caller that cannot wait for events waits for a thread that neither
   *   writes nor sends
   */
  constructor(entry = threadEntry('step-thread'), patienceMs = 20_000) {
    this.#entry = entry;
    this.#patienceMs = patienceMs;
  }

  /** How many rows it has written. */
  get rowsWritten(): number {
    return this.#rowsWritten;
  }

  /** Steps as work that waits for its turn. */
  work(
    step: ThreadStep,
    resolve: (taken: TakenStep) => void,
    reject: (thrown: unknown) => void,
  ): QueuedWork {
    return new ThreadWork(step, this.#patienceMs, (task, onEnd) => this.#begin(task, onEnd), {
      resolve: ({ rows, ...taken }) => {
        this.#underWay -= 1;
        this.#rowsWritten += rows;
        resolve(taken);
      },
      reject: (thrown, isBegun) => {
        if (isBegun) this.#underWay -= 1;
        reject(thrown);
      },
    });
  }

  #begin(task: StepTask, onEnd: (thrown: unknown) => void): void {
    this.#worker ??= this.#launch();
    this.#worker.postMessage(task, [task.port]);
    this.#underWay += 1;
    this.#onEnd = onEnd;
  }

  #launch(): Worker {
    const worker = new Worker(this.#entry);
    let reason: unknown = null;
    worker.once('error', (thrown: unknown) => void (reason = thrown));
    worker.once('exit', () => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#onEnd?.(reason);
    });
    // A caller that waits for the step keeps the process alive.
    worker.unref();
    return worker;
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
  resolve(taken: TakenStep & { readonly rows: number }): void;
  reject(thrown: unknown, isBegun: boolean): void;
}

class ThreadWork implements QueuedWork {
  readonly #step: ThreadStep;
  readonly #patienceMs: number;
  readonly #begin: (task: StepTask, onEnd: (thrown: unknown) => void) => void;
  readonly #settle: Settle;
  readonly #shared = new Int32Array(new SharedArrayBuffer(4 * sharedPlaces.count));
  readonly #over = Promise.withResolvers<undefined>();
  #port: MessagePort | null = null;
  #feed: DiffFeed | null = null;
  #isFeedDue = false;
  #isOver = false;
  /** Why it must not commit. */
  #refusal: { readonly thrown: unknown } | null = null;

  constructor(
    step: ThreadStep,
    patienceMs: number,
    begin: (task: StepTask, onEnd: (thrown: unknown) => void) => void,
    settle: Settle,
  ) {
    this.#step = step;
    this.#patienceMs = patienceMs;
    this.#begin = begin;
    this.#settle = settle;
  }

  get pause(): Promise<void> | null {
    return this.#port && !this.#isOver ? this.#over.promise : null;
  }

  advance(untilMs: number): boolean {
    if (!this.#port && !this.#start()) return true;
    let silentSinceMs: number | null = null;
    while (!this.#isOver && untilMs === Infinity) {
      while (this.#give());
      if (this.#awaitMessage() || !this.#step.isFree()) silentSinceMs = null;
      else silentSinceMs ??= performance.now();
      // This thread hears of the end of the other one only when it waits for events.
      const isSilent = silentSinceMs !== null;
      if (isSilent && performance.now() - silentSinceMs! > this.#patienceMs) this.#giveUp(null);
    }
    return this.#isOver;
  }

  /** @returns whether it is under way */
  #start(): boolean {
    const { signal } = this.#step;
    try {
      if (signal?.aborted) throw journalFailure('cancelled', 'nothingChanged', {});
      // The thread opens whatever has the name of the file by then.
      this.#step.watcher?.beforeCommit();
      const { port1, port2 } = new MessageChannel();
      this.#port = port1.on('message', (message: StepMessage) => this.#hear(message));
      const { file, work, diffs } = this.#step;
      const { buffer: shared } = this.#shared;
      const task = { file, work, slowMs: slowStatementMs(), shared, port: port2 };
      this.#begin(task, (thrown) => this.#giveUp(thrown));
      if (diffs) this.#feed = new DiffFeed(diffs, port1, this.#shared);
    } catch (thrown) {
      this.#settle.reject(thrown, false);
      this.#end();
      return false;
    }
    signal?.addEventListener('abort', this.#stop, { once: true });
    this.#feedSoon();
    return true;
  }

  readonly #stop = (): void => {
    Atomics.store(this.#shared, sharedPlaces.isStopped, 1);
    // It may wait for a diff.
    Atomics.add(this.#shared, sharedPlaces.given, 1);
    Atomics.notify(this.#shared, sharedPlaces.given);
  };

  /** Each part of a diff is given in a turn of its own, so that others get theirs in between. */
  #feedSoon(): void {
    if (!this.#feed || this.#isFeedDue) return;
    this.#isFeedDue = true;
    setImmediate(() => {
      this.#isFeedDue = false;
      if (this.#give()) this.#feedSoon();
    });
  }

  /** @returns whether the thread may have room for more */
  #give(): boolean {
    if (!this.#feed || this.#isOver || this.#refusal || this.#step.signal?.aborted) return false;
    try {
      return this.#feed.give();
    } catch (thrown) {
      this.#refusal = { thrown };
      this.#stop();
      return false;
    }
  }

  /**
   * Hears what has come, or else waits for more.
   * @returns whether there is any
   */
  #awaitMessage(): boolean {
    const seen = Atomics.load(this.#shared, sharedPlaces.messages);
    if (this.#hearNext()) return true;
    return Atomics.wait(this.#shared, sharedPlaces.messages, seen, lookMs) !== 'timed-out';
  }

  #hearNext(): boolean {
    const received = receiveMessageOnPort(this.#port!) as { message: StepMessage } | undefined;
    if (received) this.#hear(received.message);
    return received !== undefined;
  }

  /** The thread has ended, or seems to have; it may not commit any more. */
  #giveUp(thrown: unknown): void {
    while (!this.#isOver && this.#hearNext());
    if (this.#isOver) return;
    this.#stop();
    const { pending, takeBack } = permission;
    Atomics.compareExchange(this.#shared, sharedPlaces.permission, pending, takeBack);
    Atomics.notify(this.#shared, sharedPlaces.permission);
    const reason = thrown instanceof Error ? thrown.message : '';
    this.#settle.reject(journalFailure('internal', 'threadEnded', { reason }, thrown), true);
    this.#end();
  }

  #hear(message: StepMessage): void {
    switch (message.kind) {
      case 'progress':
        if (!this.#step.signal?.aborted) this.#step.progress?.(message.done, message.total);
        return;
      case 'message-taken':
        this.#feed?.noteTaken();
        return this.#feedSoon();
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

  #conclude({ step, diff, rows }: Extract<StepMessage, { kind: 'taken' }>): void {
    try {
      this.#step.watcher?.afterCommit();
      this.#settle.resolve({ step, diff, rows });
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

/** How often a caller that cannot wait for events looks whether the thread still writes. */
const lookMs = 1000;
