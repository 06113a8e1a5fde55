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
          help: 'Writes the photos to the folder that readers of the format expect, as hard links if the disk supports them, otherwise as copies.',
        },
        {
          title: '包括照片',
          help: '把照片写到该格式的读取程序要求的文件夹；磁盘支持时用硬链接，否则复制。',
        },
      ),
    );
}

/** The options of a format that has no others. */
export const photosOptions = z.object({ photos: photosOption(false) });
export type PhotosOptions = z.infer<typeof photosOptions>;
