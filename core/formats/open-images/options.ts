import { z } from 'zod';
import { optionWords } from '../options.ts';
import { photosOption } from '../photos-option.ts';

export const openWriteOptions = z.object({
  masks: z
    .boolean()
    .default(true)
    .meta(
      optionWords(
        { title: 'Masks', help: 'Writes a PNG for each region with an outline or a mask.' },
        { title: '掩码', help: '为每个有轮廓或掩码的区域写出一个 PNG。' },
      ),
    ),
  photos: photosOption(false),
});
export type OpenWriteOptions = z.infer<typeof openWriteOptions>;
