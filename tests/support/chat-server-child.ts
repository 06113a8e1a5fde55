import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A server of the OpenAI chat API for tests; the name of the asked model tells how it behaves. Its
 * first line of output is its port. `/heard` lists the requests for answers so far.
 */

interface Heard {
  readonly authorization: string | null;
  readonly body: unknown;
  /** The connection was closed before the answer was complete. */
  wasAborted: boolean;
}

type Reply = (response: ServerResponse, heard: Heard) => void;

const heard: Heard[] = [];

const replies: Readonly<Record<string, Reply>> = {
  good: (response, { body }) => stream(response, answerTo(body)),
  whole: (response, { body }) =>
    sendJson(response, 200, {
      choices: [{ message: { content: answerTo(body).join('') }, finish_reason: 'stop' }],
    }),
  letter: (response) => stream(response, ['B']),
  'no-choice': (response) => stream(response, ['I cannot tell.']),
  silent: () => undefined,
  stalled: (response) => {
    beginStream(response);
    sendPiece(response, 'A brown');
  },
  cut: (response) => {
    beginStream(response);
    sendPiece(response, 'A brown');
    response.socket?.destroySoon();
  },
  'cut-politely': (response) => {
    beginStream(response);
    sendPiece(response, 'A brown');
    response.end();
  },
  malformed: (response) => {
    beginStream(response);
    response.end('data: {"choices": [{"delta"\n\n');
  },
  page: (response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<html>It works!</html>');
  },
  401: (response, { authorization }) =>
    sendJson(response, 401, {
      error: { message: `Incorrect API key provided: ${authorization?.slice(7) ?? 'none'}` },
    }),
  404: (response) => sendJson(response, 404, { error: { message: 'model not found' } }),
  429: (response) => {
    response.setHeader('retry-after', '7');
    sendJson(response, 429, { error: { message: 'Too many requests' } });
  },
  500: (response) => sendJson(response, 500, { detail: 'out of memory' }),
  400: (response) => sendJson(response, 400, { error: 'this model takes no images' }),
  refusal: (response) => {
    beginStream(response);
    send(response, { choices: [{ delta: { refusal: 'I will not describe people.' } }] });
    response.end('data: [DONE]\n\n');
  },
  filtered: (response) => stream(response, ['A'], 'content_filter'),
  endless: (response) => {
    beginStream(response);
    const piece = 'very '.repeat(200);
    const more = () => {
      while (!response.destroyed) if (!sendPiece(response, piece)) return;
    };
    response.on('drain', more);
    more();
  },
  'huge-line': (response) => {
    beginStream(response);
    response.write('data: ');
    const more = () => {
      while (!response.destroyed) if (!response.write('x'.repeat(65_536))) return;
    };
    response.on('drain', more);
    more();
  },
  length: (response) => stream(response, ['A brown'], 'length'),
  empty: (response) => stream(response, ['']),
  failing: (response) => {
    beginStream(response);
    sendPiece(response, 'A');
    response.end('data: {"error": {"message": "the GPU is gone"}}\n\n');
  },
  redirect: (response) => {
    response.writeHead(307, { location: 'http://127.0.0.2:1/v1/chat/completions' });
    response.end();
  },
};

const server = createServer((request, response) => void answer(request, response));
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/heard') {
    sendJson(response, 200, heard);
    return;
  }
  if (request.url === '/v1/models') {
    const key = request.headers.authorization;
    if (key === 'Bearer wrong') {
      sendJson(response, 401, { error: { message: 'wrong key' } });
      return;
    }
    if (key === 'Bearer chatty') {
      const id = `${key}\n${'x'.repeat(100_000)}`;
      sendJson(response, 200, { data: Array.from({ length: 40 }, () => ({ id })) });
      return;
    }
    sendJson(response, 200, { data: Object.keys(replies).map((id) => ({ id })) });
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString()) as { model: string };
  const { authorization = null } = request.headers;
  const known: Heard = { authorization, body, wasAborted: false };
  heard.push(known);
  response.once('close', () => (known.wasAborted = !response.writableFinished));
  replies[body.model]!(response, known);
}

/** A sentence, in pieces; about choices, the second of them. */
function answerTo(body: unknown): string[] {
  return JSON.stringify(body).includes('B) ')
    ? ['B', ')', ' second']
    : ['A brown', ' bear', ' in the grass.'];
}

function stream(response: ServerResponse, pieces: readonly string[], reason = 'stop'): void {
  beginStream(response);
  for (const piece of pieces) sendPiece(response, piece);
  send(response, { choices: [{ delta: {}, finish_reason: reason }] });
  response.end('data: [DONE]\n\n');
}

function beginStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
}

function sendPiece(response: ServerResponse, content: string): boolean {
  return send(response, { choices: [{ delta: { content }, finish_reason: null }] });
}

function send(response: ServerResponse, event: unknown): boolean {
  return response.write(`data: ${JSON.stringify(event)}\n\n`);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}
