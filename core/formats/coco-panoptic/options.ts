import { z } from 'zod';
import { photosOption } from '../photos-option.ts';

export const panopticWriteOptions = z.object({ photos: photosOption(false) });
export type PanopticWriteOptions = z.infer<typeof panopticWriteOptions>;
