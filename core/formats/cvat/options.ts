import { z } from 'zod';
import { optionWords } from '../options.ts';
import { photosOption } from '../photos-option.ts';

export const cvatWriteOptions = z.object({
  photos: photosOption(false),
  subsets: z
    .boolean()
    .default(true)
    .meta(
      optionWords(
        { title: 'Splits as subsets', help: 'As in the export of a CVAT project.' },
        { title: '划分写为子集', help: '与 CVAT 导出项目时相同。' },
        { isAdvanced: true },
      ),
    ),
});
export type CvatWriteOptions = z.infer<typeof cvatWriteOptions>;
