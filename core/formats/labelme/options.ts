import { z } from 'zod';

export const labelmeReadOptions = z.object({
  groups: z
    .enum(['one', 'each'])
    .default('one')
    .describe('Polygons of one label and group: one region with several parts, or one region each'),
  imageData: z.boolean().default(false).describe('Keep photos that are embedded in the files'),
});
export type LabelmeReadOptions = z.infer<typeof labelmeReadOptions>;

export const labelmeWriteOptions = z.object({
  photos: z
    .boolean()
    .default(true)
    .describe('Put the photos beside the files, where labelme looks for them'),
  imageData: z.boolean().default(false).describe('Write photos that were embedded when imported'),
});
export type LabelmeWriteOptions = z.infer<typeof labelmeWriteOptions>;
