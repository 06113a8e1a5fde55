import { execFileSync } from 'node:child_process';
import {
  appendFile,
  cp,
  mkdir,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { packInEngine } from '../../../app/engine/pack-in-engine.ts';
import { addModel } from '../../../app/features/models/model-packages.ts';
import { AppError } from '../../../core/errors.ts';
import { createApplication, type Application } from '../../../app/application.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';
import { detectorFile } from '../../support/detector-fixture.ts';
import { samFiles } from '../../support/sam-fixture.ts';
import { writeFakeCatalog } from '../../support/fake-model.ts';
import { EndedJobs } from '../../support/ended-jobs.ts';

const checkpoint = fileURLToPath(new URL('../../fixtures/parity-small', import.meta.url));

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
let application: Application;
let jobs: EndedJobs;

beforeEach(async () => {
  folders = await makeApplicationFolders();
  jobs = new EndedJobs();
  application = createApplication(folders.options, jobs.emit);
});
afterEach(async () => {
  await application.close();
  await folders.remove();
});

const call = <Name extends keyof Application['handlers']>(name: Name) => application.handlers[name];

const installed = async () => (await call('models.list')(null)).map(({ id }) => id);
const userModels = () => readdir(join(folders.options.home, 'models')).catch(() => []);

/** A package in a folder of its own, as someone would hand it over. */
async function makePackage(): Promise<string> {
  const folder = join(await writeFakeCatalog(join(folders.folder, 'handed-over')), 'fake');
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as object;
  const renamed = { ...manifest, id: 'small', title: 'Small' };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(renamed));
  await writeFile(join(folder, 'README.md'), '# Small\n');
  return folder;
}

describe('adding ONNX files', () => {
  const about = { id: 'finder', title: 'Finder', license: 'AGPL-3.0' };

  test('makes a model of them, with what it finds', async () => {
    const end = await jobs.endOf(call('models.add')({ ...about, files: [detectorFile('yolo11')] }));
    expect(end).toMatchObject({ outcome: 'done', result: { model: { id: 'finder' } } });
    const models = await call('models.list')(null);
    expect(models.find(({ id }) => id === 'finder')).toMatchObject({
      title: 'Finder',
      license: 'AGPL-3.0',
      classes: ['disc', 'box', 'ground'],
    });
    expect(await call('models.verify')({ modelId: 'finder' })).toEqual({ problem: null });
  });

  test('says of others what they take and give, and leaves nothing behind', async () => {
    const [encoder] = samFiles('sam2');
    const end = await jobs.endOf(call('models.add')({ ...about, files: [encoder] }));
    expect(end).toMatchObject({
      outcome: 'failed',
      error: { code: 'invalid-input', sentence: 'graphsUnknown' },
    });
    expect(await userModels()).toEqual([]);
  });
});

test('a process that is killed while it makes a package leaves nothing behind', async () => {
  const models = join(folders.options.home, 'models');
  const about = { id: 'finder', title: 'Finder', license: 'AGPL-3.0' };
  const killed = async () => {
    await mkdir(join(models, '.finder.partial-12', 'detector'), { recursive: true });
    throw new AppError('engine-lost', 'It was killed.');
  };
  const added = addModel([detectorFile('yolo11')], about, [folders.folder, models], killed);
  await expect(added).rejects.toMatchObject({ code: 'engine-lost' });
  expect(await userModels()).toEqual([]);
});

test('a process that dies of the files says so', async () => {
  const entry = fileURLToPath(new URL('../../support/signal-itself-child.ts', import.meta.url));
  const about = { id: 'finder', title: 'Finder', license: 'AGPL-3.0' };
  const packed = packInEngine({ entry }, [detectorFile('yolo11')], folders.folder, about);
  await expect(packed).rejects.toMatchObject({ sentence: 'engineDiedOfFiles' });
});

