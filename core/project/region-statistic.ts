import { z } from 'zod';

/** COCO's classes: below 32 x 32 pixels, below 96 x 96, and above. */
export const sizeClasses = ['small', 'medium', 'large'] as const;
export type SizeClass = (typeof sizeClasses)[number];

/**
 * Reasons to look at a region again: a low score of the model, an area unlike others of its
 * category, the same box twice.
 */
export const suspectKinds = ['score', 'size', 'duplicate'] as const;
export type SuspectKind = (typeof suspectKinds)[number];

/** Columns and rows that an image is divided into, to say where regions lie. */
export const placeCells = 8;

const cell = z
  .number()
  .int()
  .min(0)
  .max(placeCells - 1);

/** One of the numbers that are counted of regions, whose images can be asked for. */
export const regionStatisticSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('together'), first: z.string().min(1), second: z.string().min(1) }),
  z.object({ kind: z.literal('place'), size: z.enum(sizeClasses), column: cell, row: cell }),
  z.object({ kind: z.literal('suspect'), suspect: z.enum(suspectKinds) }),
  /** Regions of a category; null: without one. */
  z.object({ kind: z.literal('category'), categoryId: z.string().min(1).nullable() }),
  /** Regions whose area in pixels is at least `from` and less than twice that. */
  z.object({ kind: z.literal('area'), from: z.number().positive() }),
  /** Images with so many regions. */
  z.object({ kind: z.literal('count'), annotations: z.number().int().min(0) }),
]);
export type RegionStatistic = z.output<typeof regionStatisticSchema>;
