import { ProofRows } from '../annotation-table/rows.ts';
import { readCsv } from '../csv.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type { DatasetRow } from '../dataset-row.ts';
import type { DatasetFormat } from '../format.ts';
import { cropOptions, type CropOptions } from './options.ts';
import { cropShape, indexFile, writeCrops } from './write.ts';

/** A small photo of each region in the folder of its category, for classifiers. */
export const crops: DatasetFormat<unknown, CropOptions> = {
  id: 'crops',
  title: 'Crops of regions',
  cannotHold:
    'Export only, for classifiers. Left out: images without regions, regions without a ' +
    'category, outlines, attributes, texts.',
  chinese: {
    cannotHold: '只能导出，用于分类器。不写出：没有区域的图像、没有类别的区域、轮廓、属性、文字。',
  },
  detect: () => Promise.resolve('none'),
  writeOptions: cropOptions,
  writer: {
    output: { kind: 'folder' },
    write: writeCrops,
    expected: cropShape,
    minimumIou: 1,
  },
  proofReader: { read: readIndex },
};

/** The regions of the table whose crops are there, as pictures of the size that the table gives. */
async function* readIndex(files: DatasetFiles): AsyncGenerator<DatasetRow> {
  const there = new Set(await files.list());
  const rows = new ProofRows();
  let names: readonly string[] | null = null;
  for await (const { line, fields } of readCsv(files.chunks(indexFile))) {
    if (names === null) {
      names = fields;
      continue;
    }
    const row = Object.fromEntries(names.map((name, index) => [name, fields[index] ?? '']));
    const file = row['file'] ?? '';
    if (there.has(file) && isPicture(await files.start(file), row)) {
      yield* rows.of(`${indexFile} line ${line}`, row);
    }
  }
}

function isPicture(start: Uint8Array, row: Readonly<Record<string, string>>): boolean {
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  if (start.length < 24) return false;
  if (view.getUint16(0) === 0xffd8) return true;
  const isPng = view.getUint32(0) === 0x89504e47;
  const size = `${view.getUint32(16)} ${view.getUint32(20)}`;
  return isPng && size === `${row['crop_width']} ${row['crop_height']}`;
}
