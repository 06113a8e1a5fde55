import { deflateRawSync } from 'node:zlib';
import { onTestFinished, expect, test } from 'vitest';
import { addition, emptyDiff, removal, replacement, type Diff } from '../../../core/diff.ts';
import type { Annotation, ImageRecord } from '../../../core/records.ts';
import { Database } from '../../../db/database.ts';
import { migrate } from '../../../db/migrate.ts';
import { initial } from '../../../db/migrations/0010-initial.ts';
import { projectSettings } from '../../../db/migrations/0020-project-settings.ts';
import { openProjectDatabase, type ProjectDatabase } from '../../../db/project-database.ts';
import { makeAnnotation, makeCategory, makeDescription, makeImage } from './make-records.ts';
import { temporaryFolder, temporaryProject } from './temporary-project.ts';

const polygon = {
  kind: 'polygon' as const,
  parts: [{ outer: [0, 0, 4, 0, 4, 4], holes: [] }],
};
const texts = [
  {
    id: 't',
    kind: 'description' as const,
    text: 'a heron',
    provenance: { source: 'person' as const },
  },
];

function countsOf(database: ProjectDatabase) {
  const { categories, areas, perImage } = database.counts();
  return {
    categories: categories.map(({ annotations, images }) => [annotations, images]),
    areas: areas.map(({ from, annotations }) => [from, annotations]),
    perImage: perImage.map(({ annotations, images }) => [annotations, images]),
    annotations: database.annotationCount(),
    withTexts: database.imageCount({ hasTexts: true }),
    withoutTexts: database.imageCount({ hasTexts: false }),
    trainable: database.trainableImages(),
  };
}

test('counts follow moves between images and categories, texts, outlines and undo', () => {
  const database = temporaryProject();
  const folderId = database.addFolder('photos').id;
  const [first, second] = [makeImage(folderId), makeImage(folderId)];
  const category = makeCategory();
  const one = makeAnnotation(first.id, { categoryId: category.id, area: 8 });
  const other = makeAnnotation(first.id, { categoryId: category.id, area: 0.5 });
  database.apply('Add', addition(category, first, second, one, other));
  const start = countsOf(database);
  expect(start).toEqual({
    categories: [[2, 1]],
    areas: [[8, 1]],
    perImage: [
      [0, 1],
      [2, 1],
    ],
    annotations: 2,
    withTexts: 0,
    withoutTexts: 2,
    trainable: 0,
  });

  const moved = { ...one, imageId: second.id, area: 16, geometry: polygon };
  const item = makeDescription(moved, 'a heron');
  database.apply('Move', { ...replacement(one, moved), added: addition(item).added });
  const afterMove = countsOf(database);
  expect(afterMove).toEqual({
    categories: [[2, 2]],
    areas: [[16, 1]],
    perImage: [[1, 2]],
    annotations: 2,
    withTexts: 1,
    withoutTexts: 1,
    trainable: 1,
  });

  database.apply('Uncategorise', replacement(moved, { ...moved, categoryId: null }));
  expect(countsOf(database)).toMatchObject({
    categories: [
      [1, 1],
      [1, 1],
    ],
    trainable: 0,
  });
  database.undo();
  expect(countsOf(database)).toEqual(afterMove);
  database.undo();
  expect(countsOf(database)).toEqual(start);

  const { added } = addition(one, other);
  database.apply('Empty', { ...emptyDiff(), removed: { ...added, ...removal(first).removed } });
  expect(countsOf(database)).toEqual({
    categories: [[0, 0]],
    areas: [],
    perImage: [[0, 1]],
    annotations: 0,
    withTexts: 0,
    withoutTexts: 1,
    trainable: 0,
  });
  expect(database.check()).toEqual([]);
});

test('an area counts by the power of two that it reaches, however near it is to the next', () => {
  const database = temporaryProject();
  const image = makeImage(database.addFolder('photos').id);
  const near = (1 - Number.EPSILON) * 2 ** 29;
  const annotations = [near, 2 ** 29, 2 ** 48 - 0.03125].map((area) =>
    makeAnnotation(image.id, { area }),
  );
  database.apply('Add', addition(image, ...annotations));
  expect(countsOf(database).areas).toEqual([
    [2 ** 28, 1],
    [2 ** 29, 1],
    [2 ** 47, 1],
  ]);
  expect(database.check()).toEqual([]);
});

