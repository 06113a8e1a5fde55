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
              title: 'From the file',
              help: '1 if <source> is Pascal VOC or Pixel-SAIL Studio, otherwise 0, as in most tools.',
            },
            'from-1': {
              title: '1',
              help: 'As in Pascal VOC: the last pixel belongs to the box.',
            },
            'from-0': { title: '0', help: 'As in CVAT, Roboflow and datumaro.' },
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
          help: 'Writes SegmentationClass and SegmentationObject for regions with an outline or a mask.',
        },
        {
          title: '掩码',
          help: '为有轮廓或掩码的区域写出 SegmentationClass 和 SegmentationObject。',
        },
      ),
    ),
  photos: photosOption(false),
});
export type VocWriteOptions = z.infer<typeof vocWriteOptions>;
