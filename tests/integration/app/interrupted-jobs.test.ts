import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { MethodInput, MethodName, MethodOutput } from '../../../app/api/contract.ts';
import { startBrowserHost, type BrowserHost } from '../../../app/web/browser-host.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';
import { hasProcesses, listProcesses } from '../../support/processes.ts';

// A backend is killed while a job runs in it, and started again by its host.

vi.setConfig({ testTimeout: 120_000 });
const patience = { timeout: 60_000 };
const backendEntry = fileURLToPath(new URL('../../../app/backend.ts', import.meta.url));

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
let host: BrowserHost;
let project: string;

function call<Name extends MethodName>(name: Name, input: MethodInput<Name>) {
  return host.backend.request(name, input) as Promise<MethodOutput<Name>>;
}

beforeEach(async () => {
  folders = await makeApplicationFolders();
  const rendererFolder = join(folders.folder, 'renderer');
  await mkdir(rendererFolder);
  await writeFile(join(rendererFolder, 'index.html'), '<title>Interface</title>');
  host = await startBrowserHost({ ...folders.options, backendEntry, rendererFolder, port: 0 });
  const photos = join(folders.folder, 'photos');
  await cp(folders.options.samplePhotos, photos, { recursive: true });
  project = (await call('project.create', { folder: folders.folder, name: 'Cut off' })).file;
  await call('jobs.start', { kind: 'import-images', input: { folder: photos } });
  await expect.poll(async () => (await call('project.current', null))!.images, patience).toBe(8);
});

afterEach(async () => {
  await host.close();
  await folders.remove();
});

function backendProcess(): number | undefined {
  return listProcesses().find(
    ({ parent, command }) => parent === process.pid && command.includes('app/backend.ts'),
  )?.pid;
}

async function killBackend(): Promise<void> {
  const killed = backendProcess()!;
  process.kill(killed, 'SIGKILL');
  await expect.poll(() => backendProcess() ?? killed, patience).not.toBe(killed);
}

/** The fake model answers about this text only when it is cancelled. */
const endless = { model: 'fake', task: { kind: 'text', text: 'wait', category: 'cat' } };
const asParsed = {
  ...{ device: 'auto', minimumScore: null, includesReviewed: false },
  ...endless,
};

test.skipIf(!hasProcesses)(
  'a job that was running when its backend was killed is offered with its input, and begins only when it is resumed',
  async () => {
    const { jobId } = await call('jobs.start', { kind: 'annotate', input: endless });
    expect(await call('jobs.interrupted', null)).toEqual([]);
    await killBackend();

    await call('project.open', { file: project });
    const offered = await call('jobs.interrupted', null);
    expect(offered).toMatchObject([{ jobId, kind: 'annotate', input: asParsed, project }]);
    // It waits.
    await expect(call('jobs.cancel', { jobId })).rejects.toMatchObject({ code: 'not-found' });

    expect(await call('jobs.resume', { jobId })).toEqual({ jobId });
    expect(await call('jobs.interrupted', null)).toEqual([]);
    expect(await call('jobs.cancel', { jobId })).toBeNull();

    // Cut off again, it is offered again, until it is dismissed.
    const { jobId: second } = await call('jobs.start', { kind: 'annotate', input: endless });
    await killBackend();
    await call('project.open', { file: project });
    expect((await call('jobs.interrupted', null)).map((job) => job.jobId)).toContain(second);
    expect(await call('jobs.dismiss', { jobId: second })).toEqual([]);
    await expect(call('jobs.resume', { jobId: second })).rejects.toMatchObject({
      code: 'not-found',
    });
  },
);

test.skipIf(!hasProcesses)('a job of another project is not offered, nor resumed', async () => {
  const { jobId } = await call('jobs.start', { kind: 'annotate', input: endless });
  await killBackend();
  await call('project.create', { folder: folders.folder, name: 'Another' });
  expect(await call('jobs.interrupted', null)).toEqual([]);
  await expect(call('jobs.resume', { jobId })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(project) as string,
  });
});

test('unknown kinds and bad inputs are refused over the contract', async () => {
  await expect(call('jobs.start', { kind: 'paint', input: {} })).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('import-images') as string,
  });
  await expect(
    call('jobs.start', { kind: 'annotate', input: { task: { kind: 'text', text: '' } } }),
  ).rejects.toMatchObject({ code: 'invalid-input' });
});
