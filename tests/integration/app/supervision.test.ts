import { fileSource, type ImageSource } from '../../../models/image/image-source.ts';
import { fork } from 'node:child_process';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addition } from '../../../core/diff.ts';
import { newId } from '../../../core/ids.ts';
import type { Category } from '../../../core/records.ts';
import { Client } from '../../../app/api/client.ts';
import type { ServerMessage } from '../../../app/api/contract.ts';
import type { ImagePage } from '../../../app/api/contract/images.ts';
import type { EngineStatus } from '../../../app/api/contract/models.ts';
import type { Settings } from '../../../app/api/settings.ts';
import {
  BackendSupervisor,
  forkBackend,
  type BackendProcess,
} from '../../../app/backend-supervisor.ts';
import { EngineClient } from '../../../app/engine/engine-client.ts';
import { serveEngines } from '../../../app/engine/engine-process.ts';
import { Projects } from '../../../app/features/project/projects.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';
import { hasProcesses, listProcesses } from '../../support/processes.ts';
import { asOrdinaryUser } from '../../support/ordinary-user.ts';
import { writeFakeCatalog } from '../../support/fake-model.ts';

const parentPort = new URL('../../support/electron-parent-port.ts', import.meta.url).href;
const backendEntry = fileURLToPath(new URL('../../../app/backend.ts', import.meta.url));

const engineHost = fileURLToPath(new URL('../../support/engine-host-child.ts', import.meta.url));

/** A busy machine may take its time; a wait ends as soon as its state is there. */
const patience = { timeout: 120_000 };

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
beforeEach(async () => {
  folders = await makeApplicationFolders();
});
afterEach(() => folders.remove());

function category(name: string): Category {
  return {
    kind: 'category',
    id: newId(),
    name,
    parentId: null,
    color: '#336699',
    attributes: [],
    extra: {},
  };
}

