import { projectFailure } from '../project/sentences.ts';

/**
 * Steps are taken in the order of the calls, also where one waits for a copy of the project first.
 * Opening, closing and saving elsewhere take their turn too, so that a waiting step is taken in the
 * project that it was asked for.
 */
export class StepOrder {
  #last: Promise<unknown> = Promise.resolve();
  /** How often another project took the place of the open one. */
  #changes = 0;

  /**
   * Does the work when all that was given before has ended.
   * @throws AppError `conflict` where another project is open by then
   */
  take<Result>(work: () => Promise<Result>): Promise<Result> {
    const asked = this.#changes;
    return this.inTurn(() => {
      if (asked !== this.#changes) throw projectFailure('conflict', 'stepOfOtherProject', {});
      return work();
    });
  }

  /** {@link take} of a work that concerns no records. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => null);
    return done;
  }

  /** Refuses the steps that wait: another project is open now, or none. */
  noteChange(): void {
    this.#changes += 1;
  }
}
