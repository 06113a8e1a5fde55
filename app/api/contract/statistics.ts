import { regionStatisticSchema } from '../../../core/project/region-statistic.ts';
import type { ImageState, RecordId } from '../../../core/records.ts';
import type { ProjectCounts, RegionStatistics } from '../../../db/project.ts';
import { method, nothing } from './method.ts';

export type { ProjectCounts, RegionStatistics };

/** How many images were in each state at a time. */
export interface ProgressPoint extends Readonly<Record<ImageState, number>> {
  readonly atMs: number;
}

export const statisticsContract = {
  'statistics.counts': method<ProjectCounts>()(nothing),
  'statistics.regions': method<RegionStatistics>()(nothing),
  /** The images behind one of those numbers. */
  'statistics.imagesOf': method<readonly RecordId[]>()(regionStatisticSchema),
  /** How many images a model could learn from. */
  'statistics.trainable': method<number>()(nothing),
  'statistics.progress': method<ProgressPoint[]>()(nothing),
} as const;
