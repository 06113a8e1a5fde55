import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { tableColumns } from '../../../../core/formats/annotation-table/columns.ts';
import { readCsv } from '../../../../core/formats/csv.ts';
import type { DatasetSource, WrittenNote } from '../../../../core/formats/dataset-row.ts';
import type { DatasetFormat } from '../../../../core/formats/format.ts';
import { canExport, canImport, formatById } from '../../../../core/formats/registry.ts';
import { proveRows } from '../../../../core/formats/row-proof.ts';
import { anyDataset, datasetSource } from '../../../support/dataset-source.ts';
import { memoryFiles, memoryOutput } from '../../../support/memory-dataset.ts';

const ids = ['csv-table', 'parquet-table'] as const;

async function written(id: string, source: DatasetSource, choices: object = {}) {
  const format = formatById(id) as DatasetFormat<never, never>;
  const output = memoryOutput();
  const notes: string[] = [];
  const options = format.writeOptions!.parse(choices) as never;
  const note = ({ problem }: WrittenNote): void => void notes.push(problem.message);
  await format.writer!.write(source, options, output, note);
  const [[name, content]] = [...output.files] as [[string, Uint8Array]];
  return { format, options, name, content, notes };
}

async function csvObjects(content: Uint8Array): Promise<Record<string, string>[]> {
  const rows: (readonly string[])[] = [];
  for await (const { fields } of readCsv([new TextDecoder().decode(content)])) rows.push(fields);
  const [names, ...lines] = rows;
  return lines.map((line) => Object.fromEntries(names!.map((name, index) => [name, line[index]!])));
}

/** The columns of a dataset in a table. */
function cellsOf(source: DatasetSource, hasPixels: boolean) {
  return [...source.images()].flatMap((image) =>
    image
      .annotations()
      .map((each) =>
        Object.fromEntries(tableColumns(hasPixels).map(({ name, of }) => [name, of(each, image)])),
      ),
  );
}

describe('a table of annotations', () => {
  test.each(ids)('as %s is only written, and proven nevertheless', async (id) => {
    expect([canImport(formatById(id)), canExport(formatById(id))]).toEqual([false, true]);
    await fc.assert(
      fc.asyncProperty(anyDataset, async (source) => {
        const { format, options, name, content } = await written(id, source);
        const files = memoryFiles(name, { [name]: content });
        const proof = await proveRows(
          format.writer!,
          format.proofReader!,
          source,
          options,
          files,
          () => null,
        );
        expect(proof).toMatchObject({ ok: true, missing: [], extra: [] });
      }),
      { numRuns: 40 },
    );
  });

  test('as Parquet has every cell with its type', async () => {
    await fc.assert(
      fc.asyncProperty(anyDataset, fc.boolean(), async (source, pixels) => {
        const { content } = await written('parquet-table', source, { pixels });
        const file = content.buffer.slice(content.byteOffset, content.byteOffset + content.length);
        const rows = await parquetReadObjects({ file: file as ArrayBuffer });
        const plain = cellsOf(source, pixels).map(
          (row) => JSON.parse(JSON.stringify(row)) as object,
        );
        expect(JSON.parse(JSON.stringify(rows))).toEqual(plain);
      }),
      { numRuns: 40 },
    );
  });

  test('as CSV has every cell as text, empty where there is nothing', async () => {
    await fc.assert(
      fc.asyncProperty(anyDataset, async (source) => {
        const { content } = await written('csv-table', source, { pixels: true });
        const plain = cellsOf(source, true).map((row) =>
          Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, String(cell ?? '')])),
        );
        expect(await csvObjects(content)).toEqual(plain);
      }),
      { numRuns: 40 },
    );
  });

  const geometry = { kind: 'box' as const, box: [1, 2, 3, 4] as [number, number, number, number] };
  const annotations = (count: number) =>
    Array.from({ length: count }, () => ({ geometry, category: 0 }));

  test('of many annotations is written in several row groups', async () => {
    const image = { fileName: 'a.jpg', width: 9, height: 9, annotations: annotations(25_000) };
    const { content } = await written('parquet-table', datasetSource([{ name: 'cup' }], [image]));
    const file = content.buffer.slice(content.byteOffset, content.byteOffset + content.length);
    const { num_rows: rows, row_groups: groups } = parquetMetadata(file as ArrayBuffer);
    expect([rows, groups.length]).toEqual([25_000n, 3]);
  });

  test('says what it leaves out, and begins with a byte order mark for Excel', async () => {
    const polygon = { kind: 'polygon' as const, parts: [{ outer: [0, 0, 4, 0, 4, 4], holes: [] }] };
    const source = datasetSource(
      [{ name: '杯' }],
      [
        {
          fileName: 'a.jpg',
          width: 9,
          height: 9,
          annotations: [{ geometry: polygon, category: 0 }],
        },
        { fileName: 'b.jpg', width: 9, height: 9, annotations: [] },
      ],
    );
    const { content, notes } = await written('csv-table', source, { byteOrderMark: true });
    expect([...content.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(new TextDecoder().decode(content)).toMatch(/^annotation_id,image_id,file_name,/);
    expect(notes).toEqual([
      'it has no annotations; a table has one row per annotation',
      'outlines and masks of 1 regions are left out, as chosen; boxes and areas are written',
    ]);
    expect((await written('csv-table', source, { pixels: true })).notes).toHaveLength(1);
  });

  test.each(ids)('without annotations as %s has its columns only', async (id) => {
    const { format, options, name, content } = await written(id, datasetSource([], []));
    const files = memoryFiles(name, { [name]: content });
    const source = datasetSource([], []);
    const proof = await proveRows(
      format.writer!,
      format.proofReader!,
      source,
      options,
      files,
      () => null,
    );
    expect(proof).toMatchObject({ ok: true, images: 0, objects: 0 });
  });

  test('has no pixels of a line and a tag, and says that it leaves out where the line goes', async () => {
    const source = datasetSource(
      [{ name: 'road' }],
      [
        {
          ...{ fileName: 'a.jpg', width: 9, height: 9 },
          annotations: [
            { geometry: { kind: 'polyline', points: [1, 1, 5, 7] }, category: 0 },
            { geometry: { kind: 'tag' }, category: 0 },
          ],
        },
      ],
    );
    const { content, notes } = await written('csv-table', source, { pixels: true });
    const cells = (await csvObjects(content)).map(({ segmentation }) => segmentation);
    expect(cells).toEqual(['', '']);
    expect(notes).toEqual([
      'the vertices of 1 polylines are left out; a table has their boxes only',
    ]);
  });
});
