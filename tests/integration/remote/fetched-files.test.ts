import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FetchedFiles } from '../../../app/remote/fetched-files.ts';
import { packageHash } from '../../../models/package/package.ts';
import { chatManifestSchema } from '../../../models/families/chat/manifest.ts';

test('a model that a server runs is not taken from the machine that asks', async () => {
  const manifest = chatManifestSchema.parse({
    ...{ formatVersion: 1, family: 'chat', id: 'talker', version: '1.0.0', title: 'Talker' },
    ...{ description: '', license: 'none', source: { url: '', revision: '' } },
    ...{ precision: 'server', tasks: ['ask'], prompts: [], graphs: {}, files: [] },
    config: { url: 'http://127.0.0.1:1/v1', model: 'talker' },
    memory: { weightsBytes: 0, workingBytes: 0 },
  });
  const server = createServer((_, response) => response.end(JSON.stringify(manifest)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cache = await mkdtemp(join(tmpdir(), 'pixel-sail-fetched-'));
  const files = new FetchedFiles({
    ...{ cache, limitBytes: 1e9, sharedFolders: [], modelFolders: [] },
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const model = { id: 'talker', hash: packageHash(manifest) };
  const work = {
    version: 1,
    model,
    image: null,
    requests: [],
    source: { url, token: 'x' },
  } as const;
  const attempt = files.model({ ...work, requests: [] }, new AbortController().signal);
  await expect(attempt).rejects.toMatchObject({
    ...{ code: 'unsupported', sentence: 'remoteModelServed' },
  });
  expect(await readdir(join(cache, 'models'))).toEqual([]);
  server.close();
  await rm(cache, { recursive: true });
});
