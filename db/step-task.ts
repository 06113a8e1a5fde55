import type { MessagePort } from 'node:worker_threads';
import type { Diff } from '../core/diff.ts';
import type { ErrorEnvelope } from '../core/errors.ts';
import type { JournalStep } from './repositories/journal.ts';
import type { StepTaker } from './take-steps.ts';

/** Undo, redo, or the id of the step that shall be the newest done one. */
export type StepTarget = 'undo' | 'redo' | number;

/** Steps to take in a thread of its own. */
export interface StepTask {
  readonly file: string;
  readonly to: StepTarget;
  readonly taker: StepTaker;
  /** Where more records change, they are not told. */
  readonly recordsTold: number;
  readonly slowMs: number;
  /** Int32Array: see {@link sharedPlaces}. */
  readonly shared: SharedArrayBuffer;
  /** Takes {@link StepMessage}s. */
  readonly port: MessagePort;
}

/** Memory shared by both threads: a thread that waits for a message cannot do other work. */
export const sharedPlaces = {
  /** How many messages the thread has sent. */
  messages: 0,
  /** The answer to `whole`: see {@link permission}. */
  permission: 1,
  /** Not 0: the steps are to be taken back where they are. */
  isStopped: 2,
  count: 3,
} as const;

export const permission = { pending: 0, commit: 1, takeBack: 2 } as const;

export type StepMessage =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'slow'; readonly sql: string; readonly ms: number }
  /** All is written; it waits for permission to commit. */
  | { readonly kind: 'whole' }
  | {
      readonly kind: 'taken';
      readonly step: JournalStep | null;
      readonly diff: Diff | null;
      /** How many rows were written. */
      readonly rows: number;
    }
  | { readonly kind: 'failed'; readonly error: ErrorEnvelope };
