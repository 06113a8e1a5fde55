import { writtenCategoryName } from '../category-names.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type { DatasetFormat, Likeness } from '../format.ts';
import {
  labelmeReadOptions,
  labelmeWriteOptions,
  type LabelmeReadOptions,
  type LabelmeWriteOptions,
} from './options.ts';
import { readLabelme } from './read.ts';
import { labelmeShape, writeLabelme } from './write.ts';

/** How many JSON files are looked into. */
const looked = 5;

/** labelme's JSON, one file for each photo. */
export const labelme: DatasetFormat<LabelmeReadOptions, LabelmeWriteOptions> = {
  id: 'labelme',
  title: 'labelme JSON',
  provenAgainst: ['labelme'],
  cannotHold:
    'Converted to masks: outlines with holes. Left out: the category tree, regions without a category.',
  chinese: { cannotHold: '转换为掩码：带孔洞的轮廓。不写出：类别树、没有类别的区域。' },
  detect,
  readOptions: labelmeReadOptions,
  reader: { read: readLabelme },
  writeOptions: labelmeWriteOptions,
  writer: {
    output: { kind: 'folder' },
    write: writeLabelme,
    readOptions: () => labelmeReadOptions.parse({}),
    expected: labelmeShape,
    expectedCategory: writtenCategoryName,
    // A corner is written as a sum, whose last digit may differ.
    minimumIou: 0.9999,
  },
};

async function detect(files: DatasetFiles): Promise<Likeness> {
  const paths = files.given === null ? await files.list() : [files.given];
  const own = paths.filter((path) => /\.json$/i.test(path)).slice(0, looked);
  const starts = await Promise.all(own.map((path) => files.start(path)));
  const likenesses = starts.map(likenessOf);
  if (likenesses.includes('certain')) return 'certain';
  return likenesses.includes('possible') ? 'possible' : 'none';
}

/** The photo in `imageData` may come first, and be longer than what is looked at. */
function likenessOf(start: Uint8Array): Likeness {
  const text = new TextDecoder().decode(start);
  if (!/^\s*\{/.test(text)) return 'none';
  const keys = [
    'shapes',
    'imagePath',
    'imageData',
    'imageHeight',
    'shape_type',
    'flags',
    'version',
  ];
  const { length } = keys.filter((key) => text.includes(`"${key}"`));
  if (length >= 4 && text.includes('"shapes"')) return 'certain';
  return /"(imageData|shapes)"/.test(text) ? 'possible' : 'none';
}
