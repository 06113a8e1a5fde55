import { z } from 'zod';
import { writtenCategoryName } from '../category-names.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type { DatasetFormat, Likeness } from '../format.ts';
import { cvatWriteOptions, type CvatWriteOptions } from './options.ts';
import { cvatFiles, readCvat } from './read.ts';
import { cvatShape, writeCvat } from './write.ts';

const cvatReadOptions = z.object({});

/** CVAT's XML, version 1.1, for images. */
export const cvat: DatasetFormat<object, CvatWriteOptions> = {
  id: 'cvat',
  title: 'CVAT XML 1.1 (images)',
  provenAgainst: ['Datumaro', 'cvat-sdk'],
  cannotHold:
    'Converted to masks: outlines with holes or several parts. Left out: outlines ' +
    'beside keypoints, the category tree, regions without a category, texts except one description per region.',
  chinese: {
    cannotHold:
      '转换为掩码：带孔洞或多个部分的轮廓。不写出：关键点旁的轮廓、类别树、没有类别的区域、每个区域除一条描述外的文字。',
  },
  detect,
  readOptions: cvatReadOptions,
  reader: { read: readCvat },
  writeOptions: cvatWriteOptions,
  writer: {
    output: { kind: 'folder' },
    write: writeCvat,
    expected: cvatShape,
    expectedCategory: writtenCategoryName,
    // A corner is written as a sum, whose last digit may differ.
    minimumIou: 0.9999,
    takesKeypoints: true,
  },
};

/** How many files are looked into. */
const looked = 5;

async function detect(files: DatasetFiles): Promise<Likeness> {
  const paths = (await cvatFiles(files)).slice(0, looked);
  const starts = await Promise.all(paths.map((path) => files.start(path)));
  const texts = starts.map((start) => new TextDecoder().decode(start));
  const own = texts.filter((text) => /<annotations[\s>]/.test(text));
  // Pascal VOC's files begin with <annotation>, without an s.
  if (own.some((text) => /<version>1\.\d<\/version>|<meta[\s>]/.test(text))) return 'certain';
  return own.length > 0 ? 'possible' : 'none';
}
