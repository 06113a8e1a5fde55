import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exportDataset } from '../../../app/features/dataset/dataset-export.ts';
import { importDataset } from '../../../app/features/dataset/dataset-import.ts';
import { addition, replacements } from '../../../core/diff.ts';
import { makeCategory } from '../../../core/project/category-names.ts';
import { importFolder } from '../../../app/features/images/image-import.ts';
import { geometryRle } from '../../../core/geometry/region.ts';
import type { Box } from '../../../core/geometry/shapes.ts';
import { createProjectDatabase, type ProjectDatabase } from '../../../db/project-database.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';

// Items of PerBench, which ask about regions and answer with regions, in a real project.

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
let database: ProjectDatabase;

const context = () => ({
  jobId: crypto.randomUUID(),
  signal: new AbortController().signal,
  progress: () => undefined,
});

beforeEach(async () => {
  folders = await makeApplicationFolders();
  database = createProjectDatabase(join(folders.folder, 'p.pixelsail'), 'p');
  await importFolder(database, folders.options.samplePhotos, context());
});

afterEach(async () => {
  expect(database.check()).toEqual([]);
  database.close();
  await folders.remove();
});

async function published(): Promise<object[]> {
  const [row] = database.exportImages();
  const { path, width, height } = row!.image;
  const mask = (...box: Box) => geometryRle({ kind: 'box', box }, width, height);
  return [
    {
      image_name: path,
      question: 'Which one is left of object1 and above object2?',
      answer: 'It is object3.',
      segmentations: {
        object1: mask(9, 9, 4, 4),
        object2: mask(1, 20, 4, 4),
        object3: mask(1, 1, 4, 4),
      },
      level: 'hard',
    },
    {
      image_name: path,
      question: 'What is beside object1?',
      answer: 'object2 and object3',
      segmentations: {
        object1: mask(9, 9, 4, 4),
        object2: mask(1, 1, 4, 4),
        object3: mask(2, 2, 9, 9),
      },
    },
  ];
}

test('they come in once, are undone in one step, and leave as they stood', async () => {
  const file = join(folders.folder, 'STBench_VRES.json');
  const rows = await published();
  await writeFile(file, JSON.stringify(rows));
  const report = await importDataset(
    database,
    { path: file, images: folders.options.samplePhotos },
    context(),
  );
  expect(report.skipped).toEqual([]);
  expect(report.annotations).toBe(4);
  const items = [...database.exportItems()];
  expect(items.map(({ content }) => content)).toEqual([
    {
      question: 'Which one is left of [object1] and above [object2]?',
      answer: 'It is [object3].',
    },
    { question: 'What is beside [object1]?', answer: '[object2] and [object3]' },
  ]);
  expect(items[0]!.segments.map(({ role }) => role)).toEqual(['prompt', 'prompt', 'target']);
  expect(items[0]!.segments[2]!.annotationId).toBe(items[1]!.segments[1]!.annotationId);

  const again = await importDataset(
    database,
    { path: file, images: folders.options.samplePhotos },
    context(),
  );
  expect(again).toMatchObject({ annotations: 0, existing: { alreadyThere: 6 } });
  expect([...database.exportItems()]).toHaveLength(2);

  const target = join(folders.folder, 'perbench');
  const written = await exportDataset(database, { path: target, format: 'perbench' }, context());
  expect(written.proof).toMatchObject({ ok: true, objects: 4 });
  expect(JSON.parse(await readFile(join(target, 'STBench_VRES.json'), 'utf8'))).toEqual(
    rows.map((row) => ({ ...row, annotations: expect.any(Object) })),
  );

  database.undo();
  expect([...database.exportItems()]).toEqual([]);
});

test.each([
  ['csv-table', 'out.csv'],
  ['coco', 'out.json'],
])('%s, which has no such items, says how many it leaves out', async (format, name) => {
  const file = join(folders.folder, 'STBench_VRES.json');
  await writeFile(file, JSON.stringify(await published()));
  await importDataset(database, { path: file, images: folders.options.samplePhotos }, context());
  const category = makeCategory('cup', 0);
  const annotations = Array.from(database.exportAnnotations(), ({ annotation }) => annotation);
  database.apply('Category', addition(category));
  const change = { categoryId: category.id };
  database.apply('Named', replacements(annotations.map((each) => [each, { ...each, ...change }])));
  const target = join(folders.folder, name);
  const { changed } = await exportDataset(database, { path: target, format }, context());
  expect(changed.map(({ reason }) => reason)).toContain(
    '2 of its texts refer to several regions or have region tags, which the format does not store',
  );
});
