import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeApplicationFolders } from '../../support/application-folders.ts';
import { runHere } from './run-here.ts';

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
let project: string;

beforeEach(async () => {
  folders = await makeApplicationFolders();
  project = join(folders.folder, 'p');
  const dataset = join(folders.folder, 'dataset');
  const images = Array.from({ length: 10 }, (_, index) => ({
    id: index,
    file_name: `shot ${Math.floor(index / 5)}/${index}.png`,
    ...{ width: 8, height: 8 },
  }));
  for (const { id, file_name: name } of images) {
    await mkdir(join(dataset, name, '..'), { recursive: true });
    const background = { r: id, g: 0, b: 0 };
    await sharp({ create: { width: 8, height: 8, channels: 3, background } })
      .png()
      .toFile(join(dataset, name));
  }
  const annotations = images.map(({ id }) => {
    return { id, image_id: id, category_id: 1, bbox: [1, 1, 3, 3], area: 9, iscrowd: 0 };
  });
  const file = join(dataset, 'coco.json');
  await writeFile(
    file,
    JSON.stringify({ images, annotations, categories: [{ id: 1, name: 'cup' }] }),
  );
  await runHere('init', project);
  await runHere('import', project, file);
});

afterEach(() => folders.remove());

async function splitsIn(name: string, ...options: string[]): Promise<Record<string, string>> {
  const file = join(folders.folder, name);
  const { stdout } = await runHere('export', project, file, ...options);
  expect(stdout).toContain('images by split');
  const { images } = JSON.parse(await readFile(file, 'utf8')) as {
    images: { file_name: string; split: string }[];
  };
  return Object.fromEntries(images.map(({ file_name, split }) => [file_name, split]));
}

test('an export shares its images out by a seed, and leaves the project as it is', async () => {
  const first = await splitsIn('a.json', '--shares', '60,20,20', '--seed', '7');
  expect(Object.values(first).sort()).toEqual([
    ...Array<string>(2).fill('test'),
    ...Array<string>(6).fill('train'),
    ...Array<string>(2).fill('validation'),
  ]);
  expect(await splitsIn('b.json', '--shares', '6,2,2', '--seed', '7')).toEqual(first);
  const { stdout } = await runHere('export', project, join(folders.folder, 'c.json'));
  expect(stdout).not.toContain('images by split');
});

test('images of a folder stay together', async () => {
  const found = await splitsIn('a.json', '--shares', '1,0,1', '--group-by', 'folder');
  expect(new Set(Object.entries(found).map(([name, split]) => `${name[5]!} ${split}`)).size).toBe(
    2,
  );
});

test.each([
  [['--seed', '1'], 'need --shares'],
  [['--shares', '0,0,0'], 'Expected a share above 0'],
  [['--shares', '1,1'], 'Expected three numbers'],
  [['--shares', '1,1,1', '--group-by', '('], 'Expected a regular expression'],
])('%s is refused', async (options, expected) => {
  const { code, stderr } = await runHere(
    'export',
    project,
    join(folders.folder, 'a.json'),
    ...options,
  );
  expect(code).not.toBe(0);
  expect(stderr).toContain(expected);
});
