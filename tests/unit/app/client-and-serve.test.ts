import { describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../core/errors.ts';
import { Client } from '../../../app/api/client.ts';
import type { ClientMessage } from '../../../app/api/contract.ts';
import { parseClientMessage, serveCall, type Handlers } from '../../../app/api/serve.ts';

const handlers = {
  'project.current': () => null,
  'images.importFolder': ({ folder }: { folder: string }) => ({ jobId: folder }),
  'project.check': () => {
    throw new AppError('project-not-open', 'No project is open.', { hint: 1 });
  },
  'project.backup': () => Promise.reject(new Error('disk on fire')),
} as unknown as Handlers;

/** A client whose messages a server answers in the same process. */
function connect(): Client {
  const client: Client = new Client({
    send: ({ id, method, input }: ClientMessage) =>
      void serveCall(handlers, method, input).then((result) => client.receive({ id, ...result })),
  });
  return client;
}

describe('calling over a transport', () => {
  test('an answer comes back to its call', async () => {
    const client = connect();
    const calls = [
      client.call('images.importFolder', { folder: 'a' }),
      client.call('images.importFolder', { folder: 'b' }),
    ];
    expect(client.pending).toBe(2);
    expect(await Promise.all(calls)).toEqual([{ jobId: 'a' }, { jobId: 'b' }]);
    expect(client.pending).toBe(0);
  });

  test('an AppError keeps its code and detail', async () => {
    const thrown = await connect()
      .call('project.check', null)
      .catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(AppError);
    expect(thrown).toMatchObject({ code: 'project-not-open', detail: { hint: 1 } });
  });

  test('any other error becomes internal', async () => {
    await expect(connect().call('project.backup', null)).rejects.toMatchObject({
      code: 'internal',
      message: 'disk on fire',
    });
  });

  test('an input that is nested deeper than a reader can follow is refused by name', async () => {
    let deep: unknown = 1;
    for (let level = 0; level < 20_000; level++) deep = [deep];
    const record = { kind: 'category', id: 'a', name: 'A', parentId: null, color: '#336699' };
    const added = { a: { ...record, attributes: [], extra: { deep } } };
    await expect(
      connect().call('journal.apply', {
        label: 'x',
        diff: { added, updated: {}, removed: {} },
      } as never),
    ).rejects.toMatchObject({ code: 'invalid-input', message: expect.stringContaining('nested') });
  });

  test('an input that breaks the contract never reaches the handler', async () => {
    await expect(
      connect().call('images.importFolder', { folder: 3 } as never),
    ).rejects.toMatchObject({ code: 'invalid-input', message: expect.stringContaining('folder') });
  });

  test('unknown names and inherited ones are refused', async () => {
    for (const name of ['project.explode', 'toString', '__proto__', 'constructor']) {
      await expect(connect().request(name, null)).rejects.toMatchObject({ code: 'not-found' });
    }
  });

  test('waiting calls fail when the connection is lost', async () => {
    const client = new Client({ send: () => undefined });
    const call = client.call('project.current', null);
    client.lose('gone');
    await expect(call).rejects.toMatchObject({ code: 'backend-lost' });
  });

  test('a transport that throws fails the call', async () => {
    const client = new Client({
      send: () => {
        throw new Error('closed');
      },
    });
    await expect(client.call('project.current', null)).rejects.toMatchObject({
      code: 'backend-lost',
    });
    expect(client.pending).toBe(0);
  });

  test('events reach their listeners until they stop listening', () => {
    const client = connect();
    const listener = vi.fn();
    const stop = client.on('engine:status', listener);
    client.receive({ event: 'engine:status', payload: { state: 'stopped' } });
    stop();
    client.receive({ event: 'engine:status', payload: { state: 'stopped' } });
    expect(listener.mock.calls).toEqual([[{ state: 'stopped' }]]);
  });
});

describe('messages from outside', () => {
  test.each([
    null,
    'text',
    3,
    [],
    {},
    { id: '1', method: 'm' },
    { id: 1.5, method: 'm' },
    { id: 1 },
  ])('%j is refused', (value) => {
    expect(() => parseClientMessage(value)).toThrow(/must be \{id/);
  });
});
