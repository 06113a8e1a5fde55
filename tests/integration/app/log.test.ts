import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ImagePage } from '../../../app/api/contract/images.ts';
import type { JobEnd } from '../../../app/api/contract/jobs.ts';
import { createApplication, type Application } from '../../../app/application.ts';
import { BackendSupervisor, forkBackend } from '../../../app/backend-supervisor.ts';
import { Log, logSlowStatements, openLog } from '../../../app/log.ts';
import { AppError } from '../../../core/errors.ts';
import { newId } from '../../../core/ids.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';
import { drawPhotos } from '../../support/drawn-photos.ts';

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
let log: Log;
beforeEach(async () => {
  folders = await makeApplicationFolders();
  log = openLog(folders.options.home);
});
afterEach(() => folders.remove());

interface Line {
  readonly level: string;
  readonly time: string;
  readonly event: string;
  readonly [fact: string]: unknown;
}

async function lines(file = log.file): Promise<Line[]> {
  const text = await readFile(file, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

const failedEnd = (message: string): JobEnd => ({
  outcome: 'failed',
  error: { code: 'disk-full', message, detail: { file: message }, sentence: null },
});

describe('the log', () => {
  test('holds of an ended job its outcome, the code of its error and the time that it took', async () => {
    log.jobEnded(newId(Date.now() - 5000), failedEnd('no room for secret.jpg'));
    const [line] = await lines();
    expect(line).toMatchObject({ event: 'job-ended', outcome: 'failed', code: 'disk-full' });
    expect(line!.ms).toBeGreaterThanOrEqual(5000);
    expect(JSON.stringify(line)).not.toContain('secret');
  });

  test('holds of a crash where it was in the program, and not what its message says', async () => {
    const error = new AppError('internal', 'of /photos/secret.jpg\n    at secret (secret.ts:1:1)');
    log.crashed('backend', error);
    const [line] = await lines();
    expect(line).toMatchObject({ event: 'backend-crashed', code: 'internal' });
    expect(JSON.stringify(line!.at)).toMatch(/log\.test\.ts:\d+/);
    expect(JSON.stringify(line)).not.toMatch(/secret|integration/);
  });

  test('holds of a process that died a signal or an exit code, and no path', async () => {
    for (const how of ['SIGSEGV', 'exit code 7', 'spawn /home/secret/node ENOENT'])
      log.died('engine', how);
    expect((await lines()).map(({ how }) => how)).toEqual([
      'SIGSEGV',
      'exit code 7',
      'could not be started',
    ]);
  });

  test('holds of a slow query no literal', async () => {
    log.slowStatement("VACUUM INTO '/home/o''secret.pixelsail'\n  WHERE id = @id", 312.4);
    expect(await lines()).toMatchObject([
      { event: 'slow-query', ms: 312, sql: "VACUUM INTO '…' WHERE id = @id" },
    ]);
  });

  test('gives every line a level and a time', async () => {
    log.started();
    log.slowStatement('SELECT 1', 300);
    log.jobEnded(newId(), failedEnd('no room'));
    log.crashed('backend', new AppError('internal', 'broken'));
    const written = await lines();
    expect(written.map(({ level }) => level)).toEqual(['info', 'warn', 'error', 'fatal']);
    for (const { time } of written) expect(new Date(time).toISOString()).toBe(time);
  });

  test('makes room for a new file when it is full, and keeps two old ones', async () => {
    const full = 'x'.repeat(999_990) + '\n';
    await mkdir(join(log.file, '..'), { recursive: true });
    for (const number of [1, 2, 3, 4]) {
      await writeFile(log.file, `${number}${full}`);
      log.died('engine', 'SIGKILL');
    }
    expect(await lines()).toMatchObject([{ event: 'engine-died' }]);
    const begins = async (file: string) => (await readFile(file, 'utf8')).slice(0, 1);
    expect([await begins(`${log.file}.1`), await begins(`${log.file}.2`)]).toEqual(['4', '3']);
    await expect(readFile(`${log.file}.3`)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('stops nothing where it cannot be written', async () => {
    await writeFile(join(folders.folder, 'a file'), '');
    expect(() => new Log(join(folders.folder, 'a file', 'log')).started()).not.toThrow();
  });
});

describe('the application', { timeout: 120_000 }, () => {
  let application: Application;
  let onEvent: (name: string, payload: unknown) => void;

  beforeEach(() => {
    onEvent = () => undefined;
    application = createApplication(folders.options, (name, payload) => onEvent(name, payload));
    // Every statement is slow then.
    logSlowStatements(log, 0);
  });
  afterEach(async () => {
    await application.close();
    logSlowStatements(log, Infinity);
  });

  const ended = (start: () => unknown) =>
    new Promise<void>((resolve, reject) => {
      onEvent = (name) => {
        if (name === 'job:end') resolve();
      };
      Promise.resolve(start()).catch(reject);
    });

  test('logs jobs, queries and engines that die, and nothing of photos, paths and texts', async () => {
    const { handlers } = application;
    const photos = join(folders.folder, 'secret folder');
    await drawPhotos(photos);
    await handlers['project.create']({ folder: folders.folder, name: 'secret project' });
    await ended(() => handlers['images.importFolder']({ folder: photos }));
    const category = { id: 1, name: 'secret category' };
    const dataset = join(photos, 'secret dataset.json');
    await writeFile(
      dataset,
      JSON.stringify({ images: [], annotations: [], categories: [category] }),
    );
    await ended(() =>
      handlers['dataset.import']({ path: dataset, format: 'coco', images: photos }),
    );
    const none = join(photos, 'secret none.json');
    await ended(() => handlers['dataset.import']({ path: none, format: 'coco', images: photos }));
    await handlers['images.list']({ offset: 0, limit: 5, text: 'secret words' });
    const { rows } = (await handlers['images.list']({ offset: 0, limit: 5 })) as ImagePage;
    await handlers['models.load']({ modelId: 'fake', device: 'auto' });
    const asked = handlers['prompt.ask']({
      requestId: '1',
      imageId: rows[0]!.id,
      request: { task: 'segment', text: 'die', regions: [] },
    });
    await expect(asked).rejects.toMatchObject({ code: 'engine-lost' });
    await application.close();

    const logged = await lines();
    const events = Map.groupBy(logged, ({ event }) => event);
    expect(events.get('started')).toHaveLength(1);
    expect(events.get('job-ended')).toMatchObject([
      { outcome: 'done', code: null },
      { outcome: 'done', code: null },
      { outcome: 'failed', code: 'not-found' },
    ]);
    expect(events.get('engine-died')).toHaveLength(2);
    const sql = events.get('slow-query')!.map((line) => line.sql as string);
    // One statement that writes, and one of the thread that reads.
    expect(sql.some((text) => text.startsWith('INSERT INTO'))).toBe(true);
    expect(sql.some((text) => /AS annotations FROM image WHERE/.test(text))).toBe(true);
    expect(JSON.stringify(logged)).not.toMatch(/secret|disc/);
    expect(JSON.stringify(logged)).not.toContain(folders.folder);
  });
});

test('a host logs that its backend died', { timeout: 60_000 }, async () => {
  const entry = fileURLToPath(new URL('../../../app/backend.ts', import.meta.url));
  const started: ReturnType<typeof forkBackend>[] = [];
  const backend = new BackendSupervisor(
    () => {
      const child = forkBackend(entry, folders.options);
      started.push(child);
      return child;
    },
    (how) => log.died('backend', how),
  );
  try {
    await backend.request('project.current', null);
    started[0]!.kill();
    await expect.poll(() => started.length, { timeout: 30_000 }).toBe(2);
    await backend.request('project.current', null);
    const events = (await lines()).filter(({ event }) => event !== 'started');
    expect(events).toMatchObject([{ event: 'backend-died', how: 'SIGKILL' }]);
  } finally {
    await backend.close();
  }
});
