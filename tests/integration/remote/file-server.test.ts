import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveFiles, type FileServer } from '../../../app/remote/file-server.ts';
import type { ConnectionLimits } from '../../../app/web/connections.ts';
import type { Manifest } from '../../../models/package/manifest.ts';
import { packageHash } from '../../../models/package/package.ts';
import { readManifest } from '../../../models/registry.ts';
import { writeFakeCatalog } from '../../support/fake-model.ts';
import { hostilities, misbehave } from '../../support/hostile-connections.ts';

const sha256 = (bytes: string) => createHash('sha256').update(bytes).digest('hex');
const photo = 'bytes of a photo';

let folder: string;
let directory: string;
let manifest: Manifest;
let server: FileServer;

async function serve(limits: Partial<ConnectionLimits> = {}): Promise<FileServer> {
  const model = { directory, manifest, hash: packageHash(manifest) };
  server = await serveFiles({ host: '127.0.0.1', port: 0 }, model, limits);
  return server;
}

/** Without the token unless one is given. */
function get(path: string, token = '', method = 'GET'): Promise<Response> {
  return fetch(server.url + path, { method, headers: { authorization: `Bearer ${token}` } });
}

/** An open connection, and when it is closed by the server. */
function hold() {
  const socket = connect({ port: Number(new URL(server.url).port), host: '127.0.0.1' });
  socket.on('error', () => undefined).resume();
  const opened = new Promise((resolve) => socket.once('connect', resolve));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  return { socket, opened, closed };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pixel-sail-files-'));
  directory = join(await writeFakeCatalog(join(folder, 'catalog')), 'fake');
  manifest = await readManifest(directory);
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the files that workers get', () => {
  it('are given to bearers of the token only, and no path leads anywhere else', async () => {
    const { token } = await serve();
    const path = join(folder, 'photo.jpg');
    await writeFile(path, photo);
    server.offer(sha256(photo), path);
    const offered = `/photos/${sha256(photo)}`;
    expect(await (await get(offered, token)).text()).toBe(photo);
    for (const [given, method] of [
      ['', 'GET'],
      ['guess', 'GET'],
      [token, 'POST'],
    ] as const) {
      expect((await get(offered, given, method)).status).toBe(403);
    }
    const outside = [
      `/photos/${sha256('another')}`,
      `${offered}/`,
      `/photos/..%2f..%2f${encodeURIComponent(path)}`,
      `/models/${packageHash(manifest)}/..%2fmanifest.json`,
      '/models/constructor/toString',
    ];
    for (const address of outside) expect((await get(address, token)).status).toBe(404);
  });

  it('that are gone, or pipes by now, are not found', async () => {
    const { token } = await serve();
    server.offer(sha256(photo), join(folder, 'gone.jpg'));
    expect((await get(`/photos/${sha256(photo)}`, token)).status).toBe(404);
    server.offer(sha256(photo), '/dev/zero');
    expect((await get(`/photos/${sha256(photo)}`, token)).status).toBe(404);
  });

  it('stay there for workers, whatever strangers do', async () => {
    const { token } = await serve();
    const port = Number(new URL(server.url).port);
    for (const hostility of hostilities) await misbehave(port, hostility);
    expect((await get(`/models/${packageHash(manifest)}/manifest.json`, token)).status).toBe(200);
  });

  it('are not kept from workers by connections that ask for nothing', async () => {
    const { token } = await serve({ headersMs: 50, connections: 2 });
    const held = [hold(), hold()];
    await Promise.all(held.map(({ opened }) => opened));
    const further = hold();
    await further.closed;
    held[0]!.socket.write('GET / HTTP/1.1\r\nX-Slow: ');
    await Promise.all(held.map(({ closed }) => closed));
    const address = `/models/${packageHash(manifest)}/manifest.json`;
    await expect
      .poll(() =>
        get(address, token).then(
          ({ status }) => status,
          () => null,
        ),
      )
      .toBe(200);
  });
});
