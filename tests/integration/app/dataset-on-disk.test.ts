import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDataset } from '../../../app/files/dataset-on-disk.ts';
import { DraftOutput } from '../../../app/files/dataset-output.ts';

let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'pixel-sail-')));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const isWindows = process.platform === 'win32';

async function all(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

describe('the files of a dataset', () => {
  test('are listed in name order, without what is hidden', async () => {
    await mkdir(join(folder, 'b', '.git'), { recursive: true });
    for (const path of ['c.txt', 'a.txt', 'b/x.txt', 'b/.git/y', '.DS_Store']) {
      await writeFile(join(folder, path), path);
    }
    const files = await openDataset(folder);
    expect(await files.list()).toEqual(['a.txt', 'b/x.txt', 'c.txt']);
    expect([files.given, await files.text('b/x.txt')]).toEqual([null, 'b/x.txt']);
  });

  test('lie beside a file that was given', async () => {
    await writeFile(join(folder, 'data.yaml'), 'names: []');
    await writeFile(join(folder, 'x.txt'), '');
    const files = await openDataset(join(folder, 'data.yaml'));
    expect([files.name, files.given]).toEqual(['data.yaml', 'data.yaml']);
    expect(await files.list()).toEqual(['data.yaml', 'x.txt']);
  });

  test('are read as UTF-8 or UTF-16, with or without a mark, and as nothing else', async () => {
    const text = '{"名": 1}';
    const encodings = {
      plain: Buffer.from(text),
      marked: Buffer.from(`\ufeff${text}`),
      wide: Buffer.from(`\ufeff${text}`, 'utf16le'),
    };
    for (const [name, bytes] of Object.entries(encodings)) {
      await writeFile(join(folder, name), bytes);
      const files = await openDataset(folder);
      expect([await files.text(name), await all(files.chunks(name))]).toEqual([text, text]);
    }
    await writeFile(join(folder, 'gbk'), Buffer.from([0x7b, 0x22, 0xc3, 0xfb, 0x22, 0x7d]));
    const files = await openDataset(folder);
    const refused = { code: 'dataset-invalid', sentence: 'datasetNotUtf8' };
    await expect(files.text('gbk')).rejects.toMatchObject(refused);
    await expect(all(files.chunks('gbk'))).rejects.toMatchObject(refused);
    expect(await files.start('gbk')).toHaveLength(6);
  });

  test('that are too large to be held are refused by their size, and still come in pieces', async () => {
    await writeFile(join(folder, 'large'), '');
    await truncate(join(folder, 'large'), 65 * 2 ** 20);
    const files = await openDataset(folder);
    await expect(files.text('large')).rejects.toMatchObject({ sentence: 'datasetFileTooLarge' });
    await expect(files.bytes('large')).rejects.toMatchObject({ sentence: 'datasetFileTooLarge' });
    for await (const piece of files.byteChunks('large')) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
  });

  test.skipIf(isWindows)('never lie outside, behind a link or in a pipe', async () => {
    await mkdir(join(folder, 'set'));
    await writeFile(join(folder, 'secret'), 'secret');
    await symlink(join(folder, 'secret'), join(folder, 'set', 'link'));
    await symlink(folder, join(folder, 'set', 'up'));
    execFileSync('mkfifo', [join(folder, 'set', 'pipe')]);
    const files = await openDataset(join(folder, 'set'));
    expect(await files.list()).toEqual([]);
    for (const path of ['link', 'up/secret', '../secret', '/etc/passwd', 'a/../../secret', '']) {
      await expect(files.text(path), path).rejects.toMatchObject({
        code: 'permission-denied',
        sentence: 'datasetPathOutside',
      });
    }
    await expect(files.start('pipe')).rejects.toMatchObject({ sentence: 'notPlainFile' });
    await expect(files.text('none')).rejects.toMatchObject({ code: 'not-found' });
    await expect(openDataset(join(folder, 'set', 'pipe'))).rejects.toMatchObject({
      sentence: 'notPlainFile',
    });
    await expect(openDataset(join(folder, 'none'))).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('the output of an export', () => {
  const host = {
    photoOf: async () => join(folder, 'photo.jpg'),
    cropOf: async () => new Uint8Array(),
    pause: () => null,
  };

  test('holds each path once, inside', async () => {
    await mkdir(join(folder, 'draft'));
    await writeFile(join(folder, 'photo.jpg'), 'pixels');
    const output = new DraftOutput(join(folder, 'draft'), true, host);
    await output.write('labels/a.txt', 'a');
    await output.stream('b.bin', [new Uint8Array([1]), new Uint8Array([2])]);
    await output.photo('images/a.jpg', 'id');
    const files = await openDataset(join(folder, 'draft'));
    expect(await files.list()).toEqual(['b.bin', 'images/a.jpg', 'labels/a.txt']);
    expect([await files.bytes('b.bin'), await files.text('images/a.jpg')]).toEqual([
      Buffer.from([1, 2]),
      'pixels',
    ]);
    const taken = { code: 'invalid-input', sentence: 'exportPathTaken' };
    await expect(output.write('labels/a.txt', '')).rejects.toMatchObject(taken);
    for (const path of ['', '/x', '../x', 'a//b', 'a\\b', 'a/./b', 'a\0']) {
      await expect(output.write(path, 'x'), path).rejects.toMatchObject({
        sentence: 'datasetPathOutside',
      });
    }
  });

  test('of a format of one file takes one file', async () => {
    const draft = join(folder, 'draft');
    await writeFile(draft, '');
    const output = new DraftOutput(draft, false, host);
    await output.write('anything.json', '{}');
    await expect(output.write('more.json', '{}')).rejects.toMatchObject({
      sentence: 'exportPathTaken',
    });
  });
});
