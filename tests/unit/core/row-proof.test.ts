import { describe, expect, test } from 'vitest';
import type { DatasetFiles } from '../../../core/formats/dataset-files.ts';
import type {
  AnnotationRow,
  DatasetRow,
  DatasetSource,
  SourceAnnotation,
} from '../../../core/formats/dataset-row.ts';
import type { ExportProof } from '../../../core/formats/export-proof.ts';
import type { DatasetWriter } from '../../../core/formats/format.ts';
import { proveRows } from '../../../core/formats/row-proof.ts';
import { datasetProblem } from '../../../core/formats/sentences.ts';
import type { Box } from '../../../core/geometry/shapes.ts';
import { makeCategory } from '../../../core/project/category-names.ts';
import type { Geometry } from '../../../core/records.ts';
import { makeImage } from '../../support/test-editor.ts';

const image = { ...makeImage(), path: 'a.jpg', width: 100, height: 50 };
const categories = ['cat', 'dog'].map((name, index) => ({
  exportId: index + 1,
  category: makeCategory(name, index),
  parentName: null,
}));

function annotation(exportId: number, category: 0 | 1, geometry: Geometry): SourceAnnotation {
  return {
    exportId,
    category: categories[category]!,
    annotation: { geometry } as SourceAnnotation['annotation'],
    texts: [],
  };
}

const box = (...sides: Box): Geometry => ({ kind: 'box', box: sides });

const source = (...annotations: SourceAnnotation[]): DatasetSource => ({
  projectName: 'P',
  date: '',
  categories,
  images: () => [
    { exportId: 1, image, fileName: 'a.jpg', texts: [], items: [], annotations: () => annotations },
  ],
});

const writer = (minimumIou: number): DatasetWriter => ({
  output: { kind: 'folder' },
  minimumIou,
  write: () => Promise.resolve(),
  expected: ({ annotation: { geometry } }) =>
    geometry.kind === 'box' || geometry.kind === 'polygon'
      ? (geometry as ReturnType<DatasetWriter['expected']>)
      : null,
});

const imageRow: DatasetRow = {
  kind: 'image',
  place: 'image',
  key: '1',
  fileName: 'a.jpg',
  size: { width: 100, height: 50 },
};
const row = (category: string, ...sides: Box): AnnotationRow => ({
  kind: 'annotation',
  place: `row of ${category}`,
  image: '1',
  category,
  shape: { kind: 'box', box: sides },
});

function prove(
  dataset: DatasetSource,
  rows: readonly DatasetRow[],
  minimumIou = 1,
): Promise<ExportProof> {
  const reader = {
    async *read() {
      yield* rows;
    },
  };
  return proveRows(writer(minimumIou), reader, dataset, {}, {} as DatasetFiles, () => null);
}

describe('a proof by a second reading', () => {
  const two = source(annotation(7, 0, box(10, 10, 20, 20)), annotation(9, 1, box(50, 10, 20, 20)));
  const sound = [row('cat', 10, 10, 20, 20), row('dog', 50, 10, 20, 20)];

  test('finds everything, in whatever order it comes', async () => {
    for (const rows of [
      [imageRow, ...sound],
      [imageRow, ...sound.toReversed()],
      [...sound, imageRow],
    ]) {
      expect(await prove(two, rows)).toMatchObject({ ok: true, objects: 2, exact: 2, images: 1 });
    }
  });

  test('names what is missing and what is too much', async () => {
    const lacking = await prove(two, [imageRow, sound[0]!]);
    expect(lacking).toMatchObject({ ok: false, missing: [9], extra: [] });
    const more = await prove(two, [imageRow, ...sound, row('cat', 80, 1, 3, 3)]);
    expect(more).toMatchObject({ ok: false, missing: [], extra: ['row of cat'] });
  });

  test('sees another category, another place and another size', async () => {
    const renamed = await prove(two, [imageRow, sound[0]!, row('cat', 50, 10, 20, 20)]);
    expect(renamed).toMatchObject({
      ok: false,
      worst: [{ id: 9, iou: 1, problem: 'it has another category' }],
    });
    const moved = await prove(two, [imageRow, sound[0]!, row('dog', 51, 10, 20, 20)]);
    expect(moved).toMatchObject({ ok: false, largestBboxDeviation: 1, worst: [{ id: 9 }] });
    expect(moved.minimumIou).toBeCloseTo(19 / 21);
    const resized = { ...imageRow, size: { width: 100, height: 60 } } as DatasetRow;
    expect((await prove(two, [resized, ...sound])).imageProblems).toEqual([
      'image: it has another size than in the project.',
    ]);
  });

  test('allows what the format rounds, and no more', async () => {
    const rounded = [imageRow, sound[0]!, row('dog', 50.1, 10, 20, 20)];
    expect(await prove(two, rounded, 0.98)).toMatchObject({ ok: true, exact: 1 });
    expect(await prove(two, rounded, 0.999)).toMatchObject({ ok: false });
  });

  test('tells two alike objects apart, each of which is found once', async () => {
    const twins = source(
      annotation(1, 0, box(10, 10, 20, 20)),
      annotation(2, 0, box(10, 10, 20, 20)),
    );
    const twin = row('cat', 10, 10, 20, 20);
    expect(await prove(twins, [imageRow, twin, twin])).toMatchObject({ ok: true, exact: 2 });
    expect(await prove(twins, [imageRow, twin])).toMatchObject({ ok: false, missing: [2] });
    expect(await prove(twins, [imageRow, twin, twin, twin])).toMatchObject({
      ok: false,
      extra: ['row of cat'],
    });
  });

  test('says what the reader left out where something is missing', async () => {
    const problem = datasetProblem('rowShapeEmpty', {});
    const note: DatasetRow = { kind: 'note', place: 'row 2', isLoss: true, problem };
    expect((await prove(two, [imageRow, sound[0]!, note])).imageProblems).toEqual([
      'row 2: its shape covers no pixel of its image',
    ]);
  });

  test('sees that an image is missing, or was not to be there', async () => {
    expect(await prove(two, [])).toMatchObject({ ok: false, missing: [7, 9] });
    const other: DatasetRow = { ...imageRow, key: '2', fileName: 'b.jpg' } as DatasetRow;
    expect((await prove(two, [imageRow, ...sound, other])).imageProblems).toEqual([
      'image: the image b.jpg was not to be exported.',
    ]);
  });
});
