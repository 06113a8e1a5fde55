import { describe, expect, test } from 'vitest';
import { AppError } from '../../../core/errors.ts';
import type { ModelRequest, ModelResult } from '../../../core/prompt.ts';
import { fileSource, type ImageSource } from '../../../models/image/image-source.ts';
import { Prompts } from '../../../app/features/prompt/prompts.ts';

/** A busy machine may take its time; a wait ends as soon as its state is there. */
const patience = { timeout: 20_000 };

const request: ModelRequest = { task: 'describe', regions: [] };

/** An engine that answers when told to, and cancels when its signal says so. */
class HandEngine {
  readonly begun: string[] = [];
  readonly finish = new Map<string, (value: never) => void>();

  ask = ({ path }: ImageSource, _request: ModelRequest, options?: { signal?: AbortSignal }) =>
    this.#begin<ModelResult>(`ask ${path}`, options?.signal);
  prepare = ({ path }: ImageSource, signal?: AbortSignal) =>
    this.#begin<null>(`prepare ${path}`, signal);

  #begin<Result>(name: string, signal?: AbortSignal): Promise<Result> {
    this.begun.push(name);
    return new Promise<Result>((resolve, reject) => {
      this.finish.set(name, resolve);
      signal?.addEventListener('abort', () => reject(new AppError('cancelled', 'stopped')));
    });
  }
}

/** Where a photo is, as it is found at once. */
const at = (path: string) => () => Promise.resolve(fileSource(path));

function make() {
  const engine = new HandEngine();
  return { engine, prompts: new Prompts(engine, () => undefined) };
}

function begun(engine: HandEngine, ...names: string[]): Promise<void> {
  return expect.poll(() => engine.begun, patience).toEqual(names);
}

describe('the prompt queue', () => {
  test('one prompt is with the engine at a time, in the order they were asked', async () => {
    const { engine, prompts } = make();
    const first = prompts.ask('1', 'a', at('a.jpg'), request);
    void prompts.ask('2', 'b', at('b.jpg'), request);
    await begun(engine, 'ask a.jpg');
    engine.finish.get('ask a.jpg')!('answer' as never);
    expect(await first).toBe('answer');
    await expect.poll(() => engine.begun, patience).toEqual(['ask a.jpg', 'ask b.jpg']);
  });

  test('a prompt stops the preparation of another image and goes first', async () => {
    const { engine, prompts } = make();
    const preparing = prompts.prepare('a', at('a.jpg'));
    await begun(engine, 'prepare a.jpg');
    void prompts.ask('1', 'b', at('b.jpg'), request);
    expect(await preparing).toBeNull();
    await expect.poll(() => engine.begun, patience).toEqual(['prepare a.jpg', 'ask b.jpg']);
  });

  test('a prompt about the image being prepared lets that finish', async () => {
    const { engine, prompts } = make();
    void prompts.prepare('a', at('a.jpg'));
    void prompts.ask('1', 'a', at('a.jpg'), request);
    await begun(engine, 'prepare a.jpg');
    engine.finish.get('prepare a.jpg')!(null as never);
    await expect.poll(() => engine.begun, patience).toEqual(['prepare a.jpg', 'ask a.jpg']);
  });

  test('only the newest waiting preparation is kept', async () => {
    const { engine, prompts } = make();
    void prompts.ask('1', 'a', at('a.jpg'), request);
    const outdated = prompts.prepare('b', at('b.jpg'));
    void prompts.prepare('c', at('c.jpg'));
    expect(await outdated).toBeNull();
    await begun(engine, 'ask a.jpg');
    engine.finish.get('ask a.jpg')!({} as never);
    await expect.poll(() => engine.begun, patience).toEqual(['ask a.jpg', 'prepare c.jpg']);
  });

  test('a waiting prompt and a running one can be cancelled', async () => {
    const { engine, prompts } = make();
    const running = prompts.ask('1', 'a', at('a.jpg'), request);
    const waiting = prompts.ask('2', 'b', at('b.jpg'), request);
    await begun(engine, 'ask a.jpg');
    prompts.cancel('2');
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    prompts.cancel('1');
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(engine.begun).toEqual(['ask a.jpg']);
  });

  test('a prompt whose photo is still looked for can be cancelled, and the next one is asked', async () => {
    const { engine, prompts } = make();
    const never = new Promise<ImageSource>(() => undefined);
    const looking = prompts.ask('1', 'a', () => never, request);
    void prompts.ask('2', 'b', at('b.jpg'), request);
    prompts.cancel('1');
    await expect(looking).rejects.toMatchObject({ code: 'cancelled' });
    await begun(engine, 'ask b.jpg');
  });

  test('a photo that is not found fails its prompt only', async () => {
    const { engine, prompts } = make();
    const gone = () => Promise.reject(new AppError('not-found', 'gone'));
    const failed = prompts.ask('1', 'a', gone, request);
    void prompts.ask('2', 'b', at('b.jpg'), request);
    await expect(failed).rejects.toMatchObject({ code: 'not-found' });
    await begun(engine, 'ask b.jpg');
  });

  test('a request id that is in use is refused', () => {
    const { prompts } = make();
    void prompts.ask('1', 'a', at('a.jpg'), request);
    expect(() => prompts.ask('1', 'a', at('a.jpg'), request)).toThrow(/being answered already/);
  });

  test('cancelling what has ended is no error', () => {
    expect(make().prompts.cancel('gone')).toBeNull();
  });
});
