import { z } from 'zod';

export const vocReadOptions = z.object({
  pixels: z
    .enum(['auto', 'from-1', 'from-0'])
    .default('auto')
    .describe(
      'Whether the first pixel of a box is 1, as in Pascal VOC, or 0, as many tools write it; auto: 1 where the <source> of ' +
        'the file names VOC or Pixel-SAIL Studio',
    ),
});
export type VocReadOptions = z.infer<typeof vocReadOptions>;

export const vocWriteOptions = z.object({
  masks: z
    .boolean()
    .default(true)
    .describe(
      'Write SegmentationClass and SegmentationObject for regions that are more than boxes',
    ),
  photos: z.boolean().default(false).describe('Put the photos into JPEGImages'),
});
export type VocWriteOptions = z.infer<typeof vocWriteOptions>;
