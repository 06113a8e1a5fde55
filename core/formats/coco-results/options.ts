import { z } from 'zod';
import { optionWords } from '../options.ts';

export const resultsWriteOptions = z.object({
  regions: z
    .enum(['segm', 'bbox'])
    .default('segm')
    .meta(
      optionWords(
        {
          title: 'Regions as',
          help: 'pycocotools reads one kind per file (iouType).',
          choices: { segm: 'Masks', bbox: 'Boxes' },
        },
        {
          title: '区域写为',
          help: 'pycocotools 每个文件只读取一种（iouType）。',
          choices: { segm: '掩码', bbox: '框' },
        },
      ),
    ),
  score: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .meta(
      optionWords(
        { title: 'Score of regions without a model score', help: 'From 0 to 1.' },
        { title: '没有模型分数的区域的分数', help: '从 0 到 1。' },
      ),
    ),
});
export type ResultsWriteOptions = z.infer<typeof resultsWriteOptions>;
