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

function make() {
  const engine = new HandEngine();
  return { engine, prompts: new Prompts(engine, () => undefined) };
}

describe('the prompt queue', () => {
  test('one prompt is with the engine at a time, in the order they were asked', async () => {
    const { engine, prompts } = make();
    const first = prompts.ask('1', 'a', fileSource('a.jpg'), request);
    void prompts.ask('2', 'b', fileSource('b.jpg'), request);
    expect(engine.begun).toEqual(['ask a.jpg']);
    engine.finish.get('ask a.jpg')!('answer' as never);
    expect(await first).toBe('answer');
    await expect.poll(() => engine.begun, patience).toEqual(['ask a.jpg', 'ask b.jpg']);
  });

  test('a prompt stops the preparation of another image and goes first', async () => {
    const { engine, prompts } = make();
    const preparing = prompts.prepare('a', fileSource('a.jpg'));
    void prompts.ask('1', 'b', fileSource('b.jpg'), request);
    expect(await preparing).toBeNull();
    await expect.poll(() => engine.begun, patience).toEqual(['prepare a.jpg', 'ask b.jpg']);
  });

  test('a prompt about the image being prepared lets that finish', async () => {
    const { engine, prompts } = make();
    void prompts.prepare('a', fileSource('a.jpg'));
    void prompts.ask('1', 'a', fileSource('a.jpg'), request);
    engine.finish.get('prepare a.jpg')!(null as never);
    await expect.poll(() => engine.begun, patience).toEqual(['prepare a.jpg', 'ask a.jpg']);
  });

  test('only the newest waiting preparation is kept', async () => {
    const { engine, prompts } = make();
    void prompts.ask('1', 'a', fileSource('a.jpg'), request);
    const outdated = prompts.prepare('b', fileSource('b.jpg'));
    void prompts.prepare('c', fileSource('c.jpg'));
    expect(await outdated).toBeNull();
    engine.finish.get('ask a.jpg')!({} as never);
    await expect.poll(() => engine.begun, patience).toEqual(['ask a.jpg', 'prepare c.jpg']);
  });

  test('a waiting prompt and a running one can be cancelled', async () => {
    const { engine, prompts } = make();
    const running = prompts.ask('1', 'a', fileSource('a.jpg'), request);
    const waiting = prompts.ask('2', 'b', fileSource('b.jpg'), request);
    prompts.cancel('2');
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    prompts.cancel('1');
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(engine.begun).toEqual(['ask a.jpg']);
  });

  test('a request id that is in use is refused', () => {
    const { prompts } = make();
    void prompts.ask('1', 'a', fileSource('a.jpg'), request);
    expect(() => prompts.ask('1', 'a', fileSource('a.jpg'), request)).toThrow(
      /being answered already/,
    );
  });

  test('cancelling what has ended is no error', () => {
    expect(make().prompts.cancel('gone')).toBeNull();
  });
});
