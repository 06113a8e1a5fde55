import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder } from '../../../app/files/folders.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pixel-sail-folders-'));
});

afterEach(() => rm(root, { recursive: true }));

test('a folder is made with all above it by many at once', async () => {
  for (let round = 0; round < 20; round++) {
    const folder = join(root, String(round), 'cache', 'thumbnails', 'deep');
    await Promise.all(Array.from({ length: 16 }, () => makeFolder(folder)));
    expect((await stat(folder)).isDirectory()).toBe(true);
  }
});

test('a file in the way is named', async () => {
  await writeFile(join(root, 'file'), '');
  await expect(makeFolder(join(root, 'file'))).rejects.toMatchObject({ code: 'already-exists' });
  await expect(makeFolder(join(root, 'file', 'below'))).rejects.toMatchObject({
    code: 'invalid-input',
  });
});

test.runIf(process.platform === 'linux')('a place that takes no folders is named', async () => {
  await expect(makeFolder('/proc/pixel-sail/below')).rejects.toMatchObject({
    code: 'permission-denied',
  });
});