describe('the engine process', { timeout: 120_000 }, () => {
  let engine: EngineClient;
  let statuses: EngineStatus[];
  let onStatus: (status: EngineStatus) => void;
  let source: ImageSource;

  beforeEach(() => {
    statuses = [];
    onStatus = () => undefined;
    engine = new EngineClient({
      entry: folders.options.engineEntry,
      restartDelayMs: 10,
      onStatus: (status) => {
        statuses.push(status);
        onStatus(status);
      },
    });
    source = fileSource(join(folders.options.samplePhotos, 'cat.jpg'));
  });
  afterEach(() => engine.dispose());

  const load = () =>
    engine.load({
      modelId: 'fake',
      directory: join(folders.options.catalog, 'fake'),
      device: 'cpu',
    });
  const segment = (text: string, signal?: AbortSignal) =>
    engine.ask(source, { task: 'segment', text, regions: [] }, signal ? { signal } : {});

  test('answers with masks at the size of the photo and tells its progress', async () => {
    await load();
    const stages: string[] = [];
    const result = await engine.ask(
      source,
      { task: 'segment', text: 'cat', regions: [] },
      { onProgress: (progress) => stages.push(progress.kind) },
    );
    expect(result.answers[0]!.masks[0]!.rle.size).toEqual([300, 451]);
    expect(result.timings.decode).toBeGreaterThan(0);
    expect(stages).toContain('token');
    expect(statuses.map(({ state }) => state)).toEqual(['starting', 'ready']);
  });

  test('a prompt before any model says that none is loaded', async () => {
    await expect(segment('cat')).rejects.toMatchObject({ code: 'model-not-loaded' });
  });

  test('a prompt that kills the engine is asked once more and then named, and the next prompt works', async () => {
    await load();
    const firstProcess = engine.processId;
    await expect(segment('die')).rejects.toMatchObject({
      code: 'engine-lost',
      message: expect.stringMatching(/twice.*segment “die”, cat\.jpg/),
    });
    expect((await segment('cat')).answers).toHaveLength(1);
    expect(engine.processId).not.toBe(firstProcess);
    expect(statuses.map(({ state }) => state)).toEqual([
      'starting',
      'ready',
      'starting',
      'ready',
      'starting',
      'ready',
    ]);
  });

  test('what waited behind a prompt that kills the engine is answered', async () => {
    await load();
    const [deadly, ...others] = [segment('die'), segment('cat'), segment('dog')];
    await expect(deadly).rejects.toMatchObject({ code: 'engine-lost' });
    expect(await Promise.all(others)).toHaveLength(2);
  });

  test('no prompt fails in 20 kills in a row unless both of its own tries died', async () => {
    await load();
    const killed = new Set<number | null>([null]);
    const kill = (): void => {
      const { processId } = engine;
      if (killed.has(processId)) return;
      killed.add(processId);
      process.kill(processId!, 'SIGKILL');
    };
    // Every third process is killed while it loads the model, all others over a prompt.
    onStatus = ({ state }) => {
      if (state === 'starting' && killed.size % 3 === 0) setImmediate(kill);
    };
    const prompts: { tries: Set<number | null>; failed: unknown }[] = [];
    while (killed.size <= 20) {
      const prompt = { tries: new Set<number | null>(), failed: null as unknown };
      prompts.push(prompt);
      const onProgress = () => {
        prompt.tries.add(engine.processId);
        // Every second prompt is left alone at its second try.
        if (prompt.tries.size === 1 || prompts.length % 2 === 0) kill();
      };
      await engine
        .ask(source, { task: 'segment', text: 'slow', regions: [] }, { onProgress })
        .catch((thrown: unknown) => (prompt.failed = thrown));
    }
    const failed = prompts.filter((prompt) => prompt.failed !== null);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(prompts.length);
    for (const { tries, failed: error } of failed) {
      expect(tries.size).toBe(2);
      expect(error).toMatchObject({ code: 'engine-lost', sentence: 'engineLostBy' });
    }
    onStatus = () => undefined;
    expect((await segment('cat')).answers).toHaveLength(1);
  });

  test('a cancelled prompt ends for its caller although the engine is deaf, and the next one is answered', async () => {
    await load();
    const controller = new AbortController();
    const begun = Promise.withResolvers<null>();
    const answer = engine.ask(
      source,
      { task: 'segment', text: 'block', regions: [] },
      { signal: controller.signal, onProgress: () => begun.resolve(null) },
    );
    await begun.promise;
    const next = segment('cat');
    controller.abort();
    await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
    expect((await next).answers).toHaveLength(1);
  });

  // A stopped process is deaf as native code is, at whatever stage it was.
  test.runIf(hasProcesses)(
    'a prompt is cancelled while the engine is deaf as it loads the model',
    async () => {
      const loading = load();
      process.kill(engine.processId!, 'SIGSTOP');
      const controller = new AbortController();
      const answer = segment('cat', controller.signal);
      controller.abort();
      await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
      expect(engine.status.state).toBe('starting');
      process.kill(engine.processId!, 'SIGCONT');
      await loading;
      expect((await segment('cat')).answers).toHaveLength(1);
    },
  );

  test.runIf(hasProcesses)(
    'prompts and preparations are cancelled while the engine does not even take them',
    async () => {
      await load();
      const deaf = engine.processId!;
      process.kill(deaf, 'SIGSTOP');
      const controller = new AbortController();
      const asked = [
        segment('cat', controller.signal),
        engine.prepare(source, controller.signal),
        segment('dog', controller.signal),
      ];
      // They are sent when what is under way in this turn has ended.
      setImmediate(() => controller.abort());
      const cancelled = { code: 'cancelled' };
      await Promise.all(asked.map((one) => expect(one).rejects.toMatchObject(cancelled)));
      expect((await segment('cat')).answers).toHaveLength(1);
      expect(engine.processId).not.toBe(deaf);
    },
  );

  test('a cancelled prompt ends for its caller before the engine can say anything', async () => {
    await load();
    const controller = new AbortController();
    const begun = Promise.withResolvers<null>();
    const answer = engine.ask(
      source,
      { task: 'segment', text: 'block', regions: [] },
      { signal: controller.signal, onProgress: () => begun.resolve(null) },
    );
    let end: unknown = null;
    answer.catch((thrown: unknown) => (end = thrown));
    await begun.promise;
    controller.abort();
    // No message of another process is read within a turn.
    await Promise.resolve().then(() => new Promise((resolve) => process.nextTick(resolve)));
    expect(end).toMatchObject({ code: 'cancelled' });
  });

  test('a kill from outside is noticed while idle', async () => {
    await load();
    process.kill(engine.processId!, 'SIGKILL');
    await expect
      .poll(() => statuses.map(({ state }) => state), patience)
      .toEqual(['starting', 'ready', 'starting', 'ready']);
  });

  test('a model that kills the engine again and again is given up with a way out', async () => {
    await writeFakeCatalog(folders.options.catalog, 'dies-on-load');
    await expect(load()).rejects.toMatchObject({ code: 'engine-lost' });
    await expect.poll(() => engine.status.state, patience).toBe('failed');
    await expect(segment('cat')).rejects.toMatchObject({
      code: 'engine-lost',
      message: expect.stringContaining('Load the model again'),
    });
    await writeFakeCatalog(folders.options.catalog);
    expect(await load()).toMatchObject({ state: 'ready' });
  });

  test('a prompt can be cancelled while the model works on it', async () => {
    await load();
    const controller = new AbortController();
    const answer = segment('wait', controller.signal);
    setImmediate(() => controller.abort());
    await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
    expect((await segment('cat')).answers).toHaveLength(1);
  });

  // The engine is deaf for a minute, so this would time out if it went on to the end of its call.
  test(
    'an engine in a native call ends with a host that is killed',
    { timeout: 50_000 },
    async () => {
      const { engineEntry, catalog, samplePhotos } = folders.options;
      const words = [engineEntry, join(catalog, 'fake'), join(samplePhotos, 'cat.jpg')];
      // The engine has the error output of its host, which is closed when both have ended.
      const host = fork(engineHost, words, { stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
      const ended = new Promise((resolve) => host.stderr!.resume().once('close', resolve));
      await new Promise((resolve) => host.once('message', resolve));
      host.kill('SIGKILL');
      await ended;
    },
  );

  test('an error of the model leaves the engine alive', async () => {
    await load();
    const { processId } = engine;
    await expect(segment('fail')).rejects.toMatchObject({ code: 'internal' });
    await expect(
      engine.ask(fileSource(join(folders.folder, 'none.jpg')), { task: 'describe', regions: [] }),
    ).rejects.toMatchObject({ code: 'not-found' });
    expect(engine.processId).toBe(processId);
  });
});

// Each start of a backend and its engine compiles the whole program: seconds on a free machine, and
// half a minute where others take the processor.
describe('the backend process', { timeout: 600_000 }, () => {
  let processes: BackendProcess[];
  let backend: BackendSupervisor;

  beforeEach(() => {
    processes = [];
    backend = new BackendSupervisor(() => {
      const started = forkBackend(backendEntry, folders.options);
      processes.push(started);
      return started;
    });
  });
  afterEach(() => backend.close());

  const apply = (record: Category) =>
    backend.request('journal.apply', { label: 'Add category', diff: addition(record) });
  const names = async () =>
    ((await backend.request('categories.list', null)) as Category[]).map(({ name }) => name);

  test('is started again when killed; every acknowledged edit and the open project survive', async () => {
    await backend.request('project.create', { folder: folders.folder, name: 'Kept' });
    await backend.request('models.load', { modelId: 'fake', device: 'auto' });
    const acknowledged: string[] = [];
    for (let round = 0; round < 3; round++) {
      const edits = Array.from({ length: 10 }, (_, index) => category(`${round}.${index}`));
      const writing = edits.map((edit) => apply(edit).then(() => acknowledged.push(edit.name)));
      await writing[round * 3];
      processes.at(-1)!.kill();
      await Promise.allSettled(writing);
      await expect.poll(() => processes.length, patience).toBe(round + 2);
      expect(await names()).toEqual(expect.arrayContaining(acknowledged));
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(3);
    expect(processes).toHaveLength(4);
    expect(await backend.request('project.current', null)).toMatchObject({ name: 'Kept' });
    await expect
      .poll(() => backend.request('models.status', null), patience)
      .toMatchObject({ state: 'ready', modelId: 'fake' });
  });

  test('a name that somebody who came by a link took stays theirs when it is started again', async () => {
    backend.windowOpened('window', 'Mei');
    const read = async () =>
      (await backend.request('settings.get', null, 'window')) as { settings: Settings };
    const { settings } = await read();
    await backend.request('settings.set', { ...settings, person: 'Mei Lin' }, 'window');
    processes[0]!.kill();
    await expect.poll(() => processes.length, patience).toBe(2);
    expect((await read()).settings.person).toBe('Mei Lin');
  });

  test('calls that were under way fail with a clear error', async () => {
    await backend.request('project.openSample', null);
    await backend.request('models.load', { modelId: 'fake', device: 'auto' });
    const { rows } = (await backend.request('images.list', { offset: 0, limit: 1 })) as ImagePage;
    const prompt = backend.request('prompt.ask', {
      requestId: '1',
      imageId: rows[0]!.id,
      request: { task: 'segment', text: 'wait', regions: [] },
    });
    const begun = new Promise<void>((resolve) => {
      backend.onEvent((name) => {
        if (name === 'prompt:progress') resolve();
      });
    });
    await begun;
    processes[0]!.kill();
    await expect(prompt).rejects.toMatchObject({ code: 'backend-lost' });
  });

  test('no prompt is lost in 20 kills of the engine, each in the midst of another prompt', async () => {
    await backend.request('project.openSample', null);
    await backend.request('models.load', { modelId: 'fake', device: 'cpu' });
    const { rows } = (await backend.request('images.list', { offset: 0, limit: 1 })) as ImagePage;
    const killed = new Map<string, number>();
    backend.onEvent((name, payload) => {
      if (name !== 'prompt:progress') return;
      const { requestId } = payload as { requestId: string };
      if (killed.has(requestId)) return;
      const { pid } = listProcesses().find(
        ({ command }) =>
          command.includes(folders.options.engineEntry) && !command.includes('backend.ts'),
      )!;
      killed.set(requestId, pid);
      process.kill(pid, 'SIGKILL');
    });
    for (let round = 0; round < 20; round++) {
      const answer = await backend.request('prompt.ask', {
        requestId: `${round}`,
        imageId: rows[0]!.id,
        request: { task: 'segment', text: 'slow', regions: [] },
      });
      expect(answer).toMatchObject({ answers: [{ text: 'It is [SEG].' }] });
    }
    expect(killed.size).toBe(20);
    expect(new Set(killed.values()).size).toBe(20);
    expect(processes).toHaveLength(1);
  });

  test('one that has not answered yet is killed at once, and one that has may put its project in order', async () => {
    const said: string[] = [];
    const silent = (): BackendProcess & { answer(): void } => {
      let hear: (message: ServerMessage) => void = () => undefined;
      return {
        send: ({ method }) => void said.push(method),
        onMessage: (listener) => (hear = listener),
        onExit: () => undefined,
        kill: () => void said.push('killed'),
        answer: () => hear({ event: 'jobs:changed' } as unknown as ServerMessage),
      };
    };
    const starting = new BackendSupervisor(silent);
    await starting.close();
    expect(said.splice(0)).toEqual(['killed']);
    const process = silent();
    const started = new BackendSupervisor(() => process);
    process.answer();
    await started.close(0);
    expect(said).toEqual(['host.close', 'killed']);
  });

  test('closing waits for the calls made before it', async () => {
    await backend.request('project.create', { folder: folders.folder, name: 'Closed' });
    const edit = apply(category('last'));
    const closed = backend.close();
    await expect(edit).resolves.toMatchObject({ canUndo: true });
    await closed;
    await expect(names()).rejects.toMatchObject({ code: 'backend-lost' });
    const projects = new Projects(folders.options.home);
    await projects.open(join(folders.folder, 'Closed.pixelsail'));
    expect(projects.require().categories()).toHaveLength(1);
    await projects.close();
  });

  test('the backend also speaks over the channel of a utility process', async () => {
    const child = fork(backendEntry, [JSON.stringify(folders.options)], {
      execArgv: ['--import', parentPort],
    });
    const answer = new Promise((resolve) => child.once('message', resolve));
    child.send({ id: 1, method: 'project.current', input: null });
    expect(await answer).toEqual({ id: 1, ok: true, value: null });
    child.kill('SIGKILL');
  });

  test('a backend in a utility process has its host start the engine, which ends with it', async () => {
    const utility = (entry: string, words: string[] = []) => {
      const child = fork(entry, words, { execArgv: ['--import', parentPort] });
      return {
        pid: child.pid!,
        postMessage: (message: unknown) => void child.send(message as object, () => undefined),
        on: (event: 'message', listener: (message: unknown) => void) => child.on(event, listener),
        once: (event: 'exit', listener: (code: number) => void) => child.once(event, listener),
        kill: () => child.kill('SIGKILL'),
      };
    };
    const child = utility(backendEntry, [JSON.stringify(folders.options)]);
    const engines: { pid: number; ended: Promise<unknown> }[] = [];
    const takeOrder = serveEngines(child, () => {
      const engine = utility(folders.options.engineEntry);
      engines.push({
        pid: engine.pid,
        ended: new Promise((resolve) => engine.once('exit', resolve)),
      });
      return engine;
    });
    const client = new Client({ send: (message) => child.postMessage(message) });
    child.on('message', (message) => {
      if (!takeOrder(message)) client.receive(message as ServerMessage);
    });
    const load = () => client.call('models.load', { modelId: 'fake', device: 'cpu' });
    expect(await load()).toMatchObject({ state: 'ready', modelId: 'fake' });
    process.kill(engines[0]!.pid, 'SIGKILL');
    await engines[0]!.ended;
    expect(await load()).toMatchObject({ state: 'ready', modelId: 'fake' });
    expect(engines).toHaveLength(2);
    expect(listProcesses().filter(({ parent }) => parent === child.pid)).toEqual([]);
    child.kill();
    await engines[1]!.ended;
  });

  test('a backend that cannot start is given up with a clear error', async () => {
    const broken = new BackendSupervisor(() => forkBackend('/nowhere/backend.ts', folders.options));
    await expect
      .poll(
        () =>
          broken
            .request('project.current', null)
            .catch((error: unknown) => (error as Error).message),
        patience,
      )
      .toMatch(/times in a row/);
    await broken.close();
  });
});

describe('projects', () => {
  test('a read-only folder is refused with the way out, and the open project stays open', async () => {
    const projects = new Projects(folders.options.home);
    await projects.create(folders.folder, 'Open');
    const closedFolder = join(folders.folder, 'read-only');
    await mkdir(closedFolder, { mode: 0o555 });
    await chmod(folders.folder, 0o755);
    await asOrdinaryUser(async () => {
      await expect(projects.create(closedFolder, 'New')).rejects.toMatchObject({
        code: 'permission-denied',
      });
      await expect(projects.create(join(closedFolder, 'sub'), 'New')).rejects.toMatchObject({
        code: 'permission-denied',
      });
    });
    expect(projects.summary().name).toBe('Open');
    await projects.close();
  });

  test('an existing project is not overwritten, and names become safe file names', async () => {
    const projects = new Projects(folders.options.home);
    const { file } = await projects.create(folders.folder, 'Cats: a/b?');
    expect(file).toBe(join(folders.folder, 'Cats- a-b-.pixelsail'));
    await expect(projects.create(folders.folder, 'Cats: a/b?')).rejects.toMatchObject({
      code: 'already-exists',
    });
    await expect(projects.create(folders.folder, ' . ')).rejects.toMatchObject({
      code: 'invalid-input',
    });
    expect(await projects.recent.list()).toMatchObject([{ file, name: 'Cats: a/b?' }]);
    await projects.close();
  });
});
