import { z } from 'zod';

export const labelStudioReadOptions = z.object({
  from: z
    .enum(['annotations', 'predictions', 'both'])
    .default('annotations')
    .describe('What people have said, what a model has said, or both'),
  several: z
    .enum(['best', 'all'])
    .default('best')
    .describe('Of several annotations of a task: the ground truth or else the newest, or all'),
});
export type LabelStudioReadOptions = z.infer<typeof labelStudioReadOptions>;

export const labelStudioWriteOptions = z.object({
  as: z
    .enum(['annotations', 'predictions'])
    .default('annotations')
    .describe('Whether the regions arrive as annotations, or as predictions to be checked'),
  address: z
    .string()
    .default('/data/local-files/?d=')
    .describe('What stands before the file name in the address of a photo'),
  photos: z.boolean().default(false).describe('Put the photos beside the file'),
});
export type LabelStudioWriteOptions = z.infer<typeof labelStudioWriteOptions>;
