import type Sqlite from 'better-sqlite3';
import { syncFileAside } from './durable.ts';
import type { Slices } from './slices.ts';
import { journalFailure } from './journal-sentences.ts';

/** Work that waits for its turn, one after another. */
export interface QueuedWork {
  /** The condition for continuing, if any. */
  readonly pause: Promise<void> | null;
  /**
   * Goes on until a time (`performance.now()`), at Infinity to its end.
   * @returns whether it is over
   */
  advance(untilMs: number): boolean;
}

/** One transaction in slices, from its first to its last. */
export class SlicedWork<Result> implements QueuedWork {
  readonly #sqlite: Sqlite.Database;
  readonly #log: () => string;
  readonly #slices: Slices<Result>;
  readonly #signal: AbortSignal | undefined;
  readonly #commit: () => void;
  readonly #resolve: (result: Result) => void;
  readonly #reject: (thrown: unknown) => void;
  #isBegun = false;
  #hasRested = false;
  #result: { readonly value: Result } | null = null;
  #syncing: Promise<void> | null = null;
  #isSynced = false;

  /** @param log gives the path of the write-ahead log */
  constructor(
    sqlite: Sqlite.Database,
    log: () => string,
    slices: Slices<Result>,
    signal: AbortSignal | undefined,
    commit: () => void,
    resolve: (result: Result) => void,
    reject: (thrown: unknown) => void,
  ) {
    this.#sqlite = sqlite;
    this.#log = log;
    this.#slices = slices;
    this.#signal = signal;
    this.#commit = commit;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  get pause(): Promise<void> | null {
    return this.#syncing;
  }

  /**
   * Goes on until a time (`performance.now()`), at least for one slice.
   * @returns whether it is over: committed, or taken back
   */
  advance(untilMs: number): boolean {
    try {
      if (!this.#isBegun) this.#sqlite.exec('BEGIN IMMEDIATE');
      this.#isBegun = true;
      do {
        if (this.#signal?.aborted) throw journalFailure('cancelled', 'nothingChanged', {});
        if (!this.#result) {
          const step = this.#slices.next();
          if (!step.done) continue;
          this.#result = { value: step.value };
        }
        if (this.#hasRested && untilMs !== Infinity && !this.#isLogSynced()) return false;
        this.#commit();
        this.#resolve(this.#result.value);
        return true;
      } while (performance.now() < untilMs);
      this.#hasRested = true;
      return false;
    } catch (thrown) {
      if (this.#sqlite.inTransaction) this.#sqlite.exec('ROLLBACK');
      this.#reject(thrown);
      return true;
    }
  }

  /**
   * Whether what long work has put into the log is on disk. A commit would wait for it, and
   * everybody for the commit; so another thread sees to it, and little is left for the commit.
   */
  #isLogSynced(): boolean {
    if (this.#isSynced) return true;
    this.#syncing ??= Promise.race([this.#syncLog(), this.#whenAborted()]);
    return false;
  }

  async #syncLog(): Promise<void> {
    // The commit tells what is wrong with the disk.
    await syncFileAside(this.#log()).catch(() => undefined);
    this.#isSynced = true;
    this.#syncing = null;
  }

  #whenAborted(): Promise<undefined> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#signal?.addEventListener('abort', () => resolve(undefined), { once: true });
    return promise;
  }
}
