import type Sqlite from 'better-sqlite3';
import { failure } from '../core/errors.ts';
import type { Slices } from './slices.ts';

/** One transaction in slices, from its first to its last. */
export class SlicedWork<Result> {
  readonly #sqlite: Sqlite.Database;
  readonly #slices: Slices<Result>;
  readonly #signal: AbortSignal | undefined;
  readonly #commit: () => void;
  readonly #resolve: (result: Result) => void;
  readonly #reject: (thrown: unknown) => void;
  #isBegun = false;

  constructor(
    sqlite: Sqlite.Database,
    slices: Slices<Result>,
    signal: AbortSignal | undefined,
    commit: () => void,
    resolve: (result: Result) => void,
    reject: (thrown: unknown) => void,
  ) {
    this.#sqlite = sqlite;
    this.#slices = slices;
    this.#signal = signal;
    this.#commit = commit;
    this.#resolve = resolve;
    this.#reject = reject;
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
        if (this.#signal?.aborted) throw failure('cancelled', 'nothingChanged', {});
        const step = this.#slices.next();
        if (!step.done) continue;
        this.#commit();
        this.#resolve(step.value);
        return true;
      } while (performance.now() < untilMs);
      return false;
    } catch (thrown) {
      if (this.#sqlite.inTransaction) this.#sqlite.exec('ROLLBACK');
      this.#reject(thrown);
      return true;
    }
  }
}
