import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { toErrorEnvelope } from '../../../../../core/errors.ts';
import type { ModelRequest, RegionPrompt } from '../../../../../core/prompt.ts';
import { askModel } from '../../../../../models/ask-model.ts';
import type { RgbImage } from '../../../../../models/image/rgb-image.ts';
import { loadModel } from '../../../../../models/load-model.ts';
import type { AnswerEvent, LoadOptions, Model } from '../../../../../models/model.ts';
import { questionParts, TestChatServer } from '../../../../support/chat-server.ts';

const grey: RgbImage = {
  key: 'grey',
  width: 200,
  height: 100,
  pixels: new Uint8Array(200 * 100 * 3).fill(128),
};
const box: RegionPrompt = { marks: [{ kind: 'box', box: [40, 20, 60, 50] }] };
const description: ModelRequest = { task: 'describe', regions: [] };

describe('a model behind a chat server', () => {
  let server: TestChatServer;
  let folder: string;
  const opened: Model[] = [];

  beforeAll(async () => {
    server = await TestChatServer.start();
    folder = await mkdtemp(join(tmpdir(), 'chat-'));
  });
  afterAll(async () => {
    for (const model of opened) await model.dispose();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(
    model: string,
    config: Record<string, unknown> = {},
    options: LoadOptions = {},
  ): Promise<Model> {
    const whole = { url: server.url, model, timeoutSeconds: 20, ...config };
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifestOf(model, whole)));
    const loaded = await loadModel(folder, options);
    opened.push(loaded);
    return loaded;
  }

  async function failure(model: string, config: Record<string, unknown> = {}) {
    const loaded = await open(model, config);
    return askModel(loaded, grey, description).then(
      () => expect.unreachable('it answered'),
      toErrorEnvelope,
    );
  }

  it('describes the photo, in pieces as they come', async () => {
    const model = await open('good');
    const events: AnswerEvent[] = [];
    for await (const event of model.answer(grey, description)) events.push(event);
    const pieces = events.flatMap((event) => (event.kind === 'token' ? [event.text] : []));
    expect(pieces).toEqual(['A brown', ' bear', ' in the grass.']);
    const last = events.at(-1);
    expect(last).toMatchObject({ kind: 'result' });
    if (last?.kind !== 'result') return;
    const { answers, device, model: identity } = last.result;
    expect(answers).toEqual([{ text: 'A brown bear in the grass.', masks: [], choice: null }]);
    expect(device).toMatchObject({ used: 'server', name: server.origin });
    expect(identity).toEqual({ id: 'good', hash: model.hash });
  });

  it('reads an answer that comes at once from a server that does not stream', async () => {
    const { answers } = await askModel(await open('whole'), grey, description);
    expect(answers[0]!.text).toBe('A brown bear in the grass.');
  });

  it('sends the photo with the region outlined and the region cut out', async () => {
    await askModel(await open('good'), grey, { task: 'describe', regions: [box] });
    const parts = questionParts((await server.heard()).at(-1)!);
    const pictures = parts.flatMap(({ image_url }) => (image_url ? [image_url.url] : []));
    expect(parts.map(({ type }) => type)).toEqual([
      ...['text', 'image_url', 'text', 'image_url', 'text'],
    ]);
    const [photo, crop] = await Promise.all(pictures.map(pixelsOf));
    expect(photo).toMatchObject({ width: 200, height: 100 });
    expect(photo!.at(40, 40)).toSatisfy(isRed);
    expect(photo!.at(70, 45)).not.toSatisfy(isRed);
    expect(photo!.at(10, 10)).not.toSatisfy(isRed);
    // 10 % of the longer side around the box, enlarged.
    expect(crop!.width).toBe(224);
    expect(crop!.width / crop!.height).toBeCloseTo(73 / 63, 1);
  });

  it('outlines every region in a colour of its own and names them so in the question', async () => {
    const other: RegionPrompt = { marks: [{ kind: 'point', at: [150, 50], positive: true }] };
    const question = 'Is <Prompt0> left of <Prompt1>?';
    const request = { task: 'ask', question, choices: [], regions: [box, other] } as const;
    await askModel(await open('good'), grey, { ...request, choices: [], regions: [box, other] });
    const parts = questionParts((await server.heard()).at(-1)!);
    expect(parts.at(-1)!.text).toBe('Is region 1 (red) left of region 2 (green)?');
    expect(parts.filter(({ type }) => type === 'image_url')).toHaveLength(3);
  });

  it('makes a photo smaller before it is sent', async () => {
    const model = await open('good', { longestSide: 64 });
    await askModel(model, grey, description);
    const parts = questionParts((await server.heard()).at(-1)!);
    const photo = await pixelsOf(parts.find(({ image_url }) => image_url)!.image_url!.url);
    expect(photo).toMatchObject({ width: 64, height: 32 });
  });

  it('chooses by letter or by words, and says so when the answer is none of the choices', async () => {
    const request: ModelRequest = {
      ...{ task: 'ask', question: 'Which?', choices: ['first', 'second'], regions: [box] },
    };
    const byWords = await askModel(await open('good'), grey, request);
    expect(byWords.answers[0]).toMatchObject({ choice: 1 });
    const byLetter = await askModel(await open('letter'), grey, request);
    expect(byLetter.answers[0]).toMatchObject({ choice: 1, text: 'B' });
    const none = await askModel(await open('no-choice'), grey, request);
    expect(none.answers[0]).toMatchObject({ choice: null, text: 'I cannot tell.' });
  });

  it('is asked nothing and sent nothing before there is a question', async () => {
    const model = await open('good');
    const before = (await server.heard()).length;
    await model.prepare(grey);
    expect(await server.heard()).toHaveLength(before);
  });

  it('is refused a request for masks', async () => {
    const model = await open('good');
    await expect(
      askModel(model, grey, { task: 'segment', text: null, regions: [box] }),
    ).rejects.toThrow('cannot segment regions');
  });

  it('gets the key of the host, which no error repeats', async () => {
    const model = await open('401', {}, { serverKey: 'sk-secret-of-mine' });
    const error = await askModel(model, grey, description).catch(toErrorEnvelope);
    const { authorization } = (await server.heard()).at(-1)!;
    expect(authorization).toBe('Bearer sk-secret-of-mine');
    expect(error).toMatchObject({ code: 'permission-denied', sentence: 'chatKeyRefused' });
    expect(JSON.stringify(error)).toContain('PIXELSAIL_CHAT_KEY_401');
    expect(JSON.stringify(error)).not.toContain('sk-secret');
  });

  it('takes the key of its own variable before that of all servers', async () => {
    vi.stubEnv('PIXELSAIL_CHAT_KEY', 'of-all');
    await askModel(await open('good'), grey, description);
    vi.stubEnv('PIXELSAIL_CHAT_KEY_GOOD', 'of-good');
    await askModel(await open('good'), grey, description);
    vi.unstubAllEnvs();
    const keys = (await server.heard()).slice(-2).map(({ authorization }) => authorization);
    expect(keys).toEqual(['Bearer of-all', 'Bearer of-good']);
  });

  it.each([
    ['404', 'not-found', 'chatNotFound', 'model not found'],
    ['429', 'conflict', 'chatBusy', 'Ask again in 7 seconds'],
    ['500', 'server-failed', 'chatServerFailed', 'out of memory'],
    ['400', 'invalid-input', 'chatRequestRefused', 'this model takes no images'],
    ['refusal', 'unsupported', 'chatRefused', 'I will not describe people.'],
    ['filtered', 'unsupported', 'chatRefused', 'refused to answer'],
    ['malformed', 'invalid-input', 'chatMalformed', 'is no answer of the chat API'],
    ['page', 'invalid-input', 'chatMalformed', 'It works!'],
    ['cut', 'server-failed', 'chatCut', 'in the middle of its answer'],
    ['cut-politely', 'server-failed', 'chatCut', 'in the middle of its answer'],
    ['failing', 'server-failed', 'chatServerFailed', 'the GPU is gone'],
    ['endless', 'invalid-input', 'chatTooLong', '40000 characters'],
    ['huge-line', 'invalid-input', 'chatTooLong', '40000 characters'],
    ['length', 'invalid-input', 'chatUnfinished', '1024 tokens'],
    ['empty', 'invalid-input', 'chatEmpty', 'answered with nothing'],
    ['redirect', 'unsupported', 'chatRedirected', 'another address'],
  ])(
    'says what went wrong with the server that answers %s',
    async (model, code, sentence, part) => {
      const error = await failure(model);
      expect(error).toMatchObject({ code, sentence });
      expect(error.message).toContain(part);
      expect(error.message).toContain(server.origin);
      expect(error.chinese).toContain(server.origin);
    },
  );

  it.each(['silent', 'stalled'])('gives up a %s server after its time limit', async (model) => {
    const error = await failure(model, { timeoutSeconds: 0.2 });
    expect(error).toMatchObject({ code: 'server-failed', sentence: 'chatTimeout' });
  });

  it.each(['silent', 'stalled', 'endless'])(
    'ends the request to a %s server when the answer is not wanted any more',
    async (name) => {
      const model = await open(name);
      const controller = new AbortController();
      const before = (await server.heard()).length;
      const asked = askModel(model, grey, description, { signal: controller.signal });
      asked.catch(() => undefined);
      await vi.waitFor(async () => expect((await server.heard()).length).toBe(before + 1));
      controller.abort();
      const error = await asked.catch(toErrorEnvelope);
      if (name !== 'endless') expect(error).toMatchObject({ code: 'cancelled' });
      await vi.waitFor(async () =>
        expect((await server.heard()).at(-1)).toMatchObject({ wasAborted: true }),
      );
    },
  );

  it('says at once that a server is not there, lacks the model or refuses the key', async () => {
    const gone = await TestChatServer.start();
    const { url } = gone;
    await gone.stop();
    await expect(open('good', { url })).rejects.toMatchObject({ sentence: 'chatUnreachable' });
    await expect(open('other')).rejects.toMatchObject({ sentence: 'chatModelUnknown' });
    await expect(open('good', {}, { serverKey: 'wrong' })).rejects.toMatchObject({
      sentence: 'chatKeyRefused',
    });
  });

  it('lists the models of a server in a few short words, without the key', async () => {
    const attempt = open('good', {}, { serverKey: 'chatty' });
    const { sentence, message, detail } = await attempt.then(
      () => expect.unreachable('it has another model'),
      toErrorEnvelope,
    );
    expect(sentence).toBe('chatModelUnknown');
    expect(message.length).toBeLessThan(10_000);
    expect(JSON.stringify({ message, detail })).not.toContain('chatty');
  });

  it.each([{}, { no_proxy: 'example.org' }, { NO_PROXY: '*' }])(
    'on this computer is asked past a proxy of the environment, with %j',
    async (environment) => {
      const asked: string[] = [];
      const proxy = createServer((_, response) => response.end());
      proxy.on('request', ({ url }) => asked.push(url ?? ''));
      proxy.on('connect', ({ url }, socket) => {
        asked.push(url ?? '');
        socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      });
      await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
      const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      const whole = { url: server.url, model: 'good' };
      await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifestOf('good', whole)));
      const entry = fileURLToPath(
        new URL('../../../../support/load-model-child.ts', import.meta.url),
      );
      const proxied = { NODE_USE_ENV_PROXY: '1', http_proxy: address, HTTP_PROXY: address };
      const child = fork(entry, [folder], {
        ...{ execArgv: [], env: { PATH: process.env.PATH, ...proxied, ...environment } },
      });
      const [loaded] = (await once(child, 'message')) as [unknown];
      proxy.close();
      expect([loaded, asked]).toEqual(['server', []]);
    },
  );

  it('on another computer is not asked unless the person allowed its address', async () => {
    const url = 'http://192.0.2.1/v1';
    await expect(open('good', { url })).rejects.toMatchObject({
      code: 'permission-denied',
      sentence: 'serverNotAllowed',
    });
  });
});

function manifestOf(id: string, config: Record<string, unknown>) {
  return {
    ...{ formatVersion: 1, family: 'chat', id, version: '1.0.0', title: id, description: '' },
    ...{ license: 'none', source: { url: '', revision: '' }, precision: 'server' },
    ...{ tasks: ['describe', 'ask'], prompts: [], config, graphs: {}, files: [] },
    memory: { weightsBytes: 0, workingBytes: 0 },
  };
}

async function pixelsOf(url: string) {
  const bytes = Buffer.from(url.replace(/^data:image\/jpeg;base64,/, ''), 'base64');
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const at = (x: number, y: number) => [...data.subarray(3 * (y * width + x)).subarray(0, 3)];
  return { width, height, at };
}

function isRed([red, green, blue]: readonly number[]): boolean {
  return red! > 150 && green! < 110 && blue! < 110;
}
