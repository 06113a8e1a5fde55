import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { Client } from '../../../app/api/client.ts';
import type { AppEvents, ServerMessage } from '../../../app/api/contract.ts';
import type { PresentWindow } from '../../../app/api/contract/people.ts';
import { startBrowserHost, type BrowserHost } from '../../../app/web/browser-host.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';

// People who come to one browser host by links of their own.

const backendEntry = fileURLToPath(new URL('../../../app/backend.ts', import.meta.url));

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
let host: BrowserHost;

beforeEach(async () => {
  folders = await makeApplicationFolders();
  const rendererFolder = join(folders.folder, 'renderer');
  await mkdir(rendererFolder);
  await writeFile(join(rendererFolder, 'index.html'), '<title>Interface</title>');
  const people = ['Mei', 'Jo'];
  host = await startBrowserHost({
    ...folders.options,
    backendEntry,
    rendererFolder,
    port: 0,
    people,
  });
  await host.backend.request('project.openBenchmark', null);
});

afterEach(async () => {
  await host.close();
  await folders.remove();
});

interface Window {
  readonly client: Client;
  readonly socket: WebSocket;
  /** Who was there when it was told last. */
  present: readonly PresentWindow[];
}

async function welcome(url: string): Promise<string> {
  const { headers } = await fetch(url, { redirect: 'manual' });
  return headers.get('set-cookie')!;
}

/** @param entered the cookie of a browser that came by the address before */
async function openWindow(url: string, entered = welcome(url)): Promise<Window> {
  const cookie = (await entered).split(';')[0]!;
  const { origin, pathname } = new URL(url);
  const address = `${origin.replace('http', 'ws')}${pathname}socket`;
  const socket = new WebSocket(address, { headers: { cookie, origin } });
  const client = new Client({ send: (message) => socket.send(JSON.stringify(message)) });
  const window: Window = { client, socket, present: [] };
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as ServerMessage;
    if (!('event' in message)) client.receive(message);
    else if (message.event === 'people:changed') {
      window.present = (message.payload as AppEvents['people:changed']).present;
    }
  });
  await new Promise((resolve) => socket.once('open', resolve));
  return window;
}

const linkOf = (name: string) => host.links.find(({ person }) => person === name)!.url;
const nameIn = async ({ client }: Window) =>
  (await client.call('settings.get', null)).settings.person;

test('a link makes its visitor a person by name, beside that of this machine', async () => {
  const [own, mei] = [await openWindow(host.url), await openWindow(linkOf('Mei'))];
  const { settings } = await own.client.call('settings.get', null);
  await own.client.call('settings.set', { ...settings, person: 'Ada' });
  expect([await nameIn(own), await nameIn(mei)]).toEqual(['Ada', 'Mei']);
  await mei.client.call('settings.set', { ...settings, theme: 'dark', person: 'Mei Lin' });
  expect([await nameIn(own), await nameIn(mei)]).toEqual(['Ada', 'Mei Lin']);
});

test('links of two people can be open in one browser, which keeps them apart by their paths', async () => {
  const [mei, jo] = [await welcome(linkOf('Mei')), await welcome(linkOf('Jo'))];
  const pathOf = (cookie: string) => /Path=([^;]+)/.exec(cookie)![1]!;
  expect(pathOf(mei)).not.toBe(pathOf(jo));
  const { origin } = new URL(host.url);
  const withOthers = await fetch(origin + pathOf(jo), { headers: { cookie: mei.split(';')[0]! } });
  expect(withOthers.status).toBe(401);
});

test('everybody hears who is there and on which image, until they go', async () => {
  const mei = await openWindow(linkOf('Mei'));
  const jo = await openWindow(linkOf('Jo'));
  const { rows } = await mei.client.call('images.list', { offset: 0, limit: 1 });
  const imageId = rows[0]!.id;
  const shown = await mei.client.call('people.show', { imageId });
  expect(shown.present.find(({ window }) => window === shown.window)).toMatchObject({ imageId });
  const seen = () => jo.present.map(({ name, imageId: on }) => [name, on]);
  await vi.waitFor(() =>
    expect(seen()).toEqual([
      ['Mei', imageId],
      ['Jo', null],
    ]),
  );
  mei.socket.close();
  await vi.waitFor(() => expect(seen()).toEqual([['Jo', null]]));
});

