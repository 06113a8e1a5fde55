import { writtenCategoryName } from '../category-names.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type { DatasetFormat, Likeness } from '../format.ts';
import {
  datumaroReadOptions,
  datumaroWriteOptions,
  type DatumaroReadOptions,
  type DatumaroWriteOptions,
} from './options.ts';
import { readDatumaro, subsetFiles } from './read.ts';
import { datumaroShape, writeDatumaro } from './write.ts';

/** Datumaro's own JSON, a file for each subset. */
export const datumaro: DatasetFormat<DatumaroReadOptions, DatumaroWriteOptions> = {
  id: 'datumaro',
  title: 'Datumaro JSON',
  provenAgainst: ['Datumaro'],
  cannotHold:
    'Converted to masks: outlines with holes. Categories with the same name are ' +
    'distinguished by their parents.',
  chinese: { cannotHold: '转换为掩码：带孔洞的轮廓。同名的类别用上级类别区分。' },
  detect,
  readOptions: datumaroReadOptions,
  reader: { read: readDatumaro },
  writeOptions: datumaroWriteOptions,
  writer: {
    output: { kind: 'folder' },
    write: writeDatumaro,
    readOptions: () => datumaroReadOptions.parse({}),
    expected: datumaroShape,
    expectedCategory: writtenCategoryName,
    minimumIou: 1,
  },
};

/** How many files are looked into. */
const looked = 5;

async function detect(files: DatasetFiles): Promise<Likeness> {
  const paths = (await subsetFiles(files)).slice(0, looked);
  const starts = await Promise.all(paths.map((path) => files.start(path)));
  const texts = starts.map((start) => new TextDecoder().decode(start));
  if (texts.some((text) => text.includes('"dm_format_version"'))) return 'certain';
  const isLegacy = (text: string): boolean =>
    /"categories"\s*:\s*\{/.test(text) &&
    (/"items"\s*:\s*\[/.test(text) || text.includes('"label"'));
  return texts.some(isLegacy) ? 'certain' : 'none';
}
