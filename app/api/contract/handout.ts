import { z } from 'zod';
import type { MergeConflict } from '../../../core/project/merge-changes.ts';
import { method } from './method.ts';

const file = z.string().min(1);

/** A conflict with what a person needs to see of it. */
export interface ShownConflict extends MergeConflict {
  /** Of its image; null for a category. */
  readonly imagePath: string | null;
}

/** The effect of a merge, before it is made. */
export interface MergePreview {
  /** Whether the handout has nothing that the project lacks. */
  readonly changesNothing: boolean;
  readonly conflicts: readonly ShownConflict[];
}

/** The result of a merge. */
export interface MergeCounts {
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
  /** Records whose image, region or item is gone here. */
  readonly leftOut: number;
}

export const handoutContract = {
  /** A look before the merge. */
  'handout.preview': method<MergePreview>()(z.object({ file })),
} as const;