test('each window reviews as its own person, blind to the other', async () => {
  const [mei, jo] = [await openWindow(linkOf('Mei')), await openWindow(linkOf('Jo'))];
  const filter = { task: 'description', author: null, categoryId: null, kind: 'open' } as const;
  const [row] = (await mei.client.call('reviews.queue', filter)).rows;
  const subject = { kind: 'item', id: row!.id } as const;
  await mei.client.call('reviews.give', { ...subject, verdict: 'reject', reason: 'wrong' });
  const seen = await jo.client.call('reviews.open', { ...subject, settles: false });
  expect(seen).toMatchObject({ own: null, others: [] });
  const queue = await jo.client.call('reviews.queue', filter);
  expect(queue.rows.map(({ id }) => id)).toContain(row!.id);
  const judged = await jo.client.call('reviews.give', {
    ...subject,
    verdict: 'accept',
    reason: null,
  });
  expect(judged.own).toMatchObject({ reviewer: 'person:jo' });
  expect(judged.others.map(({ reviewer }) => reviewer)).toEqual(['person:mei']);
});

test('a person who judges one item in two windows at once has one review of it', async () => {
  const entered = welcome(linkOf('Mei'));
  const meis = await Promise.all([0, 1].map(() => openWindow(linkOf('Mei'), entered)));
  const jo = await openWindow(linkOf('Jo'));
  const filter = { task: 'description', author: null, categoryId: null, kind: 'open' } as const;
  const [row] = (await jo.client.call('reviews.queue', filter)).rows;
  const subject = { kind: 'item', id: row!.id } as const;
  const given = { ...subject, verdict: 'accept', reason: null } as const;
  await Promise.all(
    meis.flatMap(({ client }) => [0, 1, 2].map(() => client.call('reviews.give', given))),
  );
  const { others } = await jo.client.call('reviews.open', { ...subject, settles: true });
  expect(others.map(({ reviewer }) => reviewer)).toEqual(['person:mei']);
  await Promise.all(
    [0, 1].map(() =>
      jo.client.call('reviews.settle', { ...subject, reviewId: null, verdict: 'accept' }),
    ),
  );
  const { others: after } = await meis[0]!.client.call('reviews.open', {
    ...subject,
    settles: false,
  });
  expect(after.map(({ reviewer }) => reviewer)).toEqual(['person:jo']);
});

test('masks that two would have are blind to each other, and the one that a third takes counts', async () => {
  const [mei, jo] = [await openWindow(linkOf('Mei')), await openWindow(linkOf('Jo'))];
  const masks = { task: 'mask', author: null, categoryId: null, kind: 'open' } as const;
  const [row] = (await mei.client.call('reviews.queue', masks)).rows;
  const subject = { kind: 'annotation', id: row!.id } as const;
  const before = await mei.client.call('reviews.open', { ...subject, settles: false });
  const box = (side: number) => ({ kind: 'box', box: [4, 4, side, side] });
  const fix = { ...subject, verdict: 'fix', reason: null } as const;
  await mei.client.call('reviews.give', { ...fix, suggestion: box(30) });
  const seen = await jo.client.call('reviews.open', { ...subject, settles: false });
  expect(seen.annotation?.geometry).toEqual(before.annotation?.geometry);
  expect(seen.others).toEqual([]);
  const given = await jo.client.call('reviews.give', { ...fix, suggestion: box(50) });
  expect(given.annotation?.geometry).toEqual(before.annotation?.geometry);
  const wrong = jo.client.call('reviews.give', { ...fix, suggestion: { kind: 'nothing' } });
  await expect(wrong).rejects.toMatchObject({ code: 'invalid-input' });

  const own = await openWindow(host.url);
  const { settings } = await own.client.call('settings.get', null);
  await own.client.call('settings.set', { ...settings, person: 'Cho' });
  const disputed = await own.client.call('reviews.queue', { ...masks, kind: 'disputed' });
  expect(disputed.rows.map(({ id }) => id)).toEqual([row!.id]);
  const reviewId = given.own!.id;
  const settled = await own.client.call('reviews.settle', {
    ...subject,
    reviewId,
    verdict: 'accept',
  });
  expect(settled.annotation).toMatchObject({ geometry: box(50), area: 2500 });
});

test('a person who works alone on a project puts a mask right at once', async () => {
  const mei = await openWindow(linkOf('Mei'));
  const masks = { task: 'mask', author: null, categoryId: null, kind: 'open' } as const;
  const [row] = (await mei.client.call('reviews.queue', masks)).rows;
  const fix = { kind: 'annotation', id: row!.id, verdict: 'fix', reason: null } as const;
  const suggestion = { kind: 'box', box: [4, 4, 30, 30] };
  const { annotation } = await mei.client.call('reviews.give', { ...fix, suggestion });
  expect(annotation).toMatchObject({ geometry: suggestion, area: 900 });
});
