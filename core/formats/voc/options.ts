import { z } from 'zod';
import { optionWords } from '../options.ts';
import { photosOption } from '../photos-option.ts';

export const vocReadOptions = z.object({
  pixels: z
    .enum(['auto', 'from-1', 'from-0'])
    .default('auto')
    .meta(
      optionWords(
        {
          title: 'First pixel of boxes',
          choices: {
            auto: {
              title: 'As the file says',
              help: '1 where <source> names Pascal VOC or Pixel-SAIL Studio, else 0, as most tools write it.',
            },
            'from-1': {
              title: '1',
              help: 'As in Pascal VOC, where the last pixel belongs to the box.',
            },
            'from-0': { title: '0', help: 'As CVAT, Roboflow and datumaro write it.' },
          },
        },
        {
          title: '边界框的首个像素',
          choices: {
            auto: {
              title: '按文件所述',
              help: '<source> 写明 Pascal VOC 或 Pixel-SAIL Studio 时为 1，否则为 0（多数工具如此）。',
            },
            'from-1': { title: '1', help: '同 Pascal VOC，最后一个像素属于边界框。' },
            'from-0': { title: '0', help: '同 CVAT、Roboflow 和 datumaro。' },
          },
        },
      ),
    ),
});
export type VocReadOptions = z.infer<typeof vocReadOptions>;

export const vocWriteOptions = z.object({
  masks: z
    .boolean()
    .default(true)
    .meta(
      optionWords(
        {
          title: 'Masks',
          help: 'Writes SegmentationClass and SegmentationObject for regions that are more than boxes.',
        },
        {
          title: '掩码',
          help: '为不只是边界框的区域写出 SegmentationClass 和 SegmentationObject。',
        },
      ),
    ),
  photos: photosOption(false),
});
export type VocWriteOptions = z.infer<typeof vocWriteOptions>;
