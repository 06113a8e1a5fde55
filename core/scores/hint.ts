import { z } from 'zod';

/** The answer of a model to the text of an item: a hint for the reviewer, never a verdict. */
export const scoreHintSchema = z.object({
  /** How well what the model marks for the words lies over the item's region; 0 to 1. */
  roundTripIou: z.number(),
  /** The annotation that it lies over instead; null where it picks none. */
  distractor: z.string().nullable(),
});
export type ScoreHint = z.infer<typeof scoreHintSchema>;
