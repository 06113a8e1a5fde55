import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Manifest } from '../../models/package/manifest.ts';
import { manifestFile } from '../../models/package/package.ts';
import { openPlainFile } from '../../models/plain-file.ts';
import { isSameSecret, newSecret } from '../secret.ts';
import {
  defaultLimits,
  serverOptions,
  watchConnections,
  type ConnectionLimits,
} from '../web/connections.ts';
import { remoteFailure } from './sentences.ts';

/** Where workers get photos and the model: nothing but what was asked about. */
export interface FileServer {
  readonly url: string;
  readonly token: string;
  /** Gives out a file by the hash of its bytes. */
  offer(sha256: string, path: string): void;
  close(): Promise<void>;
}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** @param address `HOST:PORT`. @throws AppError `invalid-input`. */
export function listenAddress(address: string): ListenAddress {
  const [, host, port] = /^(\[[0-9a-fA-F:]+\]|[^:\s/]+):(\d{1,5})$/.exec(address) ?? [];
  if (host === undefined || Number(port) > 65_535) {
    throw remoteFailure('invalid-input', 'listenAddressInvalid', { address });
  }
  // Workers are sent the address.
  if (/^[[\]0:.]+$/.test(host)) {
    throw remoteFailure('invalid-input', 'listenAddressOfAll', { address });
  }
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}

/**
 * Serves the files of a model package, and photos by their hashes, to bearers of a token that
 * travels with the work. No path of a request reaches the file system. Other machines can reach the
 * address, so connections that ask for nothing are closed and their number is limited.
 * @throws the system's error where the address cannot be listened on
 */
export async function serveFiles(
  { host, port }: ListenAddress,
  model: { readonly directory: string; readonly manifest: Manifest; readonly hash: string },
  given: Partial<ConnectionLimits> = {},
): Promise<FileServer> {
  const limits = { ...defaultLimits, ...given };
  const token = newSecret();
  const photos = new Map<string, string>();
  const modelFiles = new Map(
    [manifestFile, ...model.manifest.files.map(({ path }) => path)].map((path) => [
      `/models/${model.hash}/${path}`,
      join(model.directory, path),
    ]),
  );
  const server = createServer(serverOptions(limits), (request, response) => {
    const path = isAllowed(request, token) ? fileOf(request.url ?? '') : null;
    if (path === null) refuse(response, 403);
    else if (path === undefined) refuse(response, 404);
    else void send(path, response);
  });
  const fileOf = (url: string) => modelFiles.get(url) ?? photos.get(url);
  const closeConnections = watchConnections(server, limits);
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject).listen({ host, port }, resolve);
  });
  const { port: bound } = server.address() as { port: number };
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    token,
    offer: (sha256, path) => void photos.set(`/photos/${sha256}`, path),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      closeConnections();
      await closed;
    },
  };
}

function isAllowed({ method, headers }: IncomingMessage, token: string): boolean {
  return method === 'GET' && isSameSecret(headers.authorization ?? '', `Bearer ${token}`);
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-length': 0, connection: 'close' }).end();
}

async function send(path: string, response: ServerResponse): Promise<void> {
  try {
    const file = await openPlainFile(path);
    const { size } = await file.stat();
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-length': size,
    });
    await pipeline(file.createReadStream(), response);
  } catch {
    if (response.headersSent) response.destroy();
    else refuse(response, 404);
  }
}
