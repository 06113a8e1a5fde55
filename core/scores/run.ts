import { z } from 'zod';
import { scoreHintSchema } from './hint.ts';
import type { ScoreReport } from './report.ts';
import { answerSchema, type ScoredItem } from './scored-item.ts';
import { scoreTaskIds } from './tasks/registry.ts';

/** Scores that a project keeps. */
export interface ScoreRun {
  readonly id: string;
  readonly atMs: number;
  readonly report: ScoreReport;
  /** Mean over the items, 0 to 1. */
  readonly agreement: number;
}

/** As far as it must be right for the run to be shown. */
export const storedRunSchema = z.object({
  agreement: z.number(),
  report: z.looseObject({
    task: z.enum(scoreTaskIds),
    system: z.string(),
    dataset: z.object({ name: z.string(), hash: z.string(), items: z.number() }),
    metrics: z.array(
      z.looseObject({ id: z.string(), title: z.string(), value: z.number().nullable() }),
    ),
  }),
});

/** The stored result of one item of a run. */
export interface ScoreRow {
  /** In the order of the items, from 0. */
  readonly position: number;
  /** Of an item, or, where photos are scored, of an image. */
  readonly itemId: string;
  /** Path of the photo. */
  readonly image: string;
  /** How near the answer comes to the truth, 0 to 1. */
  readonly agreement: number;
  readonly kept: KeptRow;
}

/** The rest of a row: the truth as it was then, the answer, and the task's own outcome. */
export interface KeptRow {
  readonly item: ScoredItem;
  /** Of the project; null for items of files. */
  readonly imageId: string | null;
  readonly answer: z.output<typeof answerSchema>;
  readonly isAnswered: boolean;
  readonly outcome: unknown;
  readonly hint: z.output<typeof scoreHintSchema> | null;
}

/** The score of an item, without its answer. */
export interface ScoreOutcome {
  readonly itemId: string;
  readonly agreement: number;
  /** The task's own. */
  readonly outcome: unknown;
}

/** As {@link storedRunSchema}. */
export const keptRowSchema = z.object({
  item: z.looseObject({
    id: z.string(),
    image: z.string(),
    width: z.number(),
    height: z.number(),
    truth: z.looseObject({ kind: z.enum(['text', 'choice', 'masks', 'objects']) }),
  }),
  imageId: z.string().nullable(),
  answer: answerSchema,
  isAnswered: z.boolean(),
  outcome: z.unknown(),
  hint: scoreHintSchema.nullable(),
});

/** By distance from the truth, far or near first; as the items come; or by what hints say. */
export const scoreRowOrders = ['worst', 'best', 'items', 'hints'] as const;

/** Which rows of a run are wanted. */
export const scoreRowQuerySchema = z.object({
  order: z.enum(scoreRowOrders).default('worst'),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(500).default(50),
});
export type ScoreRowQuery = z.output<typeof scoreRowQuerySchema>;