/**
 * Tens of thousands of steps up the tree for each category would not end within the time of a
 * test.
 */
test('categories that are nested 20,000 deep are added and taken back', () => {
  const database = temporaryProject();
  const categories = Array.from({ length: 20_000 }, () => makeCategory());
  const nested = categories.map((category, index) => ({
    ...category,
    parentId: categories[index - 1]?.id ?? null,
  }));
  database.apply('Add', addition(...nested));
  expect(database.categories()).toHaveLength(20_000);
  database.undo();
  expect(database.categories()).toEqual([]);
});

test('a project of the version before gets its counts, and the steps of its journal their states', () => {
  const folder = temporaryFolder();
  const older = new Database(`${folder}/older.pixelsail`, { mustExist: false });
  older.pragma('application_id = 1350062945');
  migrate(older, [initial, projectSettings]);
  older.exec(`
    INSERT INTO project (id, name, created_at_ms) VALUES (1, 'Older', 0);
    INSERT INTO image_folder VALUES ('photos', 'photos')`);
  const category = makeCategory();
  const images = [makeImage('photos', { state: 'done' }), { ...makeImage('photos'), texts }];
  const [first, second] = images as [ImageRecord, ImageRecord];
  const worded = { categoryId: category.id, geometry: polygon, area: 1023 };
  const annotations = [
    { ...makeAnnotation(first.id, worded), texts },
    makeAnnotation(first.id, { categoryId: category.id, area: 1024 }),
    makeAnnotation(first.id, { categoryId: null, geometry: polygon, area: 0 }),
  ];
  writeAsBefore(older, 'Add', addition(category, first, second));
  writeAsBefore(older, 'Import', addition(...annotations));
  older.close();

  const project = openProjectDatabase(older.file);
  onTestFinished(() => project.close());
  expect(countsOf(project)).toEqual({
    categories: [
      [2, 1],
      [1, 1],
    ],
    areas: [
      [512, 1],
      [1024, 1],
    ],
    perImage: [
      [0, 1],
      [3, 1],
    ],
    annotations: 3,
    withTexts: 2,
    withoutTexts: 0,
    trainable: 1,
  });
  expect(project.stateChanges().map(({ change }) => change)).toEqual([
    { untouched: 1, 'to-check': 0, 'reviewed-empty': 0, done: 1 },
  ]);
  expect(project.check()).toEqual([]);
  project.undo();
  expect(countsOf(project)).toMatchObject({ annotations: 0, withTexts: 1, trainable: 0 });
  expect(project.check()).toEqual([]);
});

/**
 * Rows as version 20 wrote them, in which images and annotations have texts; its triggers fill the
 * rest.
 */
function writeAsBefore(database: Database, label: string, diff: Diff): void {
  for (const record of Object.values(diff.added)) {
    if (record.kind === 'category') insert(database, 'category', record, 'name parentId color');
    const texted = { texts: [], ...record };
    if (record.kind === 'image') insert(database, 'image', texted, imageColumns);
    if (texted.kind === 'annotation') insertAnnotation(database, texted);
  }
  const { lastRowId } = database.run('INSERT INTO journal_step (label, at_ms) VALUES (@label, 1)', {
    label,
  });
  database.run(
    "INSERT INTO journal_diff (step_id, encoding, diff) VALUES (@step, 'deflate', @diff)",
    {
      step: lastRowId,
      diff: deflateRawSync(JSON.stringify(diff)),
    },
  );
}

const imageColumns = 'folderId path width height orientation sha256 state split texts';

function insertAnnotation(database: Database, annotation: Annotation): void {
  const [x, y, w, h] = annotation.bbox;
  const row = { ...annotation, x, y, w, h, crowd: Number(annotation.crowd) };
  const columns =
    'imageId categoryId x y w h area crowd zOrder createdAtMs updatedAtMs texts provenance geometry';
  insert(database, 'annotation', row, columns);
}

function insert(database: Database, table: string, record: object, named: string): void {
  const columns = [
    'id',
    'extra',
    ...(table === 'image' ? [] : ['attributes']),
    ...named.split(' '),
  ];
  const values = columns.map((column) => {
    const value = (record as Record<string, unknown>)[column];
    return [
      column.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
    ] as [string, string | number | null];
  });
  const names = values.map(([column]) => column);
  database.run(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`,
    Object.fromEntries(values),
  );
}
