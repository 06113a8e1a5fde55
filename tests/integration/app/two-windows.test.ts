import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { Client } from '../../../app/api/client.ts';
import type { AppEvents, ServerMessage } from '../../../app/api/contract.ts';
import { startBrowserHost, type BrowserHost } from '../../../app/web/browser-host.ts';
import { addition, removal, replacement } from '../../../core/diff.ts';
import { newId } from '../../../core/ids.ts';
import type { Category } from '../../../core/records.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';
import { hasProcesses, listProcesses } from '../../support/processes.ts';

const backendEntry = fileURLToPath(new URL('../../../app/backend.ts', import.meta.url));

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
let host: BrowserHost;
let cookie: string;

beforeEach(async () => {
  folders = await makeApplicationFolders();
  const rendererFolder = join(folders.folder, 'renderer');
  await mkdir(rendererFolder);
  await writeFile(join(rendererFolder, 'index.html'), '<title>Interface</title>');
  host = await startBrowserHost({ ...folders.options, backendEntry, rendererFolder, port: 0 });
  const welcome = await fetch(host.url, { redirect: 'manual' });
  cookie = welcome.headers.get('set-cookie')!.split(';')[0]!;
  await host.backend.request('project.create', { folder: folders.folder, name: 'Shared' });
});

afterEach(async () => {
  await host.close();
  await folders.remove();
});

interface Window {
  readonly client: Client;
  readonly socket: WebSocket;
  /** Steps of others that it was told of. */
  readonly heard: AppEvents['journal:changed'][];
}

/** A page's end of a real connection. */
async function openWindow(): Promise<Window> {
  const { origin, pathname } = new URL(host.url);
  const address = `${origin.replace('http', 'ws')}${pathname}socket`;
  const socket = new WebSocket(address, { headers: { cookie, origin } });
  const client = new Client({ send: (message) => socket.send(JSON.stringify(message)) });
  socket.on('message', (data) => client.receive(JSON.parse(String(data)) as ServerMessage));
  const heard: AppEvents['journal:changed'][] = [];
  client.on('journal:changed', (step) => heard.push(step));
  await once(socket, 'open');
  return { client, socket, heard };
}

function killBackend(): void {
  const backend = listProcesses().find(
    ({ parent, command }) => parent === process.pid && command.includes('app/backend.ts'),
  );
  process.kill(backend!.pid, 'SIGKILL');
}

function category(name: string): Category {
  const id = newId();
  return {
    kind: 'category',
    id,
    name,
    parentId: null,
    color: '#336699',
    attributes: [],
    extra: {},
  };
}

const add = ({ client }: Window, record: Category) =>
  client.call('journal.apply', { label: `Add ${record.name}`, diff: addition(record) });
const names = async ({ client }: Window) =>
  (await client.call('categories.list', null)).map(({ name }) => name);

test('each of two windows is told of the other’s steps, and of none of its own', async () => {
  const [first, second] = [await openWindow(), await openWindow()];
  const cat = category('cat');
  await add(first, cat);
  await second.client.call('project.current', null);
  expect(second.heard.map(({ diff }) => diff)).toEqual([addition(cat)]);
  await first.client.call('journal.undo', null);
  await second.client.call('project.current', null);
  expect(second.heard.map(({ diff }) => diff)).toEqual([addition(cat), removal(cat)]);
  expect(first.heard).toEqual([]);
});

test('a window is not told of a change that changes nothing, because it is not kept', async () => {
  const [first, second] = [await openWindow(), await openWindow()];
  const cat = category('cat');
  await add(first, cat);
  await first.client.call('journal.apply', { label: 'Again', diff: replacement(cat, { ...cat }) });
  await second.client.call('project.current', null);
  expect(second.heard.map(({ diff }) => diff)).toEqual([addition(cat)]);
});

test('a setting that another window has changed stays when this one changes another', async () => {
  const [first, second] = [await openWindow(), await openWindow()];
  await first.client.call('settings.set', { theme: 'dark' });
  await second.client.call('settings.set', { fillOpacity: 0.5 });
  const { settings } = await first.client.call('settings.get', null);
  expect(settings).toMatchObject({ theme: 'dark', fillOpacity: 0.5 });
});

test('an edit of a record that another window has changed is refused, and nothing is lost', async () => {
  const [first, second] = [await openWindow(), await openWindow()];
  const cat = category('cat');
  await add(first, cat);
  const rename = (name: string) => ({ label: 'Rename', diff: replacement(cat, { ...cat, name }) });
  await first.client.call('journal.apply', rename('tabby'));
  await expect(second.client.call('journal.apply', rename('tiger'))).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(await names(second)).toEqual(['tabby']);
});

test.skipIf(!hasProcesses)('undo goes by window, also after the backend was killed', async () => {
  const [first, second] = [await openWindow(), await openWindow()];
  await add(first, category('cat'));
  await add(second, category('dog'));
  await expect(first.client.call('journal.undoState', null)).resolves.toEqual({
    canUndo: true,
    canRedo: false,
  });
  expect(await first.client.call('journal.undo', null)).toMatchObject({ label: 'Add cat' });
  expect(await first.client.call('journal.undo', null)).toBeNull();
  expect(await names(first)).toEqual(['dog']);
  killBackend();
  await vi.waitFor(async () => expect(await names(first)).toEqual(['dog']), 30_000);
  expect(await first.client.call('journal.undo', null)).toBeNull();
  expect(await second.client.call('journal.undo', null)).toMatchObject({ label: 'Add dog' });
});

test('what a closed window did can be undone by the one that is left', async () => {
  const [first, second] = [await openWindow(), await openWindow()];
  await add(second, category('dog'));
  expect(await first.client.call('journal.undo', null)).toBeNull();
  second.socket.close();
  await vi.waitFor(async () => {
    expect(await first.client.call('journal.undo', null)).toMatchObject({ label: 'Add dog' });
  }, 30_000);
});
