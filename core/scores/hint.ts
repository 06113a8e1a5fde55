import { z } from 'zod';

/** What a model makes of an item's own words: a hint for whoever looks at it, never a verdict. */
export const scoreHintSchema = z.object({
  /** How well what the model marks for the words lies over the item's region; 0 to 1. */
  roundTripIou: z.number(),
  /** The annotation that it lies over instead; null where it picks none. */
  distractor: z.string().nullable(),
});
export type ScoreHint = z.infer<typeof scoreHintSchema>;
