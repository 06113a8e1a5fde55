import { createHash } from 'node:crypto';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dropLeastUsed, noteUse } from '../../../app/features/images/cache-limit.ts';
import { serveFull, isFile } from '../../../app/features/images/image-files.ts';
import { serveTile } from '../../../app/features/images/image-tiles.ts';
import { makeImage } from '../../support/test-editor.ts';

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'pixelsail-cache-'));
});
afterEach(() => rm(cache, { recursive: true, force: true }));

async function lastUsed(entry: string, hoursAgo: number): Promise<void> {
  const then = new Date(Date.now() - hoursAgo * 3_600_000);
  await utimes(entry, then, then);
}

/** An entry of two files, one of them in a folder. */
async function makeEntry(name: string, bytes: number, hoursAgo: number): Promise<void> {
  await mkdir(join(cache, name, 'inner'), { recursive: true });
  await writeFile(join(cache, name, 'first'), Buffer.alloc(bytes / 2));
  await writeFile(join(cache, name, 'inner', 'second'), Buffer.alloc(bytes / 2));
  await lastUsed(join(cache, name), hoursAgo);
}

/** A file that takes no room on the disk, and is 5 GB long. */
async function makeHuge(file: string): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, '');
  await truncate(file, 5e9);
}

async function writePhoto(name: string, red: number): Promise<string> {
  const file = join(cache, name);
  const background = { r: red, g: 0, b: 0 };
  await sharp({ create: { width: 1300, height: 700, channels: 3, background } }).toFile(file);
  return file;
}

test('what was not used for longest goes until the others fit', async () => {
  await makeEntry('new', 400, 1);
  await makeEntry('oldest', 400, 3);
  await makeEntry('old', 400, 2);
  await dropLeastUsed(cache, 1, 800);
  expect((await readdir(cache)).sort()).toEqual(['new', 'old']);
  await dropLeastUsed(cache, 1, 799);
  expect(await readdir(cache)).toEqual(['new']);
});

test('what is in use stays, however large it is', async () => {
  await makeEntry('large', 4000, 3);
  await makeEntry('small', 40, 2);
  await noteUse(join(cache, 'large'));
  await dropLeastUsed(cache, 1, 100);
  expect(await readdir(cache)).toEqual(['large']);
});

test('an image whose tiles are looked at is in use, and one that lost its tiles gets them again', async () => {
  const files = [await writePhoto('a.png', 255), await writePhoto('b.png', 0)];
  const images = await Promise.all(
    files.map(async (file) => {
      const hash = createHash('sha256').update(await readFile(file));
      return makeImage({ width: 1300, height: 700, sha256: hash.digest('hex') });
    }),
  );
  const tileOf = (index: number) => serveTile(files[index]!, images[index]!, 'tile-0-0-0', cache);
  const tiles = [await tileOf(0), await tileOf(1)];
  const pyramids = join(cache, 'tiles');
  for (const { sha256 } of images) await lastUsed(join(pyramids, sha256.slice(0, 2), sha256), 3);
  await tileOf(0);

  await dropLeastUsed(pyramids, 2, 100);
  expect(await Promise.all(tiles.map(({ file }) => isFile(file)))).toEqual([true, false]);
  expect(await readdir(join(pyramids, images[1]!.sha256.slice(0, 2)))).toEqual([]);
  expect((await tileOf(1)).file).toBe(tiles[1]!.file);
  expect(await isFile(tiles[1]!.file)).toBe(true);
});

test('new tiles and new copies for browsers take the room of old ones', async () => {
  const oldPyramid = join(cache, 'tiles', '00', 'old');
  await makeHuge(join(oldPyramid, 'image.dzi'));
  await lastUsed(oldPyramid, 3);
  const oldCopy = join(cache, 'shown', 'old.png');
  await makeHuge(oldCopy);
  await lastUsed(oldCopy, 3);

  const file = await writePhoto('scan.tiff', 9);
  const image = makeImage({ width: 1300, height: 700, sha256: 'c'.repeat(64) });
  const tile = await serveTile(file, image, 'tile-0-0-0', cache);
  const copy = await serveFull(file, image, cache);
  const there = [join(oldPyramid, 'image.dzi'), oldCopy, tile.file, copy.file].map(isFile);
  expect(await Promise.all(there)).toEqual([false, false, true, true]);
});
