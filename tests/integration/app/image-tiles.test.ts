import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serveTile } from '../../../app/features/images/image-tiles.ts';
import { makeImage } from '../../support/test-editor.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pixelsail-tiles-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Left half red, right half blue, 1300 x 700 as shown. */
async function twoColours(name: string, orientation?: number): Promise<string> {
  const blue = { create: { width: 650, height: 700, channels: 3 as const, background: '#0000ff' } };
  const shown = sharp({ create: { width: 1300, height: 700, channels: 3, background: '#ff0000' } })
    .composite([{ input: blue, left: 650, top: 0 }])
    .png();
  const stored = sharp(await shown.toBuffer());
  if (orientation === 6) stored.rotate(-90);
  const file = join(folder, name);
  await stored.withMetadata({ orientation: orientation ?? 1 }).toFile(file);
  return file;
}

const image = makeImage({ width: 1300, height: 700 });

async function hashOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

async function tileAt(file: string, name: string) {
  const served = await serveTile(file, image, name, join(folder, 'cache'));
  const { data, info } = await sharp(served.file).raw().toBuffer({ resolveWithObject: true });
  const colourAt = (x: number, y: number) => {
    const start = (y * info.width + x) * info.channels;
    const [red, , blue] = data.subarray(start, start + 3);
    return red! > 200 ? 'red' : blue! > 200 ? 'blue' : 'mixed';
  };
  return { size: [info.width, info.height], colourAt };
}

test('a tile of the finest level has the pixels of the image, those at the border are cut', async () => {
  const file = await twoColours('photo.jpg');
  const middle = await tileAt(file, 'tile-0-1-0');
  expect(middle.size).toEqual([512, 512]);
  expect([middle.colourAt(130, 500), middle.colourAt(146, 500)]).toEqual(['red', 'blue']);
  expect((await tileAt(file, 'tile-0-2-1')).size).toEqual([1300 - 1024, 700 - 512]);
});

test('a coarser level halves the image, rounding up', async () => {
  const file = await twoColours('photo.jpg');
  const whole = await tileAt(file, 'tile-2-0-0');
  expect(whole.size).toEqual([325, 175]);
  expect([whole.colourAt(155, 90), whole.colourAt(170, 90)]).toEqual(['red', 'blue']);
});

test('an image is turned as its EXIF tag says before it is cut', async () => {
  const file = await twoColours('turned.jpg', 6);
  const whole = await tileAt(file, 'tile-2-0-0');
  expect(whole.size).toEqual([325, 175]);
  expect([whole.colourAt(100, 90), whole.colourAt(225, 90)]).toEqual(['red', 'blue']);
});

test('an image that takes long is first made in its coarse levels, whose tiles are those of the whole', async () => {
  const size = { width: 10_001, height: 10_003 };
  const file = join(folder, 'large.jpg');
  await sharp({ create: { ...size, channels: 3, background: '#ff0000' } }).toFile(file);
  const cache = join(folder, 'cache');
  const sizeOf = async (name: string) => {
    const { width, height } = await sharp(
      (await serveTile(file, makeImage(size), name, cache)).file,
    ).metadata();
    return [width, height];
  };
  expect(await sizeOf('tile-3-0-0')).toEqual([512, 512]);
  expect(await sizeOf('tile-3-2-2')).toEqual([1251 - 1024, 1251 - 1024]);
  expect(await sizeOf('tile-5-0-0')).toEqual([313, 313]);
  const hash = await hashOf(file);
  expect(await readdir(join(cache, 'tiles', hash.slice(0, 2)))).toEqual([`${hash}-coarse`]);
});

test('tiles that are asked for at once are made once, and nothing half made stays', async () => {
  const file = await twoColours('photo.jpg');
  const names = ['tile-0-0-0', 'tile-0-1-0', 'tile-1-0-0', 'tile-2-0-0'];
  await Promise.all(names.map((name) => tileAt(file, name)));
  const hash = await hashOf(file);
  const made = await readdir(join(folder, 'cache', 'tiles', hash.slice(0, 2)));
  expect(made).toEqual([hash]);
});

test('what is no tile of the image is not found, and no image is said to be unreadable', async () => {
  const file = await twoColours('photo.jpg');
  for (const name of ['tile-0-9-9', 'tile-12-0-0', 'tile-0', '..', 'full']) {
    await expect(tileAt(file, name)).rejects.toMatchObject({ code: 'not-found' });
  }
  const broken = join(folder, 'broken.jpg');
  await writeFile(broken, 'not an image');
  const other = makeImage({ width: 1300, height: 700, sha256: '1'.repeat(64) });
  await expect(serveTile(broken, other, 'tile-0-0-0', join(folder, 'cache'))).rejects.toMatchObject(
    { code: 'image-unreadable' },
  );
  const start = (await hashOf(broken)).slice(0, 2);
  expect(await readdir(join(folder, 'cache', 'tiles', start))).toEqual([]);
});
