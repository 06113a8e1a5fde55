import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { InstalledModel } from '../../../app/api/contract/models.ts';
import type { ModelResult } from '../../../core/prompt.ts';
import { questionParts, TestChatServer } from '../../support/chat-server.ts';
import { commandTimeoutMs, Workplace } from './workplace.ts';

vi.setConfig({ testTimeout: commandTimeoutMs });

const workplace = new Workplace();
let server: TestChatServer;
beforeAll(async () => {
  server = await TestChatServer.start();
  await workplace.drawPhotos('photo.jpg');
});
afterAll(async () => {
  await server.stop();
  workplace.remove();
});

interface Failure {
  readonly error: { readonly code: string; readonly message: string };
}

describe('a chat server on the command line', () => {
  test('on this computer is added without a question and answers in words', async () => {
    const added = await workplace.json<InstalledModel>(
      ...['models', 'add', '--chat', server.origin, '--model', 'good', '--id', 'talker'],
    );
    expect(added.value).toMatchObject({ id: 'talker', server: server.url });
    const described = await workplace.json<ModelResult>(
      ...['describe', 'photo.jpg', '--model', 'talker', '--box', '5,5,20,20'],
    );
    expect([described.code, described.value.answers[0]!.text]).toEqual([
      0,
      'A brown bear in the grass.',
    ]);
    const asked = await workplace.json<ModelResult>(
      ...['ask', 'photo.jpg', '--model', 'talker', '--text', 'Which?', '--choices', 'a,b'],
    );
    expect(asked.value.answers[0]!.choice).toBe(1);
    expect(questionParts((await server.heard()).at(-1)!).at(-1)!.text).toContain('B) b');
  });

  test('is refused a request for masks with a sentence', async () => {
    const { code, value } = await workplace.json<Failure>(
      ...['segment', 'photo.jpg', '--model', 'talker', '--box', '5,5,20,20'],
    );
    expect([code, value.error.code]).toEqual([3, 'invalid-input']);
    expect(value.error.message).toContain('cannot segment regions');
  });

  test('on another computer is not even contacted before the person confirms', async () => {
    const { code, value } = await workplace.json<Failure>(
      ...['models', 'add', '--chat', 'http://192.0.2.1:8000', '--model', 'good', '--id', 'far'],
    );
    expect([code, value.error.code]).toEqual([6, 'permission-denied']);
    expect(value.error.message).toContain(
      'Photos and questions would leave this computer for http://192.0.2.1:8000, unencrypted.',
    );
    expect(value.error.message).toContain('--confirm');
  });

  test('keeps its key out of everything that is written', async () => {
    vi.stubEnv('PIXELSAIL_CHAT_KEY', 'sk-only-in-the-environment');
    await workplace.run(
      ...['models', 'add', '--chat', server.url, '--model', 'good', '--id', 'with-key'],
    );
    const { code } = await workplace.run('describe', 'photo.jpg', '--model', 'with-key');
    vi.unstubAllEnvs();
    expect(code).toBe(0);
    const { authorization } = (await server.heard()).at(-1)!;
    expect(authorization).toBe('Bearer sk-only-in-the-environment');
    const home = workplace.path('home');
    const entries = await readdir(home, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    expect(files.map(({ name }) => name)).toContain('manifest.json');
    for (const { parentPath, name } of files) {
      expect(await readFile(join(parentPath, name), 'latin1')).not.toContain('sk-only');
    }
  });

  test.each([
    ['a password in its address', 'http://me:secret@127.0.0.1/v1'],
    ['a key in its address', 'http://127.0.0.1/v1?key=secret'],
  ])('is refused with %s, which is not repeated', async (_, address) => {
    const { code, stdout, stderr } = await workplace.run(
      ...['models', 'add', '--chat', address, '--model', 'good', '--id', 'odd'],
    );
    expect(code).toBe(3);
    expect(stdout + stderr).not.toContain('secret');
  });

  test('needs the name of the model, and takes no files', async () => {
    const nameless = await workplace.run('models', 'add', '--chat', server.url, '--id', 'odd');
    expect([nameless.code, nameless.stderr]).toEqual([2, expect.stringContaining('--model')]);
    const files = await workplace.run(
      ...['models', 'add', 'a.onnx', '--chat', server.url, '--model', 'good', '--id', 'odd'],
    );
    expect([files.code, files.stderr]).toEqual([2, expect.stringContaining('takes no files')]);
  });
});
