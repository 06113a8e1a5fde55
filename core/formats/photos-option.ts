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
          help: 'In the folder where readers of the format look for them.',
        },
        { title: '包括照片', help: '放在该格式的读取程序查找照片的文件夹中。' },
      ),
    );
}