describe('importing a package', () => {
  test('brings it in whole, with its card, and it can be deleted again', async () => {
    const end = await jobs.endOf(call('models.importPackage')({ folder: await makePackage() }));
    expect(end).toMatchObject({
      outcome: 'done',
      result: { model: { id: 'small', title: 'Small' } },
    });
    expect(await installed()).toEqual(['fake', 'small']);
    expect(await call('models.card')({ modelId: 'small' })).toBe('# Small\n');
    expect(await call('models.verify')({ modelId: 'small' })).toEqual({ problem: null });
    expect((await call('models.delete')({ modelId: 'small' })).map(({ id }) => id)).toEqual([
      'fake',
    ]);
    expect(await userModels()).toEqual([]);
  });

  test('a package with a changed file is refused, named, and leaves nothing behind', async () => {
    const folder = await makePackage();
    await appendFile(join(folder, 'tokenizer.json'), 'x');
    const end = await jobs.endOf(call('models.importPackage')({ folder }));
    expect(end).toMatchObject({
      outcome: 'failed',
      error: {
        code: 'package-invalid',
        message: expect.stringContaining('tokenizer.json'),
        sentence: 'packageFileSize',
      },
    });
    expect(await userModels()).toEqual([]);
  });

  test('a folder that is no package is refused with what is missing', async () => {
    const end = await jobs.endOf(call('models.importPackage')({ folder: folders.folder }));
    expect(end).toMatchObject({
      outcome: 'failed',
      error: { code: 'package-invalid', message: expect.stringContaining('manifest.json') },
    });
  });

  test('a second package of the same id does not replace the first', async () => {
    const folder = await makePackage();
    await jobs.endOf(call('models.importPackage')({ folder }));
    const end = await jobs.endOf(call('models.importPackage')({ folder }));
    expect(end).toMatchObject({ outcome: 'failed', error: { code: 'already-exists' } });
    expect(await installed()).toEqual(['fake', 'small']);
  });

  test('a package with the id of a shipped model is refused, and so is a conversion to it', async () => {
    const folder = join(await writeFakeCatalog(join(folders.folder, 'shadow'), '9.0.0'), 'fake');
    const input = { checkpoint, id: 'fake', title: 'Mine', precision: 'fp16' } as const;
    for (const started of [
      call('models.importPackage')({ folder }),
      call('models.convert')(input),
    ]) {
      expect(await jobs.endOf(started)).toMatchObject({
        outcome: 'failed',
        error: { code: 'already-exists', sentence: 'modelShipped' },
      });
    }
    expect(await userModels()).toEqual([]);
  });

  test('a card or licence that is a link, a pipe or endless is refused and leaves nothing', async () => {
    const secret = join(folders.folder, 'secret.txt');
    await writeFile(secret, 'secret');
    for (const [put, sentence] of [
      [(card: string) => symlink(secret, card), 'packageFileNotPlain'],
      [
        (card: string) => Promise.resolve(execFileSync('/usr/bin/mkfifo', [card])),
        'packageFileNotPlain',
      ],
      [
        (card: string) => writeFile(card, '').then(() => truncate(card, 1e12)),
        'packageFileTooLarge',
      ],
    ] as const) {
      for (const name of ['README.md', 'LICENSE']) {
        const folder = await makePackage();
        await rm(join(folder, name), { force: true });
        await put(join(folder, name));
        const end = await jobs.endOf(call('models.importPackage')({ folder }));
        expect(end).toMatchObject({ outcome: 'failed', error: { sentence } });
        expect(await userModels()).toEqual([]);
        await rm(folder, { recursive: true });
      }
    }
  });

  test('a file that is not as large as listed is not even copied', async () => {
    const folder = await makePackage();
    await truncate(join(folder, 'tokenizer.json'), 1e12);
    const end = await jobs.endOf(call('models.importPackage')({ folder }));
    expect(end).toMatchObject({ outcome: 'failed', error: { sentence: 'packageFileSize' } });
    expect(await userModels()).toEqual([]);
  });

  test('a card that becomes a link after the import is not read', async () => {
    await jobs.endOf(call('models.importPackage')({ folder: await makePackage() }));
    const card = join(folders.options.home, 'models', 'small', 'README.md');
    await rm(card);
    await symlink('/etc/hostname', card);
    expect(await call('models.card')({ modelId: 'small' })).toBeNull();
  });

  test('a cancelled import keeps nothing', async () => {
    const { jobId } = await call('models.importPackage')({ folder: await makePackage() });
    await call('jobs.cancel')({ jobId });
    expect(await jobs.endOf({ jobId })).toMatchObject({ outcome: 'cancelled' });
    expect(await userModels()).toEqual([]);
  });
});

describe('converting a checkpoint', () => {
  const input = { checkpoint, id: 'mine', title: 'Mine', precision: 'fp16' } as const;

  test('makes a package among the user’s models, and goes on when a project is opened', async () => {
    const started = await call('models.convert')(input);
    await call('project.create')({ folder: folders.folder, name: 'Other' });
    expect(await jobs.endOf(started)).toMatchObject({
      outcome: 'done',
      result: { model: { id: 'mine', precision: 'fp16', canBeDeleted: true } },
    });
  });

  test('a wrong id, a folder without a checkpoint and a taken id are refused', async () => {
    for (const [change, code] of [
      [{ id: '../outside' }, 'invalid-input'],
      [{ checkpoint: folders.folder }, 'checkpoint-invalid'],
    ] as const) {
      const end = await jobs.endOf(call('models.convert')({ ...input, ...change }));
      expect(end).toMatchObject({ outcome: 'failed', error: { code } });
    }
    await jobs.endOf(call('models.convert')(input));
    const end = await jobs.endOf(call('models.convert')(input));
    expect(end).toMatchObject({ outcome: 'failed', error: { code: 'already-exists' } });
    expect(await userModels()).toEqual(['mine']);
  });
});

describe('the choice of the model', () => {
  test('is kept for the next start', async () => {
    expect(await call('models.choice')(null)).toBeNull();
    await call('models.load')({ modelId: 'fake', device: 'cpu' });
    await application.close();
    application = createApplication(folders.options, () => undefined);
    expect(await call('models.choice')(null)).toEqual({ modelId: 'fake', device: 'cpu' });
  });

  test('is not changed by a model that belongs to one project', async () => {
    await call('models.load')({ modelId: 'fake', device: 'cpu', isOfProject: true });
    expect(call('models.status')(null)).toMatchObject({ state: 'ready', modelId: 'fake' });
    expect(await call('models.choice')(null)).toBeNull();
  });

  test('changes at run time, and what is loaded or came with the application is not deleted', async () => {
    await cp(await makePackage(), join(folders.options.home, 'models', 'small'), {
      recursive: true,
    });
    expect(await call('models.load')({ modelId: 'small', device: 'cpu' })).toMatchObject({
      state: 'ready',
      modelId: 'small',
    });
    await expect(call('models.delete')({ modelId: 'small' })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(call('models.delete')({ modelId: 'fake' })).rejects.toMatchObject({
      code: 'unsupported',
    });
  });
});

test('a device is tested beside the loaded model, which goes on answering', async () => {
  await expect(call('models.testDevice')({ device: 'cpu' })).rejects.toMatchObject({
    code: 'model-not-loaded',
  });
  await call('models.load')({ modelId: 'fake', device: 'cpu' });
  expect(await call('models.testDevice')({ device: 'cpu' })).toMatchObject({ used: 'cpu' });
  expect(call('models.status')(null)).toMatchObject({ state: 'ready' });
});
