import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine } from '../../../app/engine/serve-engine.ts';
import type { Box } from '../../../core/geometry/shapes.ts';
import type { EngineMessage, EngineTask } from '../../../app/engine/protocol.ts';
import { fileSource } from '../../../models/image/image-source.ts';
import { loadFakeModel, writeFakeCatalog } from '../../support/fake-model.ts';

/** A busy machine may take its time; a wait ends as soon as its state is there. */
const patience = { timeout: 20_000 };

let folder: string;
let imageFile: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pixel-sail-engine-'));
  await writeFakeCatalog(folder);
  imageFile = join(folder, 'image');
  await writeFile(imageFile, 'pixels');
});
afterAll(() => rm(folder, { recursive: true }));

/** An engine in this process, with a decoder that counts. */
function makeEngine() {
  const messages: EngineMessage[] = [];
  const decoded: string[] = [];
  const engine = new Engine(
    {
      loadModel: loadFakeModel,
      packGraphs: () => Promise.resolve(),
      openPixels: ({ path }) => {
        decoded.push(path);
        return Promise.resolve({ key: path, width: 8, height: 8, pixels: new Uint8Array(192) });
      },
    },
    (message) => messages.push(message),
  );
  let lastId = 0;
  const run = async (task: EngineTask) => {
    const id = ++lastId;
    engine.receive({ id, task });
    const isEnd = (message: EngineMessage) => message.id === id && 'ok' in message;
    await expect.poll(() => messages.some(isEnd), patience).toBe(true);
    return messages.find(isEnd);
  };
  return { engine, messages, decoded, run };
}

const load = (): EngineTask => ({ kind: 'load', directory: join(folder, 'fake'), options: {} });
const describeImage = (file: string): EngineTask => ({
  kind: 'ask',
  image: fileSource(file),
  request: { task: 'describe', regions: [] },
});

test('an image is decoded once for many prompts, and again when its file has changed', async () => {
  const { run, decoded } = makeEngine();
  await run(load());
  await run(describeImage(imageFile));
  await run({ kind: 'prepare', image: fileSource(imageFile) });
  await run(describeImage(imageFile));
  expect(decoded).toHaveLength(1);
  await utimes(imageFile, new Date(), new Date(Date.now() + 5000));
  await run(describeImage(imageFile));
  expect(decoded).toHaveLength(2);
});

test('a task that is cancelled while its image is decoded ends, and the next one is done', async () => {
  const messages: EngineMessage[] = [];
  const decoding = Promise.withResolvers<null>();
  const engine = new Engine(
    {
      loadModel: loadFakeModel,
      packGraphs: () => Promise.resolve(),
      openPixels: ({ path: file }) => {
        decoding.resolve(null);
        if (file === imageFile) return new Promise(() => undefined);
        return Promise.resolve({ key: file, width: 8, height: 8, pixels: new Uint8Array(192) });
      },
    },
    (message) => messages.push(message),
  );
  engine.receive({ id: 1, task: load() });
  engine.receive({ id: 2, task: describeImage(imageFile) });
  engine.receive({ id: 3, task: describeImage(join(folder, 'another')) });
  await decoding.promise;
  engine.receive({ id: 2, cancel: true });
  await expect.poll(() => messages.some(({ id }) => id === 3), patience).toBe(true);
  expect(messages.find(({ id }) => id === 2)).toMatchObject({
    ok: false,
    error: { code: 'cancelled' },
  });
});

test('tasks are done in their order, and one cancelled while waiting is never begun', async () => {
  const { engine, messages } = makeEngine();
  engine.receive({ id: 1, task: load() });
  engine.receive({ id: 2, task: describeImage(imageFile) });
  engine.receive({ id: 3, task: describeImage(imageFile) });
  engine.receive({ id: 2, cancel: true });
  await expect
    .poll(() => messages.filter((message) => 'ok' in message), patience)
    .toMatchObject([
      { id: 1, ok: true },
      { id: 2, ok: false, error: { code: 'cancelled' } },
      { id: 3, ok: true },
    ]);
  expect(messages.filter(({ id }) => id === 2)).toHaveLength(1);
});

test('a failed load leaves no model behind', async () => {
  const { run } = makeEngine();
  await run(load());
  expect(await run({ kind: 'load', directory: folder, options: {} })).toMatchObject({ ok: false });
  expect(await run(describeImage(imageFile))).toMatchObject({
    ok: false,
    error: { code: 'model-not-loaded' },
  });
});

test('a crop is all that the model sees, and its masks come back in the frame of the image', async () => {
  const { run, messages } = makeEngine();
  await run(load());
  const ask = (crop: Box): EngineTask => ({
    kind: 'ask',
    image: fileSource(imageFile),
    request: {
      task: 'segment',
      text: null,
      regions: [{ marks: [{ kind: 'box', box: [3, 3, 9, 2] }] }],
      crop,
    },
  });
  expect(await run(ask([2, 1, 4, 6]))).toMatchObject({
    ok: true,
    value: {
      answers: [{ masks: [{ bbox: [3, 3, 3, 2], area: 6, rle: { size: [8, 8] } }] }],
    },
  });
  expect(
    messages.flatMap((message) => ('progress' in message ? [message.progress] : [])),
  ).toContainEqual(
    expect.objectContaining({
      kind: 'draft',
      mask: expect.objectContaining({ bbox: [3, 3, 3, 2] }),
    }),
  );
  expect(await run(ask([2, 1, 40, 6]))).toMatchObject({
    ok: false,
    error: { code: 'invalid-input' },
  });
});
