/**
 * Work in one write transaction that may rest wherever it yields, so that a process can do other
 * things too.
 */
export type Slices<Result> = Generator<undefined, Result>;

export function runToEnd<Result>(slices: Slices<Result>): Result {
  for (;;) {
    const step = slices.next();
    if (step.done) return step.value;
  }
}
