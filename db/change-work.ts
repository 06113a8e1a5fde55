import { diffSize, type Diff } from '../core/diff.ts';
import { journalFailure } from './journal-sentences.ts';
import type { QueuedWork } from './sliced-work.ts';

/**
 * Records of a change that is applied in slices. A larger one is worth a thread, so that nobody
 * waits for its commit.
 */
const recordsInSlices = 3000;

/** The two ways to apply diffs as one change. */
export interface WaysToApply {
  inSlices(diffs: readonly Diff[]): QueuedWork;
  inThread(diffs: Iterator<Diff>): QueuedWork;
}

/**
 * A change as work that waits for its turn. Its diffs are made when it has the turn, some in
 * advance, because their number decides where they are applied.
 */
export class ChangeWork implements QueuedWork {
  readonly #diffs: Iterator<Diff>;
  readonly #signal: AbortSignal | undefined;
  readonly #ways: WaysToApply;
  readonly #reject: (thrown: unknown) => void;
  readonly #made: Diff[] = [];
  #records = 0;
  #work: QueuedWork | null = null;

  constructor(
    diffs: Iterable<Diff>,
    signal: AbortSignal | undefined,
    ways: WaysToApply,
    reject: (thrown: unknown) => void,
  ) {
    this.#diffs = diffs[Symbol.iterator]();
    this.#signal = signal;
    this.#ways = ways;
    this.#reject = reject;
  }

  get pause(): Promise<void> | null {
    return this.#work?.pause ?? null;
  }

  advance(untilMs: number): boolean {
    try {
      while (!this.#work) {
        if (this.#signal?.aborted) throw journalFailure('cancelled', 'nothingChanged', {});
        this.#make();
        if (performance.now() >= untilMs) return false;
      }
    } catch (thrown) {
      this.#reject(thrown);
      return true;
    }
    return this.#work.advance(untilMs);
  }

  #make(): void {
    const next = this.#diffs.next();
    if (next.done) {
      this.#work = this.#ways.inSlices(this.#made);
      return;
    }
    this.#made.push(next.value);
    this.#records += diffSize(next.value);
    if (this.#records > recordsInSlices) this.#work = this.#ways.inThread(this.#all());
  }

  *#all(): Generator<Diff> {
    for (let diff = this.#made.shift(); diff; diff = this.#made.shift()) yield diff;
    for (let next = this.#diffs.next(); !next.done; next = this.#diffs.next()) yield next.value;
  }
}
