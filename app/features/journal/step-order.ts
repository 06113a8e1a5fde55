/**
 * Steps are taken in the order of the calls, also where one waits for a copy of the project first.
 */
export class StepOrder {
  #last: Promise<unknown> = Promise.resolve();

  /** Does the work when all that was given before has ended. */
  take<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => null);
    return done;
  }
}
