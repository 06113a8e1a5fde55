import { mkdir, mkdtemp, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { importFolder } from '../../../app/features/images/image-import.ts';
import { checkPhotos } from '../../../app/features/images/photo-check.ts';
import type { JobContext } from '../../../app/jobs/job-kind.ts';
import { newId } from '../../../core/ids.ts';
import { createProjectDatabase, type ProjectDatabase } from '../../../db/project-database.ts';

let folder: string;
let database: ProjectDatabase;
let importedAtMs: number;

const context: JobContext = {
  jobId: newId(),
  signal: new AbortController().signal,
  progress: () => undefined,
};

function gray(side: number): Promise<Buffer> {
  return sharp({ create: { width: side, height: side, channels: 3, background: '#888888' } })
    .png()
    .toBuffer();
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pixel-sail-check-'));
  for (const [side, path] of ['a.png', 'sub/b.png', 'sub/c.png', 'other/d.png'].entries()) {
    await mkdir(join(folder, 'photos', path, '..'), { recursive: true });
    await writeFile(join(folder, 'photos', path), await gray(8 + side));
  }
  database = createProjectDatabase(join(folder, 'p.pixelsail'), 'P');
  await importFolder(database, join(folder, 'photos'), context);
  importedAtMs = Date.now();
});

afterEach(async () => {
  database.close();
  await rm(folder, { recursive: true });
});

/** Replaces a photo, by the clock of the file system, which may lag, after the import. */
async function replace(path: string, bytes: Buffer, writtenAt = new Date()): Promise<void> {
  const file = join(folder, 'photos', path);
  do {
    await writeFile(file, bytes);
    await utimes(file, writtenAt, writtenAt);
  } while ((await stat(file)).ctimeMs <= importedAtMs);
}

async function problems(): Promise<Record<string, string>> {
  const images = Array.from(database.exportImages(), ({ image }) => image);
  const notes = await checkPhotos(database, images, { everyByte: false }, context);
  return Object.fromEntries(notes.map(({ what, error }) => [what, error?.sentence ?? 'none']));
}

test('photos that nobody touched are sound', async () => {
  expect(await problems()).toEqual({});
});

test('a photo that was changed, one that is gone, and one of a folder that is gone are named', async () => {
  await replace('a.png', (await gray(8)).subarray(0, 60));
  await rm(join(folder, 'photos', 'sub', 'b.png'));
  await rm(join(folder, 'photos', 'other'), { recursive: true });
  expect(Object.keys(await problems())).toEqual(['a.png', 'other/d.png', 'sub/b.png']);
});

test('a folder and a photo that became links out of the image folder are named, not read', async () => {
  await rename(join(folder, 'photos', 'sub'), join(folder, 'elsewhere'));
  await symlink(join(folder, 'elsewhere'), join(folder, 'photos', 'sub'));
  await rename(join(folder, 'photos', 'a.png'), join(folder, 'a.png'));
  await symlink(join(folder, 'a.png'), join(folder, 'photos', 'a.png'));
  const outside = 'imageOutsideFolder';
  expect(await problems()).toEqual({
    'a.png': outside,
    'sub/b.png': outside,
    'sub/c.png': outside,
  });
});

test('links within the image folder lead to photos as ever', async () => {
  await rename(join(folder, 'photos', 'sub'), join(folder, 'photos', 'moved'));
  await symlink('moved', join(folder, 'photos', 'sub'));
  expect(await problems()).toEqual({});
});

test('an import of known photos names those that were changed since', async () => {
  await replace('a.png', await gray(30), new Date(0));
  const { images, photos } = await importFolder(database, join(folder, 'photos'), context);
  expect(images).toBe(0);
  expect(photos?.map(({ what }) => what)).toEqual(['a.png']);
});
