import { z } from 'zod';

export const datumaroReadOptions = z.object({
  groups: z
    .enum(['one', 'each'])
    .default('one')
    .describe('Polygons of one label and group: one region with several parts, or one region each'),
});
export type DatumaroReadOptions = z.infer<typeof datumaroReadOptions>;

export const datumaroWriteOptions = z.object({
  photos: z.boolean().default(true).describe('Put the photos into the folder images'),
});
export type DatumaroWriteOptions = z.infer<typeof datumaroWriteOptions>;
