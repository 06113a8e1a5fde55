import type { ScoredItem } from '../../../../core/scores/scored-item.ts';
import type { ImageSource } from '../../../../models/image/image-source.ts';
import type { LeftOut } from '../../../api/contract/jobs.ts';

/** The items to score, in a fixed order. */
export interface GivenTruth {
  /** For people. */
  readonly name: string;
  readonly items: readonly ScoredItem[];
  /** Rows that cannot be scored. */
  readonly skipped: readonly LeftOut[];
  /** Categories that a detector is asked for; empty for other tasks. */
  readonly categories: readonly string[];
  /**
   * The photo of an item. @throws AppError `not-found` and others
   */
  photoOf(item: ScoredItem): Promise<ImageSource>;
  /** The id of an item's photo in the project; absent for files. */
  imageIdOf?(item: ScoredItem): string;
  /** Other regions of an item's photo, by id, for hints; where the project knows them. */
  distractorsOf?(item: ScoredItem): Distractor[];
}

/** A region that an item does not mean. */
export interface Distractor {
  readonly annotationId: string;
  readonly rle: ScoredItem['prompts'][number];
}

/** The required items of each kind of truth, for errors. */
export const neededFor = {
  text: 'descriptions of regions',
  choice: 'multiple-choice items with an answer',
  masks: 'referring items',
  objects: 'regions with a category',
} as const;
