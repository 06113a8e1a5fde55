import { z } from 'zod';
import type { OtherName } from '../../../core/project/batch-masks.ts';
import type { Rle } from '../../../core/geometry/shapes.ts';
import type { WaitingRegion } from '../../../db/repositories/waiting-regions.ts';
import { method } from './method.ts';

/** A region of the queue with what shows it. */
export interface WaitingRegionRow extends WaitingRegion {
  readonly size: { readonly width: number; readonly height: number };
  readonly rle: Rle;
  readonly category: { readonly name: string; readonly color: string } | null;
  /** Names that lost against its own. */
  readonly otherNames: readonly OtherName[];
}

export const waitingRegionsContract = {
  /** Regions that a model made and nobody has judged, in images that are to check. */
  'regions.waiting': method<{
    readonly total: number;
    /** How many have the score `atLeast` or a higher one. */
    readonly above: number;
    readonly rows: readonly WaitingRegionRow[];
  }>()(
    z.object({
      offset: z.number().int().min(0),
      limit: z.number().int().min(1).max(100),
      order: z.enum(['best', 'worst']),
      atLeast: z.number().min(0).max(1),
    }),
  ),
} as const;
