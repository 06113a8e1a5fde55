import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApplication, type Application } from '../../../app/application.ts';
import type { ModelRequest, ModelResult } from '../../../core/prompt.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';
import { TestChatServer } from '../../support/chat-server.ts';
import { EndedJobs } from '../../support/ended-jobs.ts';

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
let application: Application;
let server: TestChatServer;
let jobs: EndedJobs;

beforeEach(async () => {
  server = await TestChatServer.start();
  folders = await makeApplicationFolders();
  jobs = new EndedJobs();
  application = createApplication(folders.options, jobs.emit);
});
afterEach(async () => {
  await application.close();
  await folders.remove();
  await server.stop();
});

const call = <Name extends keyof Application['handlers']>(name: Name) => application.handlers[name];

const about = { model: 'good', id: 'talker', title: 'Talker', isConfirmed: false };
const region = {
  marks: [{ kind: 'box' as const, box: [5, 5, 20, 20] as [number, number, number, number] }],
};

describe('a model for words beside the one for masks', () => {
  test('is asked for words only, by prompts and by jobs, and each answer names its model', async () => {
    await jobs.endOf(call('models.addServer')({ ...about, address: server.origin }));
    await call('project.openSample')(null);
    await call('models.load')({ modelId: 'fake', device: 'auto' });
    const [image] = (await call('images.list')({ offset: 0, limit: 1 })).rows;
    const ask = (request: ModelRequest): Promise<ModelResult> =>
      call('prompt.ask')({
        requestId: `${Math.random()}`,
        imageId: image!.id,
        request,
      }) as Promise<ModelResult>;
    const words: ModelRequest = { task: 'describe', regions: [region] };
    expect((await ask(words)).model.id).toBe('fake');

    const status = await call('models.loadWords')({ modelId: 'talker' });
    expect(status).toMatchObject({ state: 'ready', modelId: 'talker' });
    expect((await ask(words)).model.id).toBe('talker');
    expect((await ask({ task: 'segment', text: null, regions: [region] })).model.id).toBe('fake');
    const heard = (await server.heard()).length;
    const end = await jobs.endOf(call('jobs.start')({ kind: 'ask', input: {} }));
    expect(end).toMatchObject({ outcome: 'done', result: { kind: 'table' } });
    expect((await server.heard()).length).toBeGreaterThan(heard);

    await call('models.loadWords')({ modelId: null });
    expect((await ask(words)).model.id).toBe('fake');
  });

  test('a model to compare with answers the same prompt beside the chosen one', async () => {
    await jobs.endOf(call('models.addServer')({ ...about, address: server.origin }));
    await call('project.openSample')(null);
    await call('models.load')({ modelId: 'fake', device: 'auto' });
    const [image] = (await call('images.list')({ offset: 0, limit: 1 })).rows;
    const asked = { imageId: image!.id, request: { task: 'describe', regions: [region] } as const };
    const compared = { ...asked, request: { ...asked.request, regions: [region] } };
    await expect(
      call('prompt.ask')({ ...compared, requestId: 'early', of: 'other' }),
    ).rejects.toMatchObject({ code: 'model-not-loaded' });
    await call('models.loadOther')({ modelId: 'talker' });
    const [chosen, other] = await Promise.all([
      call('prompt.ask')({ ...compared, requestId: 'one' }),
      call('prompt.ask')({ ...compared, requestId: 'two', of: 'other' }),
    ]);
    expect([chosen.model.id, other.model.id]).toEqual(['fake', 'talker']);
    expect(await call('models.choice')(null)).toEqual({ modelId: 'fake', device: 'auto' });
    await call('models.delete')({ modelId: 'talker' });
    expect((await call('prompt.ask')({ ...compared, requestId: 'three' })).model.id).toBe('fake');
  });

  test('that a project chose is not asked about the photos of the next project', async () => {
    await jobs.endOf(call('models.addServer')({ ...about, address: server.origin }));
    await call('project.openSample')(null);
    await call('models.loadWords')({ modelId: 'talker', isOfProject: true });
    await call('project.saveAs')({ file: join(folders.folder, 'same.pixelsail') });
    expect(await call('models.wordsStatus')(null)).toMatchObject({ modelId: 'talker' });
    await call('project.create')({ folder: folders.folder, name: 'Next' });
    expect(await call('models.wordsStatus')(null)).toEqual({ state: 'stopped' });
    await call('models.loadWords')({ modelId: 'talker' });
    await call('project.close')(null);
    expect(await call('models.wordsStatus')(null)).toMatchObject({ modelId: 'talker' });
  });

  test('on another computer, which a project chose, is asked only with an agreement for that project', async () => {
    await jobs.endOf(call('models.addServer')({ ...about, address: server.origin }));
    const manifest = join(folders.options.home, 'models', 'talker', 'manifest.json');
    const text = await readFile(manifest, 'utf8');
    await writeFile(manifest, text.replaceAll(server.origin, 'http://192.0.2.1'));
    const choose = (isConfirmed: boolean) => ({
      words: call('models.loadWords')({ modelId: 'talker', isOfProject: true, isConfirmed }),
      masks: () =>
        call('models.load')({ modelId: 'talker', device: 'auto', isOfProject: true, isConfirmed }),
    });
    // The refusal of the engine, which goes by the person's own list of servers.
    const agreed = { code: 'permission-denied', sentence: 'serverNotAllowed' };
    const asked = {
      code: 'permission-denied',
      sentence: 'serverOfProject',
      message: expect.stringContaining('http://192.0.2.1'),
    };
    const expectEach = async (isConfirmed: boolean, error: object): Promise<void> => {
      const { words, masks } = choose(isConfirmed);
      await expect(words).rejects.toMatchObject(error);
      await expect(masks()).rejects.toMatchObject(error);
    };

    const { file } = await call('project.create')({ folder: folders.folder, name: 'Given' });
    await expectEach(false, asked);
    await expectEach(true, agreed);
    await expectEach(false, agreed);
    await call('project.create')({ folder: folders.folder, name: 'Other' });
    await expectEach(false, asked);
    await call('project.open')({ file });
    await expectEach(false, agreed);
    await call('project.close')(null);
    await rm(file);
    await call('project.create')({ folder: folders.folder, name: 'Given' });
    await expectEach(false, asked);

    // The person's own choice needs none.
    await expect(call('models.loadWords')({ modelId: 'talker' })).rejects.toMatchObject(agreed);
  });

  test('is remembered beside the model for masks', async () => {
    await jobs.endOf(call('models.addServer')({ ...about, address: server.origin }));
    await call('models.load')({ modelId: 'fake', device: 'auto' });
    await call('models.loadWords')({ modelId: 'talker' });
    await call('models.load')({ modelId: 'fake', device: 'cpu' });
    expect(await call('models.choice')(null)).toEqual({
      ...{ modelId: 'fake', device: 'cpu', wordsModelId: 'talker' },
    });
    await call('models.loadWords')({ modelId: null });
    expect(await call('models.choice')(null)).toEqual({ modelId: 'fake', device: 'cpu' });
  });

  test('on another computer is added only with a confirmation, which a package cannot bring', async () => {
    const far = call('models.addServer')({ ...about, address: 'http://192.0.2.1/v1' });
    expect(await jobs.endOf(far)).toMatchObject({
      outcome: 'failed',
      error: { code: 'permission-denied', sentence: 'serverUnconfirmed' },
    });
    expect(await call('models.list')(null)).toHaveLength(1);

    await jobs.endOf(call('models.addServer')({ ...about, address: server.origin }));
    const handedOver = join(folders.folder, 'handed-over');
    await mkdir(handedOver);
    await cp(join(folders.options.home, 'models', 'talker'), handedOver, { recursive: true });
    expect(await readFile(join(handedOver, 'manifest.json'), 'utf8')).toContain(server.origin);
    const end = await jobs.endOf(call('models.importPackage')({ folder: handedOver }));
    expect(end).toMatchObject({ outcome: 'failed', error: { sentence: 'modelIsServed' } });
  });
});
