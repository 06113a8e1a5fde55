import { parquetMetadataAsync, parquetReadObjects, type SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { z } from 'zod';
import type { DatasetFiles, DatasetOutput } from '../dataset-files.ts';
import type { DatasetRow, DatasetSource, WrittenNote } from '../dataset-row.ts';
import type { DatasetFormat } from '../format.ts';
import { tableColumns, type Cell, type TableColumn } from './columns.ts';
import { noteTable, pixelsOption, ProofRows, tableRows, tableShape, tableWords } from './rows.ts';

const writeOptions = z.object({ pixels: pixelsOption });
type ParquetTableOptions = z.infer<typeof writeOptions>;

/** A table of all annotations, as Apache Parquet. */
export const parquetTable: DatasetFormat<unknown, ParquetTableOptions> = {
  id: 'parquet-table',
  title: 'Parquet table',
  ...tableWords,
  writeOptions,
  writer: {
    output: { kind: 'file', ending: '.parquet' },
    write: writeParquetTable,
    expected: tableShape,
    minimumIou: 1,
  },
  proofReader: { read: readParquetTable },
};

/** Rows that are held at once, and that readers read at once. */
const groupRows = 10_000;

async function writeParquetTable(
  source: DatasetSource,
  { pixels }: ParquetTableOptions,
  output: DatasetOutput,
  note: (note: WrittenNote) => void,
): Promise<void> {
  noteTable(source, pixels, note);
  await output.stream('annotations.parquet', pieces(source, tableColumns(pixels)));
}

async function* pieces(
  source: DatasetSource,
  columns: readonly TableColumn[],
): AsyncGenerator<Uint8Array, void> {
  const bytes = new PieceWriter();
  const writer = new ParquetWriter({ writer: bytes, schema: schemaOf(columns) });
  let held: Cell[][] = columns.map(() => []);
  const writeHeld = async (): Promise<void> => {
    const columnData = columns.map(({ name }, index) => ({ name, data: held[index]! }));
    await writer.write({ columnData, rowGroupSize: groupRows });
    held = columns.map(() => []);
  };
  for (const { written, image } of tableRows(source)) {
    columns.forEach((column, index) => held[index]!.push(column.of(written, image)));
    if (held[0]!.length < groupRows) continue;
    await writeHeld();
    yield bytes.take();
  }
  if (held[0]!.length > 0) await writeHeld();
  await writer.finish();
  yield bytes.take();
}

/** Every column may be empty in a row. */
function schemaOf(columns: readonly TableColumn[]): SchemaElement[] {
  return [
    { name: 'root', num_children: columns.length },
    ...columns.map(({ name, type }): SchemaElement =>
      type === 'STRING'
        ? { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' }
        : { name, type, repetition_type: 'OPTIONAL' },
    ),
  ];
}

/** Gives its bytes away piece by piece; `offset` still counts all of them. */
class PieceWriter extends ByteWriter {
  take(): Uint8Array {
    const piece = this.getBytes().slice();
    this.index = 0;
    return piece;
  }
}

async function* readParquetTable(files: DatasetFiles): AsyncGenerator<DatasetRow> {
  const [path = files.name] = files.given === null ? await files.list() : [files.given];
  const file = await wholeFile(files, path);
  const metadata = await parquetMetadataAsync(file);
  const rows = new ProofRows();
  const total = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < total; rowStart += groupRows) {
    const rowEnd = Math.min(rowStart + groupRows, total);
    const read = await parquetReadObjects({ file, metadata, rowStart, rowEnd, columns: proven });
    for (const [index, row] of read.entries())
      yield* rows.of(`${path} row ${rowStart + index}`, row);
  }
}

const proven = [
  ...['image_id', 'file_name', 'image_width', 'image_height', 'category'],
  ...['x', 'y', 'width', 'height'],
];

async function wholeFile(files: DatasetFiles, path: string): Promise<ArrayBuffer> {
  const read: Uint8Array[] = [];
  for await (const piece of files.byteChunks(path)) read.push(piece);
  const all = new Uint8Array(read.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of read) {
    all.set(piece, at);
    at += piece.length;
  }
  return all.buffer;
}
