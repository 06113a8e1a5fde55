import { z } from 'zod';
import { optionWords } from '../options.ts';
import { photosOption } from '../photos-option.ts';

export const labelStudioReadOptions = z.object({
  from: z
    .enum(['annotations', 'predictions', 'both'])
    .default('annotations')
    .meta(
      optionWords(
        {
          title: 'Read',
          choices: {
            annotations: 'Annotations of people',
            predictions: 'Predictions of a model',
            both: 'Both',
          },
        },
        {
          title: '读取',
          choices: { annotations: '人的标注', predictions: '模型的预测', both: '两者' },
        },
      ),
    ),
  several: z
    .enum(['best', 'all'])
    .default('best')
    .meta(
      optionWords(
        {
          title: 'Several annotations of a task',
          choices: { best: 'The ground truth, otherwise the newest', all: 'All of them' },
        },
        {
          title: '同一任务有多份标注时',
          choices: { best: '取真值，否则取最新的', all: '全部读取' },
        },
      ),
    ),
});
export type LabelStudioReadOptions = z.infer<typeof labelStudioReadOptions>;

export const labelStudioWriteOptions = z.object({
  as: z
    .enum(['annotations', 'predictions'])
    .default('annotations')
    .meta(
      optionWords(
        {
          title: 'Regions arrive as',
          choices: { annotations: 'Annotations', predictions: 'Predictions, to be checked' },
        },
        {
          title: '区域导入后作为',
          choices: { annotations: '标注', predictions: '待检查的预测' },
        },
      ),
    ),
  address: z
    .string()
    .default('/data/local-files/?d=')
    .meta(
      optionWords(
        {
          title: 'Address of the photos',
          help: 'Prefix of the file name, as required by the storage of the Label Studio project.',
        },
        { title: '照片的地址', help: '文件名的前缀，按 Label Studio 项目的存储方式填写。' },
      ),
    ),
  photos: photosOption(false),
});
export type LabelStudioWriteOptions = z.infer<typeof labelStudioWriteOptions>;
