/** Adds up the milliseconds that stages of a work take; a stage may be timed many times. */
export class Stopwatch {
  readonly #start = performance.now();
  readonly #stages: Record<string, number> = {};

  async time<Value>(stage: string, work: () => Value | Promise<Value>): Promise<Value> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#stages[stage] = (this.#stages[stage] ?? 0) + performance.now() - start;
    }
  }

  /** Milliseconds by stage, and `total` since the stopwatch was made. */
  read(): Record<string, number> {
    return { ...this.#stages, total: performance.now() - this.#start };
  }
}
