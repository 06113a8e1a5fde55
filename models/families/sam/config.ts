import { z } from 'zod';

const name = z.string().min(1);
const colors = z.tuple([z.number(), z.number(), z.number()]);

/** How a photo becomes the encoder's input. */
const imageSchema = z.object({
  input: name,
  /** `chw`: [1, 3, height, width]. `hwc`: [height, width, 3], without a batch. */
  order: z.enum(['chw', 'hwc']),
  /**
   * Pixels on each side of the square in which the network sees a photo; points and boxes are
   * given in its frame.
   */
  side: z.number().int().min(16),
  /**
   * `pad`: the long side is scaled to the square's, the rest of the square stays empty on the
   * right or below. `stretch`: both sides are scaled to the square's. `free`: the graph itself
   * scales, and takes points in pixels of the photo.
   */
  fit: z.enum(['pad', 'stretch', 'free']),
  /** Whether the graph takes the scaled photo alone and fills up the square itself. */
  padsItself: z.boolean(),
  /**
   * Whether scaled pixels are rounded to whole numbers again, as in code that scales pictures
   * rather than tensors.
   */
  rounded: z.boolean(),
  /** Subtracted from the bytes of a pixel, which are then divided: red, green, blue. */
  mean: colors,
  deviation: colors,
});

/**
 * How points reach the decoder: coordinates, and a label each: 1 here, 0 not here, 2 and 3 corners
 * of a box, -1 no point.
 */
const pointsSchema = z.object({
  coordinates: name,
  labels: name,
  /** 3: [1, points, 2]. 4: [1, 1, points, 2], with an axis of objects. */
  rank: z.union([z.literal(3), z.literal(4)]),
  /**
   * Whether a point that is none (label -1) follows where there is no box, as the networks were
   * trained.
   */
  padded: z.boolean(),
  /** Points that the graph takes, no more and no fewer; null for any number. */
  count: z.number().int().min(1).nullable(),
});

/** How a box reaches the decoder. */
const boxesSchema = z.discriminatedUnion('kind', [
  /** As two points with the labels 2 and 3. */
  z.object({ kind: z.literal('corners') }),
  /** As [1, boxes, 4], left, top, right, bottom. */
  z.object({ kind: z.literal('input'), input: name }),
  /** Not at all: its middle is given instead, and the mask taken that fits the box best. */
  z.object({ kind: z.literal('none') }),
]);

/** The description of encoder and decoder in the package, besides names, types and shapes. */
export const samConfigSchema = z.object({
  /** The export whose inputs and outputs these are, for people. */
  layout: z.string(),
  image: imageSchema,
  /** The encoder's output for each input of the decoder that is taken from it. */
  features: z.record(name, name),
  points: pointsSchema,
  boxes: boxesSchema,
  /**
   * Low-resolution logits of an earlier mask, and 1 or 0 for whether there are any; null where the
   * decoder takes none.
   */
  mask: z.object({ input: name, flag: name, side: z.number().int().min(1) }).nullable(),
  /** Height and width at which the graph gives its masks; null where it gives them as they come. */
  size: name.nullable(),
  output: z.object({
    logits: name,
    scores: name,
    /**
     * Whether the first mask is the one for prompts that leave nothing open, and only the others
     * are alternatives.
     */
    singleFirst: z.boolean(),
  }),
  /** The kept masks of a grid of points. */
  everything: z.object({
    leastScore: z.number(),
    /** Pixels one logit above the threshold over pixels one logit below it. */
    leastStability: z.number().min(0).max(1),
    /** IoU of boxes above which the worse of two masks is left out. */
    mostOverlap: z.number().min(0).max(1),
  }),
});
export type SamConfig = z.infer<typeof samConfigSchema>;
