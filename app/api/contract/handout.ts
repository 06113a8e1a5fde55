import { z } from 'zod';
import type { MergeConflict } from '../../../core/project/merge-changes.ts';
import { imageStates, splits } from '../../../core/records.ts';
import { method } from './method.ts';

const file = z.string().min(1);

/** A conflict with what a person needs to see of it. */
export interface ShownConflict extends MergeConflict {
  /** Of its image; null for a category. */
  readonly imagePath: string | null;
}

/** What a merge did to the project. */
export interface MergeCounts {
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
  /** Records whose image, region or item is gone here. */
  readonly leftOut: number;
}

export const handoutContract = {
  /** Writes the part of the project that a colleague needs into a project file of its own. */
  'handout.make': method<{ readonly file: string; readonly images: number }>()(
    z.object({
      file,
      states: z.array(z.enum(imageStates)).optional(),
      split: z.enum(splits).optional(),
    }),
  ),
  /** What both changed, before anything is merged. */
  'handout.conflicts': method<readonly ShownConflict[]>()(z.object({ file })),
  /** Merges a handout. `there`: ids of the records of which the colleague's change stays. */
  'handout.merge': method<MergeCounts>()(z.object({ file, there: z.array(z.string().min(1)) })),
} as const;
