import { z } from 'zod';
import { groupsOption } from '../grouped-parts.ts';
import { optionWords } from '../options.ts';
import { photosOption } from '../photos-option.ts';

export const labelmeReadOptions = z.object({
  groups: groupsOption,
  imageData: z
    .boolean()
    .default(false)
    .meta(
      optionWords(
        { title: 'Keep embedded photos', help: 'A labelme export can then embed them again.' },
        { title: '保留嵌入的照片', help: '以便导出时再次写出。' },
        { isAdvanced: true },
      ),
    ),
});
export type LabelmeReadOptions = z.infer<typeof labelmeReadOptions>;

export const labelmeWriteOptions = z.object({
  photos: photosOption(true),
  imageData: z
    .boolean()
    .default(false)
    .meta(
      optionWords(
        { title: 'Embed photos', help: 'Only photos that were kept during the import.' },
        { title: '嵌入照片', help: '只限导入时保留的照片。' },
        { isAdvanced: true },
      ),
    ),
});
export type LabelmeWriteOptions = z.infer<typeof labelmeWriteOptions>;
