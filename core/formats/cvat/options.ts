import { z } from 'zod';

export const cvatWriteOptions = z.object({
  photos: z.boolean().default(true).describe('Put the photos into the folder images'),
  subsets: z.boolean().default(true).describe('Write the splits as subsets of the project'),
});
export type CvatWriteOptions = z.infer<typeof cvatWriteOptions>;
