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

/**
 * Reads a project that this process has open in a thread of its own, which is started with the
 * first question and answers one after another. What was written before a question is seen; what
 * is written later is not.
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
    const worker = (this.#worker ??= this.#start());
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    // The process may end without the thread, but not while somebody waits for it.
    worker.ref();
    worker.postMessage({ id, name, input } satisfies ReadQuestion);
    return (await promise) as Reads[Name]['output'];
  }

  /**
   * Ends the thread once it comes to rest; what waits for it is refused. The next question starts
   * another one.
   */
  async end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    this.#refuse(projectFileFailure('project-not-open', 'projectNotOpen', {}));
    await worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(threadEntry('reader-thread'), {
      workerData: { file: this.#file, slowMs: slowStatementMs() },
    });
    worker.on('message', (answer: ReadAnswer) => this.#settle(worker, answer));
    worker.on('error', (thrown) => {
      this.#worker = null;
      this.#refuse(thrown);
    });
    return worker;
  }

  #settle(worker: Worker, answer: ReadAnswer): void {
    if ('slow' in answer) return reportSlowStatement(answer.slow.sql, answer.slow.ms);
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) worker.unref();
    if (answer.ok) waiting?.resolve(answer.value);
    else waiting?.reject(fromErrorEnvelope(answer.error));
  }

  #refuse(thrown: unknown): void {
    const refused = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of refused) reject(thrown);
  }
}
