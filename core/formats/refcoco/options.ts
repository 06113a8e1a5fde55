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
          title: 'Refs file',
          help: 'Name in the brackets of the file name, such as unc, umd or google. Empty: the first existing one of these.',
        },
        {
          title: 'refs 文件',
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
          choices: { all: 'All annotations', referred: 'Annotations with an expression' },
        },
        {
          title: '标注',
          choices: { all: '所有标注', referred: '有表达式的标注' },
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
          choices: { raw: 'Raw', sent: 'Cleaned, as for training' },
        },
        {
          title: '表达式的文字',
          choices: { raw: '原文', sent: '清理后的，用于训练' },
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
              help: 'gRefCOCO: an expression of several regions refers to all of them; an expression of the image alone has no target.',
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
          help: 'Part of the name of the refs file, which readers use to find it.',
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
