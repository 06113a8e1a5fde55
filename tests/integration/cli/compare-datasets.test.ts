import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addition, replacements } from '../../../core/diff.ts';
import { stepText, stepTexts } from '../../../core/project/step-labels.ts';
import { withProject } from '../../../cli/project.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';
import { runHere } from './run-here.ts';

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
let dataset: string;
const path = (name: string) => join(folders.folder, name);

async function coco(
  name: string,
  boxes: readonly (readonly [image: number, category: number, ...box: number[]])[],
) {
  const images = [1, 2].map((id) => ({ id, file_name: `${id}.png`, width: 60, height: 60 }));
  const annotations = boxes.map(([image_id, category_id, ...bbox], index) => {
    return { id: index + 1, image_id, category_id, bbox, area: bbox[2]! * bbox[3]!, iscrowd: 0 };
  });
  const categories = ['cup', 'hat'].map((each, index) => ({ id: index + 1, name: each }));
  await writeFile(join(dataset, name), JSON.stringify({ images, annotations, categories }));
  return join(dataset, name);
}

beforeEach(async () => {
  folders = await makeApplicationFolders();
  dataset = path('dataset');
  await mkdir(dataset);
  for (const id of [1, 2]) {
    const background = { r: id, g: 0, b: 0 };
    await sharp({ create: { width: 60, height: 60, channels: 3, background } })
      .png()
      .toFile(join(dataset, `${id}.png`));
  }
});

afterEach(() => folders.remove());

const before = [
  [1, 1, 0, 0, 10, 10],
  [1, 1, 20, 0, 10, 10],
  [2, 2, 0, 0, 10, 10],
  [2, 2, 0, 40, 10, 10],
] as const;
const after = [
  [1, 1, 0, 0, 10, 10],
  [1, 1, 22, 0, 10, 10],
  [2, 1, 0, 0, 10, 10],
  [2, 2, 40, 40, 10, 10],
] as const;

interface Compared {
  readonly regions: Record<string, number>;
  readonly kappa: number;
  readonly images: { readonly both: number };
}

async function compared(...words: string[]): Promise<Compared> {
  const { stdout, stderr, code } = await runHere('compare-datasets', ...words, '--json');
  expect(stderr.replace(/^import.*$/gm, '').trim()).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Compared;
}

test('two files are compared in whatever formats they are', async () => {
  const [a, b] = [await coco('a.json', before), await coco('b.json', after)];
  const counts = { same: 1, moved: 1, relabelled: 1, added: 1, removed: 1 };
  expect(await compared(a, b)).toMatchObject({ images: { both: 2 }, regions: counts });
  await runHere('init', path('p'));
  await runHere('import', path('p'), b);
  await runHere('export', path('p'), path('voc'), '--format', 'voc');
  expect((await compared(a, path('voc'))).regions).toEqual(counts);
  const { stdout } = await runHere('compare-datasets', a, b);
  expect(stdout).toContain('1 region the same, 1 added, 1 removed, 1 moved, 1 relabelled');
  expect(stdout).toContain('hat -> cup: 1 region');
});

test('a project takes over what is chosen, each time as one step that is undone', async () => {
  const [a, b] = [await coco('a.json', before), await coco('b.json', after)];
  await runHere('init', path('p'));
  await runHere('import', path('p'), a);
  await compared(path('p'), b, '--take', 'added', 'relabelled');
  expect((await compared(path('p'), b)).regions).toEqual({
    same: 3,
    moved: 1,
    relabelled: 0,
    added: 0,
    removed: 1,
  });
  await compared(path('p'), b, '--take', 'moved', 'removed');
  const none = { moved: 0, relabelled: 0, added: 0, removed: 0 };
  expect((await compared(path('p'), b)).regions).toEqual({ same: 4, ...none });
  await withProject(path('p'), async (database) => {
    database.undo();
    database.undo();
    expect(database.check()).toEqual([]);
  });
  expect((await compared(path('p'), a)).regions).toEqual({ same: 4, ...none });
});

