import { z } from 'zod';
import { imageStates, provenanceSources, splits, verdicts } from '../records.ts';

/**
 * The most images that a filter names one by one; the maker of a longer list cuts it off.
 */
export const mostNamedImages = 20_000;

/** Orders of a list of images; `to-check` has the images that are to check first. */
export const imageOrders = ['path', 'added', 'annotations', 'to-check'] as const;
export type ImageOrder = (typeof imageOrders)[number];

const id = z.string().min(1);

/**
 * Which images of a project are meant. A criterion that is absent lets every image pass. Those
 * about regions must hold for one region at once: "category car, score below 0.5" finds images
 * with such a car.
 */
export const imageFilterSchema = z.object({
  states: z.array(z.enum(imageStates)).optional(),
  /** Words to find in paths, texts and names of categories. */
  text: z.string().optional(),
  /** `none`: images that no split has been chosen for. */
  split: z.enum([...splits, 'none']).optional(),
  /** Whether there are items about the image or one of its regions. */
  hasTexts: z.boolean().optional(),
  /** `none`: images with a text that nobody has judged. */
  verdict: z.enum([...verdicts, 'none']).optional(),
  /** These alone. */
  ids: z.array(id).max(mostNamedImages).optional(),

  /** With a region of this category. */
  categoryId: id.optional(),
  /** With a region that was made so. */
  source: z.enum(provenanceSources).optional(),
  /** With a region of a model whose score is lower, 0 to 1. */
  scoreBelow: z.number().min(0).max(1).optional(),
  /** With a region that has this attribute; a value of null lets every value pass. */
  attribute: z.object({ name: z.string().min(1), value: z.string().nullable() }).optional(),
  /** With a region that this person drew, imported or accepted. */
  by: id.optional(),
});
export type ImageFilter = z.output<typeof imageFilterSchema>;
