import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unpack } from '../../../app/files/unpack.ts';
import type { ZipDataset } from '../../../app/files/zip-dataset.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pixel-sail-unpack-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a project that another call unpacks meanwhile, and somebody opens, is not replaced', async () => {
  const project = join(folder, 'part', 'part.pixelsail');
  const zip = {
    name: 'part.zip',
    contents: () => Buffer.from('contents'),
    size: () => Promise.resolve(4),
    async *contentOf(paths: readonly string[]) {
      for (const path of paths) {
        if (path === 'part.pixelsail') await writeFile(project, 'edited');
        yield [path, Readable.from(['sent'])];
      }
    },
  } as unknown as ZipDataset;
  const { signal } = new AbortController();
  const paths = ['one.jpg', 'part.pixelsail'];
  await unpack(zip, folder, paths, signal, (path) => path === 'part.pixelsail');
  expect(await readFile(project, 'utf8')).toBe('edited');
  expect(await readFile(join(folder, 'part', 'one.jpg'), 'utf8')).toBe('sent');
  expect((await readdir(join(folder, 'part'))).filter((name) => name.endsWith('.part'))).toEqual(
    [],
  );
});
