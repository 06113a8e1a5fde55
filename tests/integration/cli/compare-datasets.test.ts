import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addition, replacements } from '../../../core/diff.ts';
import { encodeRle } from '../../../core/geometry/rle.ts';
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
  readonly texts: number;
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

/** Writes a file again with other annotations. */
async function rewritten(name: string, change: (row: Row, index: number) => Row): Promise<string> {
  const file = JSON.parse(await readFile(join(dataset, name), 'utf8')) as { annotations: Row[] };
  await writeFile(
    join(dataset, name),
    JSON.stringify({ ...file, annotations: file.annotations.map(change) }),
  );
  return join(dataset, name);
}

type Row = Readonly<Record<string, unknown>>;

function withKeypoints(points: readonly number[]) {
  return (row: Row, index: number) => (index === 1 ? { ...row, keypoints: points } : row);
}

test('a region with other keypoints is moved, and taking it over brings them', async () => {
  const [a, b] = [await coco('a.json', before), await coco('b.json', before)];
  await rewritten('a.json', withKeypoints([22, 4, 2, 28, 4, 2]));
  await rewritten('b.json', withKeypoints([22, 4, 2, 28, 8, 2]));
  await coco('plain.json', before);
  expect((await compared(a, b)).regions).toMatchObject({ same: 3, moved: 1 });
  await runHere('init', path('p'));
  await runHere('import', path('p'), a);
  const regions = { same: 4, moved: 0, relabelled: 0, added: 0, removed: 0 };
  // Without any keypoints a dataset says nothing about them, as formats that hold none.
  expect((await compared(path('p'), join(dataset, 'plain.json'))).regions).toEqual(regions);
  expect((await compared(path('p'), b, '--take', 'moved')).regions).toMatchObject({ moved: 1 });
  expect((await compared(path('p'), b)).regions).toEqual(regions);
  const takenKeypoints = () =>
    withProject(path('p'), async (database) => {
      const all = Array.from(database.exportAnnotations(), ({ annotation }) => annotation);
      return Promise.resolve(all.find(({ bbox }) => bbox[0] === 20)!.keypoints);
    });
  expect(await takenKeypoints()).toEqual([
    [22, 4, 2],
    [28, 8, 2],
  ]);
  // Here another region has keypoints, so that this one has lost them.
  await coco('c.json', before);
  await rewritten('c.json', (row, index) =>
    index === 0 ? { ...row, keypoints: [2, 2, 2, 4, 4, 2] } : row,
  );
  const other = join(dataset, 'c.json');
  expect((await compared(path('p'), other, '--take', 'moved')).regions).toMatchObject({ moved: 2 });
  expect(await takenKeypoints()).toBeUndefined();
});

test('texts that only the dataset has are told, and come with what is taken over', async () => {
  const [a, b] = [await coco('a.json', before.slice(0, 2)), await coco('b.json', before)];
  const said = ['a cup at the left', 'the other cup', undefined, 'a hat below'];
  await rewritten('a.json', (row, index) => (index === 0 ? { ...row, caption: said[0] } : row));
  await rewritten('b.json', (row, index) => ({ ...row, caption: said[index] }));
  const { annotations, ...rest } = JSON.parse(await readFile(b, 'utf8')) as {
    annotations: object[];
  };
  const ofImage = { id: 9, image_id: 2, caption: 'two hats' };
  await writeFile(b, JSON.stringify({ ...rest, annotations: [...annotations, ofImage] }));
  await runHere('init', path('p'));
  await runHere('import', path('p'), a);
  // The description of the other cup, and that of the second image.
  expect(await compared(path('p'), b)).toMatchObject({ texts: 2, regions: { added: 2 } });
  const { stdout } = await runHere('compare-datasets', path('p'), b);
  expect(stdout).toContain('2 texts only in b.json');
  const texts = () =>
    withProject(path('p'), async (database) => {
      expect(database.check()).toEqual([]);
      return Promise.resolve(
        Array.from(database.exportItems(), ({ content, segments }) => [
          (content as { text: string }).text,
          segments.map(({ annotationId }) => database.annotation(annotationId)!.bbox),
        ]),
      );
    });
  const [left, right, image, hat] = [
    [said[0], [[0, 0, 10, 10]]],
    [said[1], [[20, 0, 10, 10]]],
    ['two hats', []],
    [said[3], [[0, 40, 10, 10]]],
  ];
  await compared(path('p'), b, '--take', 'texts');
  expect(await texts()).toEqual(expect.arrayContaining([left, right, image]));
  expect(await texts()).toHaveLength(3);
  await compared(path('p'), b, '--take', 'added');
  expect(await texts()).toEqual(expect.arrayContaining([left, right, image, hat]));
  expect(await compared(path('p'), b)).toMatchObject({ texts: 0, regions: { same: 4, added: 0 } });
  await withProject(path('p'), async (database) => {
    database.undo();
    database.undo();
    return Promise.resolve();
  });
  expect(await texts()).toEqual([left]);
});

test('an item about several regions comes with them, or with its texts', async () => {
  const items = path('perbench');
  await mkdir(items);
  const counts = (x: number) => {
    const data = new Uint8Array(3600);
    for (let row = 0; row < 10; row++) data.fill(1, row * 60 + x, row * 60 + x + 10);
    return encodeRle({ width: 60, height: 60, data });
  };
  const row = {
    ...{ image_name: '1.png', question: 'What is beside [a]?', answer: 'It is [b].' },
    segmentations: { '[a]': counts(0), '[b]': counts(20) },
  };
  await writeFile(join(items, 'STBench_VRES.json'), JSON.stringify([row]));
  await copyFile(join(dataset, '1.png'), join(items, '1.png'));
  const a = await coco('a.json', before.slice(0, 1));
  for (const [project, of] of [
    ['one', a],
    ['both', await coco('b.json', before)],
  ] as const) {
    await runHere('init', path(project));
    await runHere('import', path(project), of);
  }
  expect(await compared(path('both'), items)).toMatchObject({ texts: 1 });
  await compared(path('both'), items, '--take', 'texts');
  expect(await compared(path('both'), items)).toMatchObject({ texts: 0 });
  expect(await compared(path('one'), items)).toMatchObject({ texts: 0, regions: { added: 1 } });
  await compared(path('one'), items, '--take', 'added');
  for (const project of ['one', 'both']) {
    await withProject(path(project), async (database) => {
      expect(database.check()).toEqual([]);
      const [item] = database.exportItems();
      expect(item).toMatchObject({
        task: 'referring',
        segments: [{ role: 'prompt' }, { role: 'target' }],
      });
      const boxes = item!.segments.map(
        ({ annotationId }) => database.annotation(annotationId)!.bbox,
      );
      expect(boxes.map(([x]) => x)).toEqual([0, 20]);
      return Promise.resolve();
    });
  }
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
