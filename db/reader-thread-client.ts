import { Worker } from 'node:worker_threads';
import { fromErrorEnvelope } from '../core/errors.ts';
import type { Reads } from './project.ts';
import type { ReadAnswer, ReadQuestion } from './reads.ts';
import { reportSlowStatement, slowStatementMs } from './slow-statements.ts';
import { threadEntry } from './thread-entry.ts';
import { projectFileFailure } from './project-file-sentences.ts';

interface Waiting {
  resolve(value: unknown): void;
  reject(thrown: unknown): void;
}

/** Threads that answered for projects which are closed by now: starting one takes long. */
const resting: Worker[] = [];
/** As many as a project has readers. */
const mostResting = 3;

/**
 * Reads a project that this process has open in a thread of its own, which is taken with the
 * first question and answers one after another. A question sees the changes before it and none
 * after it.
 */
export class ReaderThread {
  readonly #file: string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #lastId = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /**
   * @throws AppError what reading throws; `project-not-open` when the thread is ended before it
   * has answered.
   */
  async read<Name extends keyof Reads>(
    name: Name,
    input: Reads[Name]['input'],
  ): Promise<Reads[Name]['output']> {
    const worker = (this.#worker ??= this.#take());
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    // The process may end without the thread, but not while somebody waits for it.
    worker.ref();
    worker.postMessage({ id, file: this.#file, name, input } satisfies ReadQuestion);
    return (await promise) as Reads[Name]['output'];
  }

  /**
   * Lets go of the thread; when it is still reading, it is ended and what waits for it is refused.
   * The next question takes another one.
   */
  async end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    if (!worker) return;
    const isAtRest = this.#waiting.size === 0;
    this.#refuse(projectFileFailure('project-not-open', 'projectNotOpen', {}));
    worker.off('message', this.#settle).off('error', this.#fail);
    if (isAtRest && resting.length < mostResting) resting.push(worker);
    else await worker.terminate();
  }

  #take(): Worker {
    const worker =
      resting.pop() ??
      new Worker(threadEntry('reader-thread'), { workerData: { slowMs: slowStatementMs() } });
    return worker.on('message', this.#settle).on('error', this.#fail);
  }

  readonly #fail = (thrown: unknown): void => {
    this.#worker = null;
    this.#refuse(thrown);
  };

  readonly #settle = (answer: ReadAnswer): void => {
    if ('slow' in answer) return reportSlowStatement(answer.slow.sql, answer.slow.ms);
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#worker?.unref();
    if (answer.ok) waiting?.resolve(answer.value);
    else waiting?.reject(fromErrorEnvelope(answer.error));
  };

  #refuse(thrown: unknown): void {
    const refused = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of refused) reject(thrown);
  }
}
