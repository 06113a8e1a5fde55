import { z } from 'zod';
import { optionWords } from '../options.ts';
import { photosOption } from '../photos-option.ts';

export const maskReadOptions = z.object({
  kind: z
    .enum(['auto', 'semantic', 'instance', 'color'])
    .default('auto')
    .meta(
      optionWords(
        {
          title: 'What pixels say',
          choices: {
            auto: { title: 'By the files', help: 'Colours; 16 bits: objects; otherwise: classes.' },
            semantic: { title: 'Class', help: 'One region for each class in an image.' },
            instance: { title: 'Object', help: 'The class times the divisor, plus a number.' },
            color: { title: 'Colour', help: 'One region for each colour of the class table.' },
          },
        },
        {
          title: '像素的含义',
          choices: {
            auto: { title: '按文件判断', help: '颜色；16 位时为目标；否则为类别。' },
            semantic: { title: '类别', help: '一张图像中每个类别一个区域。' },
            instance: { title: '目标', help: '类别乘以除数，再加编号。' },
            color: { title: '颜色', help: '类别表中每种颜色一个区域。' },
          },
        },
      ),
    ),
  background: z
    .number()
    .int()
    .min(-1)
    .max(65535)
    .default(0)
    .meta(
      optionWords(
        {
          title: 'Value of the background',
          help: '-1 for no background. In colour masks, 0 is black.',
        },
        { title: '背景的值', help: '没有背景时为 -1。对颜色而言，0 为黑色。' },
      ),
    ),
  ignore: z
    .number()
    .int()
    .min(-1)
    .max(65535)
    .default(255)
    .meta(
      optionWords(
        { title: 'Ignored value', help: 'Borders and unlabelled pixels; -1 for none.' },
        { title: '忽略的值', help: '边界和未标注处；没有时为 -1。' },
      ),
    ),
  divisor: z
    .number()
    .int()
    .min(0)
    .max(65535)
    .default(1000)
    .meta(
      optionWords(
        {
          title: 'Divisor of objects',
          help: '1000 as in Cityscapes; 0 if values are object numbers without a class.',
        },
        { title: '目标的除数', help: 'Cityscapes 为 1000；值只是目标编号、不含类别时为 0。' },
        { isAdvanced: true },
      ),
    ),
});
export type MaskReadOptions = z.infer<typeof maskReadOptions>;

export const maskWriteOptions = z.object({
  kind: z
    .enum(['semantic', 'instance'])
    .default('semantic')
    .meta(
      optionWords(
        {
          title: 'What pixels say',
          choices: {
            semantic: { title: 'Class', help: 'Palette PNG; regions of one category are merged.' },
            instance: { title: 'Object', help: '16-bit PNG: the class times 1000, plus a number.' },
          },
        },
        {
          title: '像素的含义',
          choices: {
            semantic: { title: '类别', help: '调色板 PNG；同一类别的区域合为一个。' },
            instance: { title: '目标', help: '16 位 PNG：类别乘以 1000，再加编号。' },
          },
        },
      ),
    ),
  photos: photosOption(false),
});
export type MaskWriteOptions = z.infer<typeof maskWriteOptions>;
