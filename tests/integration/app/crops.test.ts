import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exportDataset } from '../../../app/features/dataset/dataset-export.ts';
import { importFolder } from '../../../app/features/images/image-import.ts';
import { addition } from '../../../core/diff.ts';
import { geometryMeasures } from '../../../core/geometry/region.ts';
import { newId } from '../../../core/ids.ts';
import { makeCategory } from '../../../core/project/category-names.ts';
import type { Geometry } from '../../../core/records.ts';
import { createProjectDatabase, type ProjectDatabase } from '../../../db/project-database.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';

// Crops of regions, from photos whose every pixel has a colour of its own.

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
let database: ProjectDatabase;
const context = () => ({
  jobId: crypto.randomUUID(),
  signal: new AbortController().signal,
  progress: () => undefined,
});
const [width, height] = [40, 30];
const corner: Geometry = {
  kind: 'polygon',
  parts: [{ outer: [10, 10, 20, 10, 20, 14, 14, 14, 14, 20, 10, 20], holes: [] }],
};

beforeEach(async () => {
  folders = await makeApplicationFolders();
  const pixels = new Uint8Array(width * height * 3);
  for (let index = 0; index < width * height; index++) {
    pixels.set([index % width, Math.floor(index / width), 99], index * 3);
  }
  const photos = join(folders.folder, 'photos');
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(join(photos, 'a.png'));
  database = createProjectDatabase(join(folders.folder, 'p.pixelsail'), 'p');
  await importFolder(database, photos, context());
  const [row] = database.exportImages();
  const category = makeCategory('sail/mast', 0);
  database.apply(
    'regions',
    addition(category, {
      ...{ kind: 'annotation', id: newId(), imageId: row!.image.id, categoryId: category.id },
      ...{ geometry: corner, ...geometryMeasures(corner, width, height) },
      ...{ crowd: false, zOrder: 0, attributes: {}, provenance: { source: 'person' } },
      ...{ createdAtMs: 0, updatedAtMs: 0, extra: {} },
    }),
  );
});

afterEach(async () => {
  database.close();
  await folders.remove();
});

async function exported(options: Record<string, string | number | boolean>) {
  const path = join(folders.folder, 'out');
  const report = await exportDataset(database, { path, format: 'crops', options }, context());
  expect(report.proof).toMatchObject({ ok: true, objects: 1, exact: 1 });
  const [name] = await readdir(join(path, 'sail-mast'));
  const { data, info } = await sharp(join(path, 'sail-mast', name!))
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { name, data, info, table: await readFile(join(path, 'index.csv'), 'utf8') };
}

test('a crop has the pixels of the photo, with a margin', async () => {
  const { name, data, info, table } = await exported({ margin: 20 });
  expect(name).toBe('a_1.png');
  expect(info).toMatchObject({ width: 14, height: 14, channels: 3 });
  expect([...data.subarray(0, 3)]).toEqual([8, 8, 99]);
  expect([...data.subarray(-3)]).toEqual([21, 21, 99]);
  expect(table).toContain('sail-mast/a_1.png,,sail/mast,1,1,a.png,40,30,8,8,14,14,10,10,10,10');
});

test('what is cut out is clear outside the region', async () => {
  const { data, info } = await exported({ margin: 0, cutOut: true });
  expect(info).toMatchObject({ width: 10, height: 10, channels: 4 });
  const alpha = (x: number, y: number) => data[(y * 10 + x) * 4 + 3];
  expect([alpha(0, 0), alpha(8, 0), alpha(9, 9), alpha(0, 8)]).toEqual([255, 255, 0, 255]);
  expect([...data.subarray(0, 3)]).toEqual([10, 10, 99]);
});

test('JPEG files are written where they are asked for', async () => {
  const { name, info } = await exported({ file: 'jpeg', margin: 0 });
  expect(name).toBe('a_1.jpg');
  expect(info).toMatchObject({ width: 10, height: 10 });
});
