import { z } from 'zod';
import { optionWords } from './options.ts';

/** Whether an export has the photos, too, as hard links where the disk allows it. */
export function photosOption(usually: boolean) {
  return z
    .boolean()
    .default(usually)
    .meta(
      optionWords(
        {
          title: 'With the photos',
          help: 'Puts them where readers of the format look for them, as hard links where the disk allows it, else as copies.',
        },
        {
          title: '包括照片',
          help: '放在该格式的读取程序查找照片的位置；磁盘允许时用硬链接，否则复制。',
        },
      ),
    );
}

/** The options of a format that has no others. */
export const photosOptions = z.object({ photos: photosOption(false) });
export type PhotosOptions = z.infer<typeof photosOptions>;
