import { z } from 'zod';
import { optionWords } from '../options.ts';
import { photosOption } from '../photos-option.ts';

export const yoloWriteOptions = z.object({
  task: z
    .enum(['segment', 'detect', 'obb'])
    .default('segment')
    .meta(
      optionWords(
        {
          title: 'Task',
          choices: {
            segment: { title: 'Segmentation', help: 'Outlines; boxes become outlines.' },
            detect: { title: 'Detection', help: 'Boxes only.' },
            obb: {
              title: 'Rotated boxes (OBB)',
              help: 'The smallest rotated box around each region.',
            },
          },
        },
        {
          title: '任务',
          choices: {
            segment: { title: '分割', help: '轮廓；边界框写成轮廓。' },
            detect: { title: '检测', help: '只写边界框。' },
            obb: { title: '旋转框（OBB）', help: '每个区域的最小旋转框。' },
          },
        },
      ),
    ),
  photos: photosOption(false),
});
export type YoloWriteOptions = z.infer<typeof yoloWriteOptions>;
