import { z } from 'zod';
import { optionWords } from '../options.ts';

export const cropOptions = z.object({
  file: z
    .enum(['png', 'jpeg'])
    .default('png')
    .meta(
      optionWords(
        {
          title: 'Files',
          choices: { png: 'PNG (exact pixels)', jpeg: 'JPEG (quality 95, smaller)' },
        },
        { title: '文件', choices: { png: 'PNG（像素精确）', jpeg: 'JPEG（质量 95，较小）' } },
      ),
    ),
  margin: z
    .number()
    .min(0)
    .max(400)
    .default(10)
    .meta(
      optionWords(
        {
          title: 'Margin in percent',
          help: 'Percentage of the longer side of the region’s box, added on all four sides within the photo.',
        },
        { title: '边距（百分比）', help: '按区域框的长边计算，四边各加，不超出照片。' },
      ),
    ),
  cutOut: z
    .boolean()
    .default(false)
    .meta(
      optionWords(
        { title: 'Cut out', help: 'Pixels outside the region become transparent.' },
        { title: '抠图', help: '区域外的像素变为透明。' },
        { onlyWith: { option: 'file', value: 'png' } },
      ),
    ),
});
export type CropOptions = z.infer<typeof cropOptions>;
