import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serveFull } from '../../../app/features/images/image-files.ts';
import { serveTile } from '../../../app/features/images/image-tiles.ts';
import { serveThumbnail } from '../../support/serve-thumbnail.ts';
import { makeImage } from '../../support/test-editor.ts';

let folder: string;
let cache: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pixelsail-hashes-'));
  cache = join(folder, 'home', 'cache');
  await mkdir(cache, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

async function photo(name: string, background: string): Promise<string> {
  const file = join(folder, name);
  await sharp({ create: { width: 30, height: 20, channels: 3, background } }).toFile(file);
  return file;
}

async function hashOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

const firstPixel = async (file: string) => [...(await sharp(file).raw().toBuffer()).subarray(0, 3)];

const services = {
  thumbnail: serveThumbnail,
  full: serveFull,
  tile: (path: string, image: ReturnType<typeof makeImage>, place: string) =>
    serveTile(path, image, 'tile-0-0-0', place),
};

for (const [name, serve] of Object.entries(services)) {
  test(`what a project says is a hash leads nowhere outside the cache: ${name}`, async () => {
    const file = await photo('scan.tiff', '#ff0000');
    const outside = join(folder, 'secret.png');
    await writeFile(outside, 'secret');
    for (const sha256 of [
      '../../../secret',
      '..',
      '',
      '/etc/hostname',
      `${'a'.repeat(63)}/`,
      'a\0b',
    ]) {
      const image = makeImage({ width: 30, height: 20, sha256 });
      const served = await serve(file, image, cache);
      expect(served.file.startsWith(join(cache, '/'))).toBe(true);
      expect(served.file).toContain(await hashOf(file));
    }
    expect((await readdir(folder)).sort()).toEqual(['home', 'scan.tiff', 'secret.png']);
    expect(await readdir(join(folder, 'home'))).toEqual(['cache']);
    expect(await readFile(outside, 'utf8')).toBe('secret');
  });

  test(`a project cannot put its picture in the place of another project’s: ${name}`, async () => {
    const [ours, theirs] = [
      await photo('ours.tiff', '#00ff00'),
      await photo('theirs.tiff', '#ff0000'),
    ];
    const image = makeImage({ width: 30, height: 20, sha256: await hashOf(ours) });
    await serve(theirs, image, cache);
    const [red, green] = await firstPixel((await serve(ours, image, cache)).file);
    expect([red! < 60, green! > 200]).toEqual([true, true]);
  });
}
