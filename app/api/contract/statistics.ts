import type { ImageState } from '../../../core/records.ts';
import type { ProjectCounts } from '../../../db/project.ts';
import { method, nothing } from './method.ts';

export type { ProjectCounts };

/** How many images were in each state at a time. */
export interface ProgressPoint extends Readonly<Record<ImageState, number>> {
  readonly atMs: number;
}

export const statisticsContract = {
  'statistics.counts': method<ProjectCounts>()(nothing),
  /** How many images a model could learn from. */
  'statistics.trainable': method<number>()(nothing),
  'statistics.progress': method<ProgressPoint[]>()(nothing),
} as const;
