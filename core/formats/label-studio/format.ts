import { writtenCategoryName } from '../category-names.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type { DatasetFormat, Likeness } from '../format.ts';
import {
  labelStudioReadOptions,
  labelStudioWriteOptions,
  type LabelStudioReadOptions,
  type LabelStudioWriteOptions,
} from './options.ts';
import { readLabelStudio, taskFiles } from './read.ts';
import { labelStudioShape, writeLabelStudio } from './write.ts';

/** Label Studio's JSON export. */
export const labelStudio: DatasetFormat<LabelStudioReadOptions, LabelStudioWriteOptions> = {
  id: 'label-studio',
  title: 'Label Studio JSON',
  provenAgainst: ['label-studio-sdk'],
  cannotHold:
    'Converted to masks: outlines with holes or several parts. Left out: the category tree, questions.',
  chinese: { cannotHold: '转换为掩码：带孔洞或多个部分的轮廓。不写出：类别树、问题。' },
  detect,
  readOptions: labelStudioReadOptions,
  reader: { read: readLabelStudio },
  writeOptions: labelStudioWriteOptions,
  writer: {
    output: { kind: 'folder' },
    write: writeLabelStudio,
    readOptions: ({ as }) => labelStudioReadOptions.parse({ from: as }),
    expected: labelStudioShape,
    expectedCategory: writtenCategoryName,
    // Percents of the photo's sides round the last digit.
    minimumIou: 0.9999,
  },
};

/** How many files are looked into. */
const looked = 5;

async function detect(files: DatasetFiles): Promise<Likeness> {
  const paths = (await taskFiles(files)).slice(0, looked);
  const starts = await Promise.all(paths.map((path) => files.start(path)));
  const texts = starts.map((start) => new TextDecoder().decode(start));
  const lists = texts.filter((text) => /^\s*\[\s*\{/.test(text));
  const isTask = (text: string): boolean =>
    /"(annotations|completions|predictions)"\s*:\s*\[/.test(text) &&
    /"(from_name|was_cancelled|completed_by|original_width|model_version)"|"data"\s*:\s*\{/.test(
      text,
    );
  return lists.some(isTask) ? 'certain' : 'none';
}
