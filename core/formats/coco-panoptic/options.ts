import { z } from 'zod';

export const panopticWriteOptions = z.object({
  photos: z.boolean().default(false).describe('Put the photos into the folder images'),
});
export type PanopticWriteOptions = z.infer<typeof panopticWriteOptions>;
