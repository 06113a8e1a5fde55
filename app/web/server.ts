import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WebSocketServer, type WebSocket } from 'ws';
import { AppError, toErrorEnvelope, type ErrorCode } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { ServerMessage } from '../api/contract.ts';
import { isMethodName, parseClientMessage } from '../api/serve.ts';
import type { BackendSupervisor } from '../backend-supervisor.ts';
import type { ServedFile } from '../features/images/image-files.ts';
import { Access, isLoopbackHost, isSameOrigin } from './access.ts';
import {
  defaultLimits,
  refuseUpgrade,
  serverOptions,
  watchConnections,
  type ConnectionLimits,
} from './connections.ts';
import { contentSecurityPolicy, listStaticFiles, type StaticFile } from './static-files.ts';

export interface WebServerOptions {
  readonly backend: BackendSupervisor;
  /** Folder of the built interface. */
  readonly rendererFolder: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Names of people who get an address of their own. */
  readonly people?: readonly string[];
  /**
   * Called when an address was used: its token is spent and this one opens a further window, of
   * the same person.
   */
  readonly onAddressUsed?: (nextAddress: string, person: string | null) => void;
  /** Where they differ from the default. */
  readonly limits?: Partial<ConnectionLimits>;
}

/** An address that makes the visitor who opens it a person by name. */
export interface PersonLink {
  readonly person: string;
  readonly url: string;
}

export interface WebServer {
  /** Address with a one-time token. */
  readonly url: string;
  /** Those of the people, likewise. */
  readonly links: readonly PersonLink[];
  readonly port: number;
  close(): Promise<void>;
}

const maximumMessageBytes = 64 * 1024 * 1024;
const statusByCode: Partial<Record<ErrorCode, number>> = {
  'not-found': 404,
  'permission-denied': 403,
  'project-not-open': 409,
  'image-unreadable': 422,
  'image-too-large': 422,
};

/**
 * Serves the interface, the open project's images and the contract on the loopback address.
 * @throws AppError `already-exists` when the port is taken.
 */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { backend, onAddressUsed } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const own = new Access();
  const ofPeople = (options.people ?? []).map((person) => new Access(person));
  const accesses = [own, ...ofPeople];
  const files = listStaticFiles(options.rendererFolder);
  const addressOf = (access: Access) =>
    `http://127.0.0.1:${port}${access.path}?token=${access.newToken()}`;

  const server = createServer(serverOptions(limits), (request, response) => {
    if (hasBody(request)) {
      refuseBody(request, response);
      return;
    }
    const { pathname, query } = splitUrl(request);
    const access = accessOf(accesses, pathname);
    const refusal = refuse(request, access);
    const token = query.get('token');
    if (token !== null && refusal?.status !== 403) {
      const isSpent = welcome(request, response, access, token, refusal === null);
      if (isSpent) onAddressUsed?.(addressOf(access), access.person);
    } else if (refusal) sendText(response, refusal.status, refusal.reason);
    else void respond(request, response, access.within(pathname)!, files, backend);
  });
  const closeConnections = watchConnections(server, limits);
  serveSockets(server, accesses, backend, limits.windows);
  const port = await listen(server, options.port);
  return {
    url: addressOf(own),
    links: ofPeople.map((access) => ({ person: access.person!, url: addressOf(access) })),
    port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      closeConnections();
      await closed;
    },
  };
}

/** Under whose path a request lies; that of this machine's user where it lies under none. */
function accessOf(accesses: readonly Access[], pathname: string): Access {
  return accesses.find((access) => access.within(pathname) !== null) ?? accesses[0]!;
}

