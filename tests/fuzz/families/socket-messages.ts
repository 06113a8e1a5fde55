import { once } from 'node:events';
import { WebSocket } from 'ws';
import { startBrowserHost } from '../../support/browser-host.ts';
import type { Family, Outcome } from '../family.ts';
import type { Mutator } from '../mutator.ts';

const samples: readonly unknown[] = [
  { id: 1, method: 'project.current', input: null, window: 'w' },
  { id: 2, method: 'images.list', input: { offset: 0, limit: 5 } },
  {
    id: 3,
    method: 'journal.apply',
    input: { label: 'x', diff: { added: {}, updated: {}, removed: {} } },
  },
];

/**
 * Damaged messages on the web socket of the browser host: each is answered or its sender is shut
 * out, and others are served.
 */
export const socketMessages: Family = {
  name: 'socket-messages',
  weight: 4,
  async prepare() {
    const host = await startBrowserHost({ fakeEngine: true });
    const answer = await fetch(host.url, { redirect: 'manual' });
    const cookie = answer.headers
      .getSetCookie()
      .map((text) => text.split(';')[0])
      .join('; ');
    const { origin, host: authority } = new URL(host.url);
    const path = new URL(answer.headers.get('location') ?? '/', host.url).pathname.replace(
      /\/[^/]*$/,
      '',
    );
    const connect = async (): Promise<WebSocket> => {
      const socket = new WebSocket(`ws://${authority}${path}/socket`, {
        headers: { cookie, origin },
      });
      await once(socket, 'open');
      return socket;
    };
    const witness = await connect();
    return async (mutator) => {
      const socket = await connect();
      const outcome = await provoke(socket, mutator);
      socket.terminate();
      const isAlive = await asks(witness, { id: 77, method: 'project.current', input: null });
      return isAlive.includes('"ok":true')
        ? outcome
        : { ...outcome, fault: `others got ${isAlive}` };
    };
  },
};

/** Deeper than any function that calls itself can follow. */
function nested(mutator: Mutator): string {
  const depth = mutator.chance(0.2) ? mutator.pick([1000, 100_000, 1_000_000]) : 0;
  return depth > 0 ? '['.repeat(depth) + ']'.repeat(depth) : 'null';
}

async function provoke(socket: WebSocket, mutator: Mutator): Promise<Outcome> {
  const message = mutator.damagedJson(mutator.pick(samples), 2);
  const text = (JSON.stringify(message) ?? '').replace('null', nested(mutator));
  const form = mutator.below(4);
  const data =
    form === 0 ? mutator.damagedBytes(Buffer.from(text)) : form === 1 ? Buffer.from(text) : text;
  const end = Promise.race([
    answer(socket, (text) => !text.startsWith('{"event":')),
    once(socket, 'close').then(([code]) => `closed ${code}`),
  ]);
  socket.on('error', () => undefined);
  socket.send(data, { binary: form === 1 });
  const said = await end;
  const isUnnamed = said.includes('"internal"') || /\n\s+at /.test(said);
  return {
    ended: said.includes('"ok":true') ? 'accepted' : 'refused',
    ...(isUnnamed ? { fault: `${String(data).slice(0, 200)} was answered ${said}` } : {}),
  };
}

async function asks(
  socket: WebSocket,
  message: { id: number; method: string; input: null },
): Promise<string> {
  const answered = answer(socket, (text) => text.includes(`"id":${message.id},`));
  socket.send(JSON.stringify(message));
  return answered;
}

/** The next wanted message; events arrive between answers, several of them at once. */
function answer(socket: WebSocket, isWanted: (text: string) => boolean): Promise<string> {
  return new Promise((resolve) => {
    const hear = (data: Buffer): void => {
      const text = data.toString();
      if (!isWanted(text)) return;
      socket.off('message', hear);
      resolve(text);
    };
    socket.on('message', hear);
  });
}
