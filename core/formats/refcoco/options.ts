import { z } from 'zod';
import { optionWords } from '../options.ts';
import { photosOption } from '../photos-option.ts';

export const refcocoReadOptions = z.object({
  splitBy: z
    .string()
    .default('')
    .meta(
      optionWords(
        {
          title: 'Which refs file',
          help: 'The name in its brackets, such as unc, umd or google. Empty: the first of these that is there.',
        },
        {
          title: '读取哪个 refs 文件',
          help: '其括号中的名称，例如 unc、umd 或 google。留空：其中第一个存在的。',
        },
        { isAdvanced: true },
      ),
    ),
  annotations: z
    .enum(['all', 'referred'])
    .default('all')
    .meta(
      optionWords(
        {
          title: 'Annotations',
          choices: { all: 'All of the images', referred: 'Those that expressions refer to' },
        },
        {
          title: '标注',
          choices: { all: '图像的所有标注', referred: '有表达式指代的标注' },
        },
      ),
    ),
  wording: z
    .enum(['raw', 'sent'])
    .default('raw')
    .meta(
      optionWords(
        {
          title: 'Wording of expressions',
          choices: { raw: 'As people wrote them', sent: 'Cleaned, as models are trained on them' },
        },
        {
          title: '表达式的文字',
          choices: { raw: '人们所写的原文', sent: '清理过的，即训练模型所用的' },
        },
        { isAdvanced: true },
      ),
    ),
});
export type RefcocoReadOptions = z.infer<typeof refcocoReadOptions>;

export const refcocoWriteOptions = z.object({
  targets: z
    .enum(['one', 'many'])
    .default('one')
    .meta(
      optionWords(
        {
          title: 'An expression refers to',
          choices: {
            one: { title: 'One region', help: 'RefCOCO, RefCOCO+ and RefCOCOg.' },
            many: {
              title: 'Any number of regions',
              help: 'gRefCOCO: an expression that several regions of an image have refers to all of them; one of the image alone refers to none.',
            },
          },
        },
        {
          title: '一个表达式指代',
          choices: {
            one: { title: '一个区域', help: 'RefCOCO、RefCOCO+ 和 RefCOCOg。' },
            many: {
              title: '任意多个区域',
              help: 'gRefCOCO：同一图像中多个区域共有的表达式指代所有这些区域；只属于图像的表达式不指代任何区域。',
            },
          },
        },
      ),
    ),
  splitBy: z
    .enum(['unc', 'umd', 'google'])
    .default('unc')
    .meta(
      optionWords(
        {
          title: 'Name of the split',
          help: 'In the name of the refs file, by which readers ask for it.',
          choices: {
            unc: 'unc (RefCOCO, RefCOCO+, gRefCOCO)',
            umd: 'umd (RefCOCOg)',
            google: 'google',
          },
        },
        {
          title: '划分的名称',
          help: '写在 refs 文件名中，读取程序按它查找。',
          choices: {
            unc: 'unc（RefCOCO、RefCOCO+、gRefCOCO）',
            umd: 'umd（RefCOCOg）',
            google: 'google',
          },
        },
      ),
    ),
  file: z
    .enum(['both', 'pickle', 'json'])
    .default('both')
    .meta(
      optionWords(
        {
          title: 'Refs as',
          choices: { both: 'Pickle and JSON', pickle: 'Pickle', json: 'JSON' },
        },
        {
          title: 'refs 写为',
          choices: { both: 'pickle 和 JSON', pickle: 'pickle', json: 'JSON' },
        },
        { isAdvanced: true },
      ),
    ),
  photos: photosOption(false),
});
export type RefcocoWriteOptions = z.infer<typeof refcocoWriteOptions>;
