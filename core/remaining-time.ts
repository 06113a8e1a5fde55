/** A rate is taken over this long, at least. */
const windowMs = 15_000;
/** And over this many steps forward, where they are rarer. */
const windowSteps = 4;
/** Work that began less than this ago says nothing: its first steps may have been prepared. */
const shortestMs = 2000;

interface Sample {
  readonly atMs: number;
  readonly done: number;
}

/**
 * Estimates how long work will still take from the rate at which it went forward lately: work that
 * becomes slower, or has parts of another kind, is not judged by how it began. Work that counts
 * anew, or against another total, is judged anew.
 */
export class RemainingTime {
  #total: number | null = null;
  /** Where the work stood, oldest first: what the window needs, and no more. */
  #samples: Sample[];

  /** @param nowMs when the work begins */
  constructor(nowMs: number) {
    this.#samples = [{ atMs: nowMs, done: 0 }];
  }

  /**
   * Takes note of how far the work is.
   * @returns milliseconds that are left; null while they cannot be told, and when nothing is left
   */
  note(done: number, total: number | null, nowMs: number): number | null {
    const last = this.#samples.at(-1)!;
    const isAnew = done < last.done || (this.#total !== null && total !== this.#total);
    this.#total = total;
    if (isAnew) this.#samples = [{ atMs: nowMs, done }];
    else if (done > last.done) this.#keep({ atMs: nowMs, done });
    const first = this.#samples[0]!;
    if (total === null || done >= total || done === first.done) return null;
    const passedMs = nowMs - first.atMs;
    if (passedMs < shortestMs) return null;
    return (passedMs / (done - first.done)) * (total - done);
  }

  #keep(sample: Sample): void {
    this.#samples.push(sample);
    const isSpare = (next: Sample, index: number) =>
      sample.atMs - next.atMs >= windowMs && this.#samples.length - 1 - index >= windowSteps;
    const start = this.#samples.findLastIndex(isSpare);
    if (start > 0) this.#samples.splice(0, start);
  }
}
