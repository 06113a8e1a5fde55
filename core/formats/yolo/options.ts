import { z } from 'zod';

export const yoloWriteOptions = z.object({
  task: z
    .enum(['segment', 'detect', 'obb'])
    .default('segment')
    .describe('What the labels are for: outlines, boxes, or turned boxes'),
  photos: z.boolean().default(false).describe('Put the photos beside the labels'),
});
export type YoloWriteOptions = z.infer<typeof yoloWriteOptions>;
