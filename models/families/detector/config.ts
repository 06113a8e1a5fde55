import { z } from 'zod';

const name = z.string().min(1);
const colors = z.tuple([z.number(), z.number(), z.number()]);
/** Divisors. */
const deviations = z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]);
const side = z.number().int().min(16).max(8192);

/** How a photo becomes the graph's input. */
export const imageSchema = z.object({
  input: name,
  /** `chw`: [1, 3, height, width]. `hwc`: [1, height, width, 3]. */
  order: z.enum(['chw', 'hwc']).default('chw'),
  width: side,
  height: side,
  /**
   * `letterbox`: scaled to fit, in the middle of the input. `corner`: scaled to fit, in the upper
   * left. `stretch`: both sides are scaled to the input's.
   */
  fit: z.enum(['letterbox', 'corner', 'stretch']).default('letterbox'),
  /** Grey, 0 to 255, of the part of the input that the photo does not fill. */
  fill: z.number().min(0).max(255).default(114),
  /** Subtracted from the bytes of a pixel, which are then divided, in the order of `colors`. */
  mean: colors.default([0, 0, 0]),
  deviation: deviations.default([255, 255, 255]),
  colors: z.enum(['rgb', 'bgr']).default('rgb'),
});

/** Boxes, scores and labels as lists, one entry an object. */
const listsSchema = z.object({
  kind: z.literal('lists'),
  boxes: z.object({
    /** [1, objects, 4] or [objects, 4]. */
    output: name,
    corners: z
      .enum(['left-top-right-bottom', 'top-left-bottom-right', 'center-size', 'left-top-size'])
      .default('left-top-right-bottom'),
    /** Pixels of the graph's input, shares of its sides, or pixels of the photo. */
    unit: z.enum(['input', 'share', 'photo']).default('input'),
  }),
  /**
   * [1, objects] or [objects]; without `labels` a probability for each class, [1, objects,
   * classes].
   */
  scores: name,
  labels: name.nullable().default(null),
  /** The graph's number of the first class; 1 where 0 is the background. */
  firstLabel: z.number().int().min(0).default(0),
  /** [1, objects, height, width] or with one more axis of 1: probabilities over the input. */
  masks: name.nullable().default(null),
});

/** Masks as sums of maps that an image's objects share. */
const sharedMapsSchema = z.object({
  /** [1, maps, height, width], over the graph's input. */
  output: name,
  count: z.number().int().min(1),
});

const outputSchema = z.discriminatedUnion('kind', [
  /**
   * [1, 4 + classes + maps, places]: centre, size, a probability for each class and a share of each
   * map; repetitions are still in it.
   */
  z.object({ kind: z.literal('places'), output: name, maps: sharedMapsSchema.nullable() }),
  /** [1, objects, 6 + maps]: corners, score, class and a share of each map; without repetitions. */
  z.object({ kind: z.literal('objects'), output: name, maps: sharedMapsSchema.nullable() }),
  listsSchema,
]);

/** A package's description of its graph, beside the names, types and shapes. */
export const detectorConfigSchema = z.object({
  /** The export whose inputs and outputs these are, for people. */
  layout: z.string(),
  image: imageSchema,
  /** Where the graph takes the size in whose pixels it gives boxes; null where it takes none. */
  size: z
    .object({ input: name, order: z.enum(['width-height', 'height-width']) })
    .nullable()
    .default(null),
  output: outputSchema,
  /**
   * IoU with a better box of the same class above which a box is left out; null where the graph
   * does that itself.
   */
  mostOverlap: z.number().min(0).max(1).nullable(),
});
export type DetectorConfig = z.infer<typeof detectorConfigSchema>;

/**
 * A person's description of a graph that is not known by its inputs and outputs. Width and height
 * may be left out where the graph fixes them; `deviation` is 255, or 1 where the graph takes whole
 * numbers.
 */
export const mappingSchema = z.strictObject({
  image: imageSchema
    .partial({ width: true, height: true })
    .extend({ deviation: deviations.optional() }),
  size: detectorConfigSchema.shape.size,
  boxes: listsSchema.shape.boxes,
  scores: name,
  labels: listsSchema.shape.labels,
  firstLabel: listsSchema.shape.firstLabel,
  masks: listsSchema.shape.masks,
  mostOverlap: z.number().min(0).max(1).nullable().default(null),
  /** Names of the classes, in the graph's order. */
  classes: z.array(name).min(1).optional(),
});
export type Mapping = z.infer<typeof mappingSchema>;
