import { z } from 'zod';
import type { Annotation, Item, Review } from '../../../core/records.ts';
import { verdicts } from '../../../core/records.ts';
import type { Agreement } from '../../../core/reviewing/agreement.ts';
import { queueKinds, queueOrders, type QueuePage } from '../../../core/reviewing/queue.ts';
import type { KeptRow } from '../../../core/scores/run.ts';
import { taskIds } from '../../../core/tasks/registry.ts';
import { id, method, nothing } from './method.ts';

export type { Agreement, QueuePage };

/** A thing that is reviewed, as far as the person who reviews it may know it. */
export interface ReviewedThing {
  /** The item; its answer is empty while it is hidden. */
  readonly item: Item | null;
  /** The region whose mask is reviewed. */
  readonly annotation: Annotation | null;
  /** Whether the person must answer before they are shown the key. */
  readonly isKeyHidden: boolean;
  readonly own: Review | null;
  /** Reviews of others; empty until the person has reviewed the item. */
  readonly others: readonly Review[];
  /**
   * The answer of a model in the newest scores; null without one, and while the reference answer is
   * hidden.
   */
  readonly model: ModelAnswer | null;
}

/** The answer of a model to an item. */
export interface ModelAnswer extends Pick<KeptRow, 'answer' | 'isAnswered' | 'hint'> {
  readonly system: string;
  /** How near it comes to the truth, 0 to 1. */
  readonly agreement: number;
}

const subject = { kind: z.enum(['item', 'annotation']), id };

export const reviewsContract = {
  /** The queue of the current person. */
  'reviews.queue': method<QueuePage>()(
    z.object({
      task: z.enum([...taskIds, 'mask']).nullable(),
      author: id.nullable(),
      categoryId: id.nullable(),
      kind: z.enum(queueKinds),
      order: z.enum(queueOrders).default('project'),
    }),
  ),
  /**
   * Shows a thing to its reviewer or, where `settles`, to the third person who settles a
   * disagreement of others.
   */
  'reviews.open': method<ReviewedThing>()(z.object({ ...subject, settles: z.boolean() })),
  /** Keeps what a reviewer answered before they were shown the key, and shows it. */
  'reviews.answer': method<ReviewedThing>()(z.object({ id, choice: z.string() })),
  /** Keeps a verdict, in place of the person's earlier one. */
  'reviews.give': method<ReviewedThing>()(
    z.object({
      ...subject,
      verdict: z.enum(verdicts),
      reason: z.string().nullable(),
      /** The content, or the geometry, that the reviewer would have. */
      suggestion: z.json().optional(),
    }),
  ),
  /**
   * Settles what reviewers disagree about: one of their versions counts, or, with null, what
   * there is.
   */
  'reviews.settle': method<ReviewedThing>()(
    z.object({ ...subject, reviewId: id.nullable(), verdict: z.enum(['accept', 'reject']) }),
  ),
  'reviews.agreement': method<Agreement>()(nothing),
} as const;
