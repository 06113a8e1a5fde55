import type { Mutator } from './mutator.ts';

/** How one damaged input ended. */
export interface Outcome {
  /** `refused` carries the error code that a person is told. */
  readonly ended: 'accepted' | 'refused';
  readonly code?: string;
  /**
   * A fault of the program: an unnamed error, a row that nobody told of. Absent when all is well.
   */
  readonly fault?: string;
}

/** A kind of input that strangers hand to the program. */
export interface Family {
  readonly name: string;
  /** Its part of the inputs of a whole run. */
  readonly weight: number;
  /** Makes what all inputs of the family share; called once in a process. */
  prepare(folder: string): Promise<Attempt>;
}

/**
 * Makes one damaged input in `folder`, which is empty, feeds it to the program and tells how that
 * ended. Throwing counts as a fault.
 */
export type Attempt = (mutator: Mutator, folder: string) => Promise<Outcome>;

/** The outcome of an attempt that failed: an unnamed error is a fault. */
export function refused({ code, message }: { code: string; message: string }): Outcome {
  const isUnnamed = code === 'internal' || /\bat \S+ \(.*:\d+:\d+\)|node:internal/.test(message);
  return { ended: 'refused', code, ...(isUnnamed ? { fault: `${code}: ${message}` } : {}) };
}
