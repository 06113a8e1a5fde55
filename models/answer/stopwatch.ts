/** Adds up the milliseconds that stages of a work take; a stage may be timed many times. */
export class Stopwatch {
  readonly #start = performance.now();
  readonly #stages: Record<string, number> = {};

  add(stage: string, milliseconds: number): void {
    this.#stages[stage] = (this.#stages[stage] ?? 0) + milliseconds;
  }

  async time<Value>(stage: string, work: () => Value | Promise<Value>): Promise<Value> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.add(stage, performance.now() - start);
    }
  }

  /** Milliseconds by stage, and `total` since the stopwatch was made. */
  read(): Record<string, number> {
    return { ...this.#stages, total: performance.now() - this.#start };
  }
}
