import { z } from 'zod';
import { groupsOption } from '../grouped-parts.ts';
import { photosOption } from '../photos-option.ts';

export const datumaroReadOptions = z.object({ groups: groupsOption });
export type DatumaroReadOptions = z.infer<typeof datumaroReadOptions>;

export const datumaroWriteOptions = z.object({ photos: photosOption(true) });
export type DatumaroWriteOptions = z.infer<typeof datumaroWriteOptions>;
