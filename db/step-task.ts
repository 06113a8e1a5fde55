import type { MessagePort } from 'node:worker_threads';
import type { Diff } from '../core/diff.ts';
import type { ErrorEnvelope } from '../core/errors.ts';
import type { ProjectRecord } from '../core/records.ts';
import type { ChangeNote } from './apply-step.ts';
import type { JournalStep } from './repositories/journal.ts';
import type { StepTaker } from './take-steps.ts';

/** Undo, redo, or the id of the step that shall be the newest done one. */
export type StepTarget = 'undo' | 'redo' | number;

/** Work for the thread. */
export type StepWork =
  | {
      readonly kind: 'take';
      readonly to: StepTarget;
      readonly taker: StepTaker;
      /** Where more records change, they are not told. */
      readonly recordsTold: number;
    }
  /** Applies the diffs that come as {@link DiffMessage}s, in one transaction. */
  | { readonly kind: 'apply'; readonly note: ChangeNote };

/** A step in a thread of its own. */
export interface StepTask {
  readonly file: string;
  readonly work: StepWork;
  readonly slowMs: number;
  /** Int32Array: see {@link sharedPlaces}. */
  readonly shared: SharedArrayBuffer;
  /** Takes {@link StepMessage}s, and gives {@link DiffMessage}s. */
  readonly port: MessagePort;
}

/** A part of a diff: the name of a map, a key of it and what it holds. */
export type DiffEntry = readonly [
  map: keyof Diff,
  id: string,
  change: ProjectRecord | Diff['updated'][string],
];

/** To the thread; a large diff comes in several messages. */
export type DiffMessage =
  | { readonly kind: 'part' | 'last-part'; readonly entries: readonly DiffEntry[] }
  /** No diff comes any more. */
  | { readonly kind: 'end' };

/** Memory shared by both threads: a thread that waits for a message cannot do other work. */
export const sharedPlaces = {
  /** How many messages the thread has sent. */
  messages: 0,
  /** The answer to `whole`: see {@link permission}. */
  permission: 1,
  /** Not 0: the steps are to be taken back where they are. */
  isStopped: 2,
  /** Rises with each message that the thread is given, and when it is to be stopped. */
  given: 3,
  count: 4,
} as const;

export const permission = { pending: 0, commit: 1, takeBack: 2 } as const;

export type StepMessage =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  /** The thread has taken one more of the messages that it was given. */
  | { readonly kind: 'message-taken' }
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
