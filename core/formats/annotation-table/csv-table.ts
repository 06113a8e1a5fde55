import { z } from 'zod';
import { csvRow, readCsv } from '../csv.ts';
import type { DatasetFiles, DatasetOutput } from '../dataset-files.ts';
import type { DatasetRow, DatasetSource, WrittenNote } from '../dataset-row.ts';
import type { DatasetFormat } from '../format.ts';
import { optionWords } from '../options.ts';
import { tableColumns } from './columns.ts';
import { noteTable, pixelsOption, ProofRows, tableRows, tableShape, tableWords } from './rows.ts';

const writeOptions = z.object({
  pixels: pixelsOption,
  byteOrderMark: z
    .boolean()
    .default(false)
    .meta(
      optionWords(
        {
          title: 'For Excel',
          help: 'Begins with a byte order mark, without which Excel shows letters beyond ASCII wrongly.',
        },
        {
          title: '供 Excel 使用',
          help: '以字节顺序标记开头；没有它，Excel 会错误显示中文等字符。',
        },
      ),
    ),
});
type CsvTableOptions = z.infer<typeof writeOptions>;

/** A table of all annotations, as comma-separated values. */
export const csvTable: DatasetFormat<unknown, CsvTableOptions> = {
  id: 'csv-table',
  title: 'CSV table',
  ...tableWords,
  writeOptions,
  writer: {
    output: { kind: 'file', ending: '.csv' },
    write: writeCsvTable,
    expected: tableShape,
    minimumIou: 1,
  },
  proofReader: { read: readCsvTable },
};

async function writeCsvTable(
  source: DatasetSource,
  options: CsvTableOptions,
  output: DatasetOutput,
  note: (note: WrittenNote) => void,
): Promise<void> {
  noteTable(source, options.pixels, note);
  await output.stream('annotations.csv', lines(source, options));
}

function* lines(
  source: DatasetSource,
  { pixels, byteOrderMark }: CsvTableOptions,
): Generator<string, void> {
  const columns = tableColumns(pixels);
  let piece = (byteOrderMark ? '\ufeff' : '') + csvRow(columns.map(({ name }) => name));
  for (const { written, image } of tableRows(source)) {
    piece += csvRow(columns.map((column) => String(column.of(written, image) ?? '')));
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

const pieceLength = 65536;

async function* readCsvTable(files: DatasetFiles): AsyncGenerator<DatasetRow> {
  const [path = files.name] = files.given === null ? await files.list() : [files.given];
  const rows = new ProofRows();
  let names: readonly string[] | null = null;
  for await (const { line, fields } of readCsv(files.chunks(path))) {
    if (names === null) names = fields;
    else yield* rows.of(`${path} line ${line}`, Object.fromEntries(pairs(names, fields)));
  }
}

function pairs(names: readonly string[], fields: readonly string[]): [string, string][] {
  return names.map((name, index) => [name, fields[index] ?? '']);
}
