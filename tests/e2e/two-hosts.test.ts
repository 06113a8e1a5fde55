import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBrowserHost, type TestBrowserHost } from '../support/browser-host.ts';
import { launchChromium, noChromium } from '../support/chromium.ts';
import { WindowPage } from '../support/window-page.ts';

/** Another program that listens on this machine, and writes down what browsers tell it. */
async function listenToo() {
  const heard: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    heard.push(request);
    response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Another program</title>');
  });
  server.on('upgrade', (request, socket) => {
    heard.push(request);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, heard, close: () => void server.close(() => undefined) };
}

describe.skipIf(noChromium)('two hosts and another program in one browser', () => {
  let hosts: TestBrowserHost[];
  let other: Awaited<ReturnType<typeof listenToo>>;
  let browser: Browser;
  beforeAll(async () => {
    hosts = [
      await startBrowserHost({ fakeEngine: true }),
      await startBrowserHost({ fakeEngine: true }),
    ];
    for (const { backend } of hosts) await backend.request('project.openSample', null);
    other = await listenToo();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    other?.close();
    for (const host of hosts ?? []) await host.stop();
  });

  test('the second host does not log the first one’s tab out', async () => {
    const context = await browser.newContext();
    const pages = [];
    for (const { url } of hosts) {
      const page = await context.newPage();
      await page.goto(url);
      await new WindowPage(page).ready();
      pages.push(page);
    }
    for (const page of pages) {
      await page.reload();
      await new WindowPage(page).ready();
    }
    const cookies = await context.cookies(pages.map((page) => page.url()));
    expect(new Set(cookies.map(({ name }) => name)).size).toBe(2);
    await context.close();
  });

  test('no other program of this machine is ever shown a cookie, a path or a token', async () => {
    const { url } = await startBrowserHostAgain();
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(url);
    await new WindowPage(page).ready();
    const { pathname, host } = new URL(page.url());
    const cookies = await context.cookies(page.url());
    expect(cookies).toHaveLength(1);

    const stranger = await context.newPage();
    await stranger.goto(`${other.origin}/`);
    expect(await stranger.evaluate(() => document.cookie)).toBe('');
    // Attempts of a page of the other port: its own server, then ours, with all that the browser
    // has.
    const answers = await stranger.evaluate(async (address) => {
      await fetch('/own', { credentials: 'include' });
      const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/socket`);
      await new Promise((resolve) => (socket.onerror = resolve));
      const image = new Image();
      image.src = `http://${address}/image/1/full`;
      await new Promise((resolve) => (image.onerror = image.onload = resolve));
      const fetched = await fetch(`http://${address}/`, { credentials: 'include' }).then(
        ({ status }) => status,
        () => 'refused',
      );
      return { fetched, width: image.naturalWidth };
    }, host);
    expect(answers).toEqual({ fetched: 'refused', width: 0 });
    // Somebody follows a link from our page to the other program.
    await page.evaluate((origin) => {
      const link = document.createElement('a');
      link.href = `${origin}/followed`;
      document.body.append(link);
      link.click();
    }, other.origin);
    // A browser that is closed in the middle of a navigation may wait for it for half a minute.
    await page.waitForURL(`${other.origin}/followed`);
    expect(other.heard.some(({ url }) => url === '/followed')).toBe(true);

    expect(other.heard.length).toBeGreaterThanOrEqual(4);
    for (const request of other.heard) {
      const told = JSON.stringify([request.url, request.rawHeaders]);
      expect(request.headers.cookie).toBeUndefined();
      for (const secret of [pathname.slice(1, -1), cookies[0]!.value]) {
        expect(told).not.toContain(secret);
      }
    }
    await context.close();
  });

  /** The address of the first host with a token that is not spent. */
  async function startBrowserHostAgain(): Promise<TestBrowserHost> {
    const host = await startBrowserHost({ fakeEngine: true });
    await host.backend.request('project.openSample', null);
    hosts.push(host);
    return host;
  }
});