/** Not as a URL relative to a base: a path that begins with // would name another host. */
function splitUrl({ url = '/' }: IncomingMessage): { pathname: string; query: URLSearchParams } {
  const [pathname = '/', query = ''] = url.split('?');
  return { pathname, query: new URLSearchParams(query) };
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * No request has a body here, and reading one to its end only to answer would serve an
 * attacker.
 */
function refuseBody(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('connection', 'close');
  response.once('finish', () => request.socket.destroy());
  sendText(response, 413, 'A request must have no body here.');
}

/**
 * Lets in the bearer of a token, or a visitor who is in already.
 * @returns whether the token was spent
 */
function welcome(
  request: IncomingMessage,
  response: ServerResponse,
  access: Access,
  token: string,
  hasSession: boolean,
): boolean {
  const cookie = access.exchange(token, request);
  if (cookie === null && !hasSession) {
    const reason = 'This address was used already. Take the newest one from the terminal.';
    sendText(response, 401, reason);
    return false;
  }
  response
    .writeHead(303, {
      location: access.path,
      'referrer-policy': 'no-referrer',
      ...(cookie && { 'set-cookie': cookie }),
    })
    .end();
  return cookie !== null;
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
  files: ReadonlyMap<string, StaticFile>,
  backend: BackendSupervisor,
): Promise<void> {
  try {
    if (request.method !== 'GET') throw new HttpRefusal(405, 'Only GET is answered here.');
    const image = /^\/image\/([^/]+)\/([\w-]+)$/.exec(pathname);
    const served = image ? await findImage(backend, image[1]!, image[2]!) : files.get(pathname);
    if (!served) throw new HttpRefusal(404, `There is nothing at ${pathname}.`);
    await sendFile(response, served, request.headers.host!);
  } catch (thrown) {
    const { code, message } = toErrorEnvelope(thrown);
    const status = thrown instanceof HttpRefusal ? thrown.status : (statusByCode[code] ?? 500);
    if (response.headersSent) response.destroy();
    else sendText(response, status, message);
  }
}

class HttpRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Why a request is not answered, or null. */
function refuse(
  request: IncomingMessage,
  access: Access,
): { readonly status: number; readonly reason: string } | null {
  if (!isLoopbackHost(request)) {
    return { status: 403, reason: 'This host answers to 127.0.0.1 and localhost only.' };
  }
  if (request.headers.origin !== undefined && !isSameOrigin(request)) {
    return { status: 403, reason: 'Requests of other pages are not answered.' };
  }
  // One answer to both, so that nobody learns the path by trying.
  if (access.within(splitUrl(request).pathname) === null || !access.hasSession(request)) {
    return { status: 401, reason: 'Open the address that the terminal shows; it carries a token.' };
  }
  return null;
}

async function findImage(
  backend: BackendSupervisor,
  imageId: string,
  variant: string,
): Promise<ServedFile> {
  // Ids need no escapes; what has some is no id, and the backend says so.
  const input = { imageId, variant };
  return (await backend.request('host.imageFile', input)) as ServedFile;
}

async function sendFile(
  response: ServerResponse,
  { file, contentType }: StaticFile,
  host: string,
): Promise<void> {
  const stream = createReadStream(file);
  await new Promise((resolve, reject) => stream.once('open', resolve).once('error', reject));
  response.writeHead(200, {
    'content-type': contentType,
    'content-security-policy': contentSecurityPolicy('', `ws://${host}`),
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-cache',
  });
  await pipeline(stream, response);
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    })
    .end(text);
}

function serveSockets(
  server: Server,
  accesses: readonly Access[],
  backend: BackendSupervisor,
  maximumWindows: number,
): void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maximumMessageBytes });
  /** Each connection is a window with an id of its own. */
  const windows = new WeakMap<WebSocket, string>();
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const isFull = sockets.clients.size >= maximumWindows;
    const access = accessOf(accesses, request.url ?? '');
    const status = whyNoSocket(request, access) ?? (isFull ? '503 Service Unavailable' : null);
    if (status) {
      refuseUpgrade(socket, status);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('error', () => client.terminate());
      const window = newId();
      windows.set(client, window);
      backend.windowOpened(window, access.person);
      client.on('message', (data) => void answer(client, window, backend, String(data)));
      client.on('close', () => backend.windowClosed(window));
    });
  });
  backend.onEvent((event, payload) => {
    const message = JSON.stringify({ event, payload } satisfies ServerMessage);
    for (const client of sockets.clients) {
      if ('window' in payload && payload.window === windows.get(client)) continue;
      // One that does not read gets no more; it connects again when it does.
      if (client.bufferedAmount > maximumMessageBytes) client.terminate();
      else client.send(message, () => undefined);
    }
  });
}

function whyNoSocket(request: IncomingMessage, access: Access): string | null {
  if (!isLoopbackHost(request) || !isSameOrigin(request)) return '403 Forbidden';
  const path = access.within(request.url ?? '');
  if (path === null || !access.hasSession(request)) return '401 Unauthorized';
  return path === '/socket' ? null : '404 Not Found';
}

async function answer(
  client: WebSocket,
  window: string,
  backend: BackendSupervisor,
  text: string,
): Promise<void> {
  const send = (message: ServerMessage) => client.send(JSON.stringify(message), () => undefined);
  let id = -1;
  try {
    const message = parseClientMessage(parseJson(text));
    id = message.id;
    if (!isMethodName(message.method)) {
      throw new AppError('not-found', `There is no method "${message.method}" in the contract.`);
    }
    send({ id, ok: true, value: await backend.request(message.method, message.input, window) });
  } catch (thrown) {
    send({ id, ok: false, error: toErrorEnvelope(thrown) });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid-input', 'A message must be JSON.', {}, { cause });
  }
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        new AppError(
          cause.code === 'EADDRINUSE' ? 'already-exists' : 'internal',
          `Port ${port} cannot be used (${cause.message}). Choose another with --port, or leave it out.`,
        ),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}
