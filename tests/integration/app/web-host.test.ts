import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startBrowserHost, type BrowserHost } from '../../../app/web/browser-host.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';

const backendEntry = fileURLToPath(new URL('../../../app/backend.ts', import.meta.url));

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
let host: BrowserHost;
let origin: string;
/** The path that nobody can guess, without the slash at its end. */
let secret: string;
let cookie: string;
let nextAddress: string | null = null;

beforeAll(async () => {
  folders = await makeApplicationFolders();
  const rendererFolder = join(folders.folder, 'renderer');
  await mkdir(join(rendererFolder, 'assets'), { recursive: true });
  await writeFile(join(rendererFolder, 'index.html'), '<title>Interface</title>');
  await writeFile(join(rendererFolder, 'assets', 'main.js'), 'export {};');
  await writeFile(join(folders.folder, 'secret.txt'), 'secret');
  host = await startBrowserHost({
    ...folders.options,
    backendEntry,
    rendererFolder,
    port: 0,
    onAddressUsed: (address) => (nextAddress = address),
  });
  origin = new URL(host.url).origin;
  secret = new URL(host.url).pathname.slice(0, -1);
});

afterAll(async () => {
  await host.close();
  await folders.remove();
});

/** The files under the path of this host. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return getAnywhere(secret + path, headers, method);
}

/** Node's fetch forbids setting Host and Origin, so requests are made by hand. */
function getAnywhere(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(origin);
    const options = { host: '127.0.0.1', port, path, method, headers };
    httpRequest(options, (response) => {
      let body = '';
      response.on('data', (data) => (body += String(data)));
      response.on('end', () => {
        resolve({ status: response.statusCode!, headers: response.headers, body });
      });
    })
      .on('error', reject)
      .end();
  });
}

function openSocket(
  headers: Record<string, string>,
  path = `${secret}/socket`,
): Promise<WebSocket | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}${path}`, { headers });
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode!));
    socket.on('error', () => undefined);
  });
}

async function ask(socket: WebSocket, text: string): Promise<unknown> {
  const answer = new Promise((resolve) => {
    socket.on('message', function receive(data) {
      const message = JSON.parse(String(data)) as object;
      if ('event' in message) return;
      socket.off('message', receive);
      resolve(message);
    });
  });
  socket.send(text);
  return answer;
}

describe('the way in', () => {
  test('without a token or cookie nothing is served', async () => {
    for (const path of ['/', '/index.html', '/image/1/full', '/?token=wrong', '/?token=']) {
      expect(await get(path)).toMatchObject({ status: 401 });
    }
    const { port } = new URL(origin);
    expect((await get('/', { cookie: `pixelsail_session_${port}=guess` })).status).toBe(401);
  });

  test('the token buys one cookie, once', async () => {
    const { search, port } = new URL(host.url);
    const first = await get(`/${search}`);
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe(`${secret}/`);
    const [setCookie] = first.headers['set-cookie']!;
    expect(setCookie).toMatch(/HttpOnly; SameSite=Strict/);
    expect(setCookie).toContain(`; Path=${secret}/`);
    expect(setCookie).toMatch(new RegExp(`^pixelsail_session_${port}=`));
    cookie = setCookie!.split(';')[0]!;
    expect((await get(`/${search}`)).status).toBe(401);
    expect(new URL(nextAddress!).searchParams.get('token')).toBeTruthy();
  });

  test('the cookie opens nothing outside the path, and no path tells whether it is near', async () => {
    const wrong = `${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`;
    const answers = ['/', '/index.html', '/image/1/full', `${wrong}/`, secret, '//'].map((path) =>
      getAnywhere(path, { cookie }),
    );
    const unknown = await get('/');
    for (const { status, body } of await Promise.all(answers)) {
      expect({ status, body }).toEqual({ status: 401, body: unknown.body });
    }
  });

  test('with the cookie the interface comes with a strict policy', async () => {
    const { status, body, headers } = await get('/', { cookie });
    expect({ status, body }).toEqual({ status: 200, body: '<title>Interface</title>' });
    expect(headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self';/);
    expect(headers['content-security-policy']).not.toContain('unsafe-eval');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect((await get('/assets/main.js', { cookie })).headers['content-type']).toMatch(
      /javascript/,
    );
  });

  test('another host name or origin is refused, cookie or not', async () => {
    for (const headers of [{ cookie }, {}]) {
      expect((await get('/', { ...headers, host: 'evil.example' })).status).toBe(403);
      expect((await get('/', { ...headers, origin: 'https://evil.example' })).status).toBe(403);
      expect((await get('/', { ...headers, origin: 'null' })).status).toBe(403);
      expect((await get('/?token=x', { ...headers, host: 'evil.example' })).status).toBe(403);
    }
  });

  test('only GET is answered', async () => {
    expect((await get('/', { cookie }, 'POST')).status).toBe(405);
  });
});

describe('paths', () => {
  test.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//etc/passwd',
    '//',
    '/%',
    '/assets/',
    '/image/x/secret.txt',
  ])('%s leads nowhere', async (path) => {
    const { status, body } = await get(path, { cookie });
    expect(status).toBe(404);
    expect(body).not.toContain('secret"');
  });

  test('images need an open project, then a registered id', async () => {
    expect((await get('/image/1/full', { cookie })).status).toBe(409);
    await host.backend.request('project.openSample', null);
    for (const id of ['..%2f..%2fsecret.txt', '%', '%zz', '1']) {
      expect((await get(`/image/${id}/full`, { cookie })).status).toBe(404);
    }
    const page = (await host.backend.request('images.list', { offset: 0, limit: 1 })) as {
      rows: { id: string; path: string }[];
    };
    const { id, path } = page.rows[0]!;
    for (const variant of ['full', 'thumbnail']) {
      const { status, headers } = await get(`/image/${id}/${variant}`, { cookie });
      expect(status).toBe(200);
      expect(headers['content-type']).toMatch(/^image\//);
    }
    const photo = join(folders.options.home, 'sample-project', 'photos', path);
    await rm(photo);
    await symlink(join(folders.folder, 'secret.txt'), photo);
    expect(await get(`/image/${id}/full`, { cookie })).toMatchObject({ status: 403 });
  });
});

describe('through a tunnel', () => {
  test('another port of the loopback address reaches the interface and its socket', async () => {
    const tunnel = '127.0.0.1:9000';
    const { status, headers } = await get('/', { cookie, host: tunnel });
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toContain(`ws://${tunnel}`);
    const socket = await openSocket({ cookie, host: tunnel, origin: `http://${tunnel}` });
    expect(socket).toBeInstanceOf(WebSocket);
    (socket as WebSocket).close();
    expect(await openSocket({ cookie, host: tunnel, origin })).toBe(403);
  });
});