test('a region that only moved keeps its category, whatever other one has the name', async () => {
  const [a, b] = [await coco('a.json', before), await coco('b.json', after)];
  await runHere('init', path('p'));
  await runHere('import', path('p'), a);
  const drawn = await withProject(path('p'), async (database) => {
    const cup = database.categories().find(({ name }) => name === 'cup')!;
    const other = { ...cup, id: 'other', name: 'Cup', parentId: cup.id };
    const regions = database.annotationsOfCategory(cup.id, 10);
    const to = regions.map((region) => ({ ...region, categoryId: other.id }));
    await database.gradually.apply('Own', addition(other));
    const pairs = regions.map((region, index) => [region, to[index]!] as const);
    await database.gradually.apply('Own', replacements(pairs));
    return to;
  });
  expect((await compared(path('p'), b, '--take', 'moved')).regions).toMatchObject({ moved: 1 });
  await withProject(path('p'), async (database) => {
    const now = drawn.map(({ id }) => database.annotation(id)!);
    expect(now.map(({ bbox }) => bbox[0])).toEqual([0, 22]);
    expect(now.map(({ categoryId }) => categoryId)).toEqual(['other', 'other']);
    return Promise.resolve();
  });
});

test('what is taken over is named after the dataset, and a done image gets its regions to check', async () => {
  const [a, b] = [await coco('a.json', before.slice(0, 1)), await coco('b.json', before)];
  await runHere('init', path('p'));
  await runHere('import', path('p'), a);
  await withProject(path('p'), async (database) => {
    const images = [...database.exportImages()].map(({ image }) => image);
    const done = images.map((image) => [image, { ...image, state: 'done' as const }] as const);
    await database.gradually.apply('Own', replacements(done));
  });
  await compared(path('p'), b, '--take', 'added');
  await withProject(path('p'), async (database) => {
    expect(stepText(stepTexts, database.history()[0]!.label)).toBe(
      'Take over differences of b.json',
    );
    const states = [...database.exportImages()].map(({ image }) => image.state);
    expect(states).toEqual(['to-check', 'to-check']);
    return Promise.resolve();
  });
});

test('a region that is taken over keeps its keypoints, its attributes and that it is a crowd', async () => {
  const [a, b] = [await coco('a.json', before.slice(0, 1)), await coco('b.json', before)];
  const file = JSON.parse(await readFile(b, 'utf8')) as { annotations: object[] };
  const said = { iscrowd: 1, keypoints: [22, 4, 2, 0, 0, 0], attributes: { wet: true } };
  const annotations = file.annotations.map((row, index) =>
    index === 1 ? { ...row, ...said } : row,
  );
  await writeFile(b, JSON.stringify({ ...file, annotations }));
  await runHere('init', path('p'));
  await runHere('import', path('p'), a);
  await compared(path('p'), b, '--take', 'added');
  await withProject(path('p'), async (database) => {
    const taken = Array.from(database.exportAnnotations(), ({ annotation }) => annotation);
    expect(taken.find(({ bbox }) => bbox[0] === 20)).toMatchObject({
      crowd: true,
      keypoints: [
        [22, 4, 2],
        [0, 0, 0],
      ],
      attributes: { wet: true },
    });
    return Promise.resolve();
  });
});

test('images of other names match by their bytes, unless several have the same', async () => {
  const [a, b] = [await coco('a.json', before), await coco('b.json', after)];
  await runHere('init', path('p'));
  await runHere('import', path('p'), a);
  const other = path('other');
  await mkdir(other);
  for (const id of [1, 2]) await copyFile(join(dataset, `${id}.png`), join(other, `x${id}.png`));
  const renamed = (await readFile(b, 'utf8')).replace(/"(\d)\.png"/g, '"x$1.png"');
  await writeFile(join(other, 'b.json'), renamed);
  expect((await compared(path('p'), join(other, 'b.json'))).images.both).toBe(2);
  await copyFile(join(dataset, '1.png'), join(other, 'x2.png'));
  expect((await compared(path('p'), join(other, 'b.json'))).images.both).toBe(0);
});

test('taking over needs a project first', async () => {
  const [a, b] = [await coco('a.json', before), await coco('b.json', after)];
  const { code, stderr } = await runHere('compare-datasets', a, b, '--take', 'added');
  expect(code).not.toBe(0);
  expect(stderr).toContain('Expected a project as A');
});
