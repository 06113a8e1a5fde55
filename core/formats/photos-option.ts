import { z } from 'zod';
import { optionWords } from './options.ts';

/** Whether an export gets the photos too, in the layout that its readers want. */
export const photosOption = z
  .boolean()
  .default(false)
  .meta(
    optionWords(
      {
        title: 'With the photos',
        help: 'Puts the photos beside the labels, as hard links where the disk allows it, else as copies.',
      },
      { title: '附带照片', help: '把照片放在标签旁边；磁盘允许时用硬链接，否则复制。' },
    ),
  );
