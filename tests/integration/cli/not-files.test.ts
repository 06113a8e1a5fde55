import { execFileSync } from 'node:child_process';
import { copyFile, cp, mkdir, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ImportReport } from '../../../app/api/contract/dataset.ts';
import { listFolder } from '../../../app/features/files/list-folder.ts';
import { locateImage } from '../../../app/features/images/image-files.ts';
import { openProjectDatabase } from '../../../db/project-database.ts';
import { makeSamples } from './sample-commands.ts';
import { runHere } from './run-here.ts';
import { commandTimeoutMs, tinyCheckpoint, Workplace } from './workplace.ts';

vi.setConfig({ testTimeout: commandTimeoutMs });

const workplace = new Workplace();
const server = createServer();
const folderBefore = process.cwd();

beforeAll(async () => {
  vi.stubEnv('PIXELSAIL_HOME', workplace.home);
  vi.stubEnv('PIXELSAIL_MODEL', workplace.model);
  process.chdir(workplace.folder);
  await makeSamples(workplace);
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  process.chdir(folderBefore);
  workplace.remove();
});

/** Puts something that is no file under the name, in place of what is there. */
const notFiles: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  'a named pipe': async (path) => execFileSync('mkfifo', [path]),
  'a socket': (path) =>
    new Promise<void>((resolve) => server.close(() => server.listen(path, resolve))),
  'a device': (path) => symlink('/dev/zero', path),
};

async function replace(path: string, make: (path: string) => Promise<unknown>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { recursive: true, force: true });
  await make(path);
}

describe.each(Object.entries(notFiles))('%s', (kind, make) => {
  const folder = kind.replaceAll(' ', '-');

  test('among photos is named and skipped, and no list offers it', async () => {
    await workplace.drawPhotos(`${folder}/photos/real.jpg`);
    await replace(workplace.path(folder, 'photos', 'odd.jpg'), make);
    await runHere('init', `${folder}/project`);
    const { code, stdout } = await runHere(
      'import',
      `${folder}/project`,
      `${folder}/photos`,
      '--json',
    );
    const { images, skipped } = JSON.parse(stdout) as ImportReport;
    expect([code, images]).toEqual([4, 1]);
    expect(skipped).toEqual([
      expect.objectContaining({
        what: 'odd.jpg',
        reason: expect.stringMatching(/pipe|socket|device|outside/) as string,
      }),
    ]);
    const listed = (await listFolder(workplace.path(folder, 'photos'))).entries.map(
      ({ name }) => name,
    );
    // A link may lead to a photo; what it leads to is seen when it is read.
    expect(listed).toEqual(kind === 'a device' ? ['odd.jpg', 'real.jpg'] : ['real.jpg']);
  });

  test('in place of a photo of the project is refused when it is asked for', async () => {
    await workplace.drawPhotos(`${folder}/gone/one.jpg`);
    await runHere('init', `${folder}/replaced`);
    await runHere('import', `${folder}/replaced`, `${folder}/gone`);
    await replace(workplace.path(folder, 'gone', 'one.jpg'), make);
    const { code, stdout } = await runHere(
      'annotate',
      `${folder}/replaced`,
      '--everything',
      '--grid',
      '1',
      '--json',
    );
    expect(code, stdout).toBe(4);
    expect(stdout).toMatch(/pipe|socket|device|outside/);
    const database = openProjectDatabase(workplace.path(folder, 'replaced', 'replaced.pixelsail'));
    const [image] = [...database.exportImages()].map((row) => row.image);
    await expect(locateImage(database, image!)).rejects.toMatchObject({
      code: expect.stringMatching(/invalid-input|permission-denied/) as string,
    });
    database.close();
  });

  test.each(['manifest.json', 'tokenizer.json', 'weights.bin', 'image.onnx'])(
    'in place of %s of a package is named',
    async (file) => {
      const model = workplace.path(folder, `model-${file}`);
      await mkdir(dirname(model), { recursive: true });
      await cp(workplace.model, model, { recursive: true });
      await replace(`${model}/${file}`, make);
      for (const words of [
        ['models', 'verify', model],
        ['segment', 'photos/one.jpg', '--text', 'x', '--model', model],
        ['convert', model, `${model}-back`, '--to', 'checkpoint'],
      ]) {
        const { code, stdout, stderr } = await runHere(...words);
        expect([words[0], code], stderr).toEqual([words[0], 3]);
        expect(stdout + stderr).toContain(file);
      }
    },
  );

  test.each(['config.json', 'model.safetensors', 'tokenizer.json', 'model.safetensors.index.json'])(
    'in place of %s of a checkpoint is named',
    async (file) => {
      const checkpoint = workplace.path(folder, `checkpoint-${file}`);
      await mkdir(dirname(checkpoint), { recursive: true });
      await cp(tinyCheckpoint, checkpoint, { recursive: true });
      await replace(`${checkpoint}/${file}`, make);
      const { code, stderr } = await runHere('convert', checkpoint, `${checkpoint}-package`);
      expect(code, stderr).toBe(3);
      expect(stderr).toContain(file);
    },
  );

  test('as a photo of a dataset is named by every measurement', async () => {
    const photos = workplace.path(folder, 'dataset');
    await mkdir(photos, { recursive: true });
    await copyFile(workplace.path('photos/two.jpg'), `${photos}/two.jpg`);
    await replace(`${photos}/one.jpg`, make);
    const dataset = ['--coco', 'coco.json', '--images', photos];
    for (const words of [
      ['eval', '--prompt', 'box', ...dataset],
      ['compare', '--model', workplace.model, ...dataset],
      ['calibrate', ...dataset],
    ]) {
      const { code, stderr } = await runHere(...words);
      expect([words[0], code], stderr).toEqual([words[0], 3]);
      expect(stderr).toContain('one.jpg');
    }
  });
});
