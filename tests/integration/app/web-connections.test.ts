import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startWebServer, type WebServer } from '../../../app/web/server.ts';
import type { ConnectionLimits } from '../../../app/web/connections.ts';
import { startAttackedServer } from '../../support/attacked-server.ts';
import { foreignUpgrade, hostilities, misbehave } from '../../support/hostile-connections.ts';
import { silentBackend } from '../../support/silent-backend.ts';

test('strangers who are refused, reset or hang up cannot end the server', async () => {
  const server = await startAttackedServer();
  try {
    await server.attack(60 * hostilities.length, 8);
    expect(await server.answers()).toBe(true);
  } finally {
    await server.stop();
  }
});

describe('a connection', () => {
  let folder: string;
  let server: WebServer | null = null;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pixel-sail-connections-'));
    await writeFile(join(folder, 'index.html'), '<title>Interface</title>');
  });
  afterEach(async () => {
    await server?.close();
    server = null;
    await rm(folder, { recursive: true });
  });

  async function start(limits: Partial<ConnectionLimits> = {}): Promise<WebServer> {
    server = await startWebServer({
      backend: silentBackend,
      rendererFolder: folder,
      port: 0,
      limits,
    });
    return server;
  }

  /** Opens a connection and collects what comes until it is closed. */
  function open({ port }: WebServer): { socket: Socket; answer: Promise<string> } {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let text = '';
    socket.on('data', (data) => (text += String(data))).on('error', () => undefined);
    const answer = new Promise<string>((resolve) => {
      socket.once('end', () => socket.destroy());
      socket.once('close', () => resolve(text));
    });
    return { socket, answer };
  }

  async function enter({ url }: WebServer): Promise<{ cookie: string; address: URL }> {
    const address = new URL(url);
    const setCookie = await new Promise<string[]>((resolve, reject) => {
      httpRequest(address, (response) => resolve(response.resume().headers['set-cookie']!))
        .on('error', reject)
        .end();
    });
    return { cookie: setCookie[0]!.split(';')[0]!, address };
  }

  async function openWindow(started: WebServer, entered: { cookie: string; address: URL }) {
    const socket = new WebSocket(
      `ws://127.0.0.1:${started.port}${entered.address.pathname}socket`,
      { headers: { cookie: entered.cookie, origin: entered.address.origin } },
    );
    return new Promise<WebSocket | number>((resolve) => {
      socket.on('error', () => undefined);
      socket.once('open', () => resolve(socket));
      socket.once('unexpected-response', (_request, { statusCode }) => resolve(statusCode!));
    });
  }

  test('that never ends its headers, or never begins them, is closed', async () => {
    const started = await start({ headersMs: 50 });
    const slow = open(started);
    slow.socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ');
    expect(await slow.answer).toMatch(/^HTTP\/1\.1 408 /);
    await open(started).answer;
  });

  test('with headers of more than 16 kB is refused', async () => {
    const { socket, answer } = open(await start());
    socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: ${'x'.repeat(17_000)}\r\n\r\n`);
    expect(await answer).toMatch(/^HTTP\/1\.1 431 /);
  });

  test('with a body is refused before the body is read', async () => {
    for (const announced of ['Content-Length: 1000000000000', 'Transfer-Encoding: chunked']) {
      const { socket, answer } = open(await start());
      socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n${announced}\r\n\r\n`);
      expect(await answer).toMatch(/^HTTP\/1\.1 413 /);
      await server!.close();
    }
  });

  test('over the number of connections is closed, and the next one after an end is answered', async () => {
    const started = await start({ connections: 2 });
    const kept = [open(started), open(started)];
    await Promise.all(
      kept.map(({ socket }) => new Promise((done) => socket.once('connect', done))),
    );
    expect(await open(started).answer).toBe('');
    kept[0]!.socket.destroy();
    await kept[0]!.answer;
    await expect
      .poll(async () => {
        const next = open(started);
        next.socket.write('GET / HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n');
        return next.answer;
      })
      .toMatch(/^HTTP\/1\.1 401 /);
  });

  test('that was refused an upgrade is closed although the other side keeps its half open', async () => {
    const { socket, answer } = open(await start());
    socket.write(foreignUpgrade);
    expect(await answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
  });

  test('does not keep the server from closing, whatever state it is in', async () => {
    const started = await start();
    const idle = open(started);
    await new Promise((resolve) => idle.socket.once('connect', resolve));
    const entered = await enter(started);
    const window = (await openWindow(started, entered)) as WebSocket;
    const gone = new Promise((resolve) => window.once('close', resolve));
    await started.close();
    server = null;
    await Promise.all([gone, idle.answer]);
  });

  test('of a window over their number is refused', async () => {
    const started = await start({ windows: 1 });
    const entered = await enter(started);
    const first = (await openWindow(started, entered)) as WebSocket;
    expect(first).toBeInstanceOf(WebSocket);
    expect(await openWindow(started, entered)).toBe(503);
    first.terminate();
    await expect
      .poll(() => openWindow(started, entered).then((window) => window instanceof WebSocket))
      .toBe(true);
  });

  test.each([
    ['a frame without a mask', Buffer.from([0x81, 0x01, 0x41])],
    ['an unknown operation', Buffer.from([0x8f, 0x80, 0, 0, 0, 0])],
    ['reserved bits', Buffer.from([0xf1, 0x80, 0, 0, 0, 0])],
    ['text that is no UTF-8', Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28])],
    ['a message of 2^62 bytes', Buffer.from([0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
    ['a long ping', Buffer.from([0x89, 0xfe, 0x10, 0x00, 0, 0, 0, 0])],
  ])('of a window that sends %s ends, and the server goes on', async (_what, bytes) => {
    const started = await start();
    const entered = await enter(started);
    const { socket, answer } = open(started);
    socket.write(
      foreignUpgrade
        .replace('/socket', `${entered.address.pathname}socket`)
        .replace('http://evil.example', 'http://127.0.0.1')
        .replace('Origin:', `Cookie: ${entered.cookie}\r\nOrigin:`),
    );
    socket.once('data', () => socket.write(bytes));
    expect(await answer).toMatch(/^HTTP\/1\.1 101 /);
    await misbehave(started.port, 'refused upgrade');
  });
});