describe('the socket', () => {
  test('needs the cookie, this origin and this host', async () => {
    expect(await openSocket({ origin })).toBe(401);
    expect(await openSocket({ cookie })).toBe(403);
    expect(await openSocket({ cookie, origin: 'https://evil.example' })).toBe(403);
    expect(await openSocket({ cookie, origin, host: 'evil.example' })).toBe(403);
    expect(await openSocket({ cookie, origin }, '/socket')).toBe(401);
    expect(await openSocket({ cookie, origin }, `${secret}/other`)).toBe(404);
  });

  test('answers calls, and malformed ones with an error, and stays open', async () => {
    const socket = (await openSocket({ cookie, origin })) as WebSocket;
    for (const [text, code] of [
      ['{', 'invalid-input'],
      ['[]', 'invalid-input'],
      ['{"id":"1","method":"project.current","input":null}', 'invalid-input'],
      ['{"id":7,"method":"project.explode","input":null}', 'not-found'],
      ['{"id":7,"method":"host.imageFile","input":{"imageId":"x","variant":"full"}}', 'not-found'],
      ['{"id":7,"method":"host.close","input":null}', 'not-found'],
      ['{"id":7,"method":"toString","input":null}', 'not-found'],
      ['{"id":7,"method":"images.list","input":{"offset":-1,"limit":1}}', 'invalid-input'],
    ] as const) {
      expect(await ask(socket, text)).toMatchObject({ ok: false, error: { code } });
    }
    expect(await ask(socket, '{"id":8,"method":"project.current","input":null}')).toMatchObject({
      id: 8,
      ok: true,
      value: { name: 'Sample' },
    });
    socket.close();
  });

  test('a port in use is said so', async () => {
    await expect(
      startBrowserHost({
        ...folders.options,
        backendEntry,
        rendererFolder: join(folders.folder, 'renderer'),
        port: Number(new URL(origin).port),
      }),
    ).rejects.toMatchObject({ code: 'already-exists', message: expect.stringContaining('--port') });
  });
});
