import { z } from 'zod';
import type { DatasetFiles } from '../dataset-files.ts';
import type { DatasetFormat, Likeness } from '../format.ts';
import { photosOptions, type PhotosOptions } from '../photos-option.ts';
import { perbenchKind } from './items.ts';
import { readPerbench } from './read.ts';
import { perbenchShape, writePerbench } from './write.ts';

/** PerBench, whose files are named STBench: descriptions, questions and referring about regions. */
export const perbench: DatasetFormat<object, PhotosOptions> = {
  id: 'perbench',
  title: 'PerBench',
  cannotHold:
    'Left out: categories, splits, attributes, texts about whole images, regions without texts.',
  chinese: { cannotHold: '不写出：类别、划分、属性、关于整个图像的文字、没有文字的区域。' },
  detect,
  readOptions: z.object({}),
  reader: { read: readPerbench },
  writeOptions: photosOptions,
  writer: {
    output: { kind: 'folder' },
    write: writePerbench,
    expected: perbenchShape,
    expectedCategory: () => null,
    minimumIou: 1,
    takesItems: true,
  },
};

/** The names tell; a name alone is not enough where the file begins otherwise. */
async function detect(files: DatasetFiles): Promise<Likeness> {
  const paths = files.given === null ? await files.list() : [files.given];
  const own = paths.filter(perbenchKind).slice(0, 3);
  const starts = await Promise.all(own.map((path) => files.start(path)));
  return starts.some((start) => /^\s*\[/.test(new TextDecoder().decode(start)))
    ? 'certain'
    : 'none';
}
