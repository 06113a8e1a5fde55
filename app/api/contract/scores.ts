import { z } from 'zod';
import type { ScoreComparison } from '../../../core/scores/compare.ts';
import { scoreRowQuerySchema, type ScoreRow, type ScoreRun } from '../../../core/scores/run.ts';
import { id, method, nothing } from './method.ts';

/** Scores that the open project keeps; they are made by a job of the kind `score`. */
export const scoresContract = {
  /** The newest first. */
  'scores.runs': method<ScoreRun[]>()(nothing),
  /** A page of the items of scores, with what was answered. */
  'scores.rows': method<ScoreRow[]>()(scoreRowQuerySchema.extend({ runId: id })),
  /** How near each answer comes to the truth, in the order of the items. */
  'scores.agreements': method<number[]>()(z.object({ runId: id })),
  /** The difference of the second to the first; `invalid-input` if the items differ. */
  'scores.compare': method<ScoreComparison>()(z.object({ from: id, to: id })),
  /** Forgets scores; answers those that are left. */
  'scores.remove': method<ScoreRun[]>()(z.object({ runId: id })),
} as const;
