import { AppError, requestCancelled } from '../../../core/errors.ts';
import type { ModelRequest, ModelResult } from '../../../core/prompt.ts';
import type { RecordId } from '../../../core/records.ts';
import type { ImageSource } from '../../../models/image/image-source.ts';
import { unlessCancelled } from '../../../models/cancellation.ts';
import type { EngineProgress } from '../../engine/protocol.ts';
import type { EngineClient } from '../../engine/engine-client.ts';
import type { Emit } from '../../jobs/local-queue.ts';

interface Task {
  /** Null for a preparation. */
  readonly requestId: string | null;
  readonly imageId: RecordId;
  readonly controller: AbortController;
  readonly run: (signal: AbortSignal) => Promise<unknown>;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Prompts wait in a queue: one is with the engine at a time. Preparing an image yields to prompts,
 * and only the newest preparation matters, for a person has moved on from the others.
 */
export class Prompts {
  readonly #engine: Pick<EngineClient, 'ask' | 'prepare'>;
  readonly #emit: Emit;
  #queue: Task[] = [];
  #current: Task | null = null;

  constructor(engine: Pick<EngineClient, 'ask' | 'prepare'>, emit: Emit) {
    this.#engine = engine;
    this.#emit = emit;
  }

  /** Whether the engine is asked something, or images are prepared for it. */
  get isBusy(): boolean {
    return this.#current !== null;
  }

  /**
   * @param locate finds the image when its turn comes, which a slow disk may take long to do
   * @throws AppError `cancelled`, `model-not-loaded`, `engine-lost` or what the model or `locate`
   *   throws.
   */
  ask(
    requestId: string,
    imageId: RecordId,
    locate: () => Promise<ImageSource>,
    request: ModelRequest,
  ): Promise<ModelResult> {
    if (this.#find(requestId)) {
      throw new AppError('already-exists', `A request ${requestId} is being answered already.`);
    }
    return this.#enqueue(requestId, imageId, async (signal) =>
      this.#engine.ask(await unlessCancelled(locate(), signal), request, {
        signal,
        onProgress: (progress) =>
          this.#emit('prompt:progress', { requestId, imageId, ...heard(progress) }),
      }),
    );
  }

  /**
   * Encodes an image ahead of its first prompt. Resolves also when something more urgent took its
   * place.
   */
  async prepare(imageId: RecordId, locate: () => Promise<ImageSource>): Promise<null> {
    const outdated = this.#queue.filter(({ requestId }) => requestId === null);
    for (const task of outdated) this.#drop(task);
    await this.#enqueue<null>(null, imageId, async (signal) =>
      this.#engine.prepare(await unlessCancelled(locate(), signal), signal),
    ).catch((thrown: unknown) => {
      if (!(thrown instanceof AppError) || thrown.code !== 'cancelled') throw thrown;
    });
    return null;
  }

  /**
   * Stops a request, waiting or running; it then fails with `cancelled`. Unknown ids are ignored:
   * it has ended.
   */
  cancel(requestId: string): null {
    const task = this.#find(requestId);
    if (task) this.#drop(task);
    return null;
  }

  /** Stops everything, for instance because the project is being closed. */
  cancelAll(): void {
    for (const task of [...this.#queue, this.#current]) if (task) this.#drop(task);
  }

  #find(requestId: string): Task | undefined {
    return (
      [this.#current, ...this.#queue].find((task) => task?.requestId === requestId) ?? undefined
    );
  }

  #enqueue<Result>(
    requestId: string | null,
    imageId: RecordId,
    run: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const controller = new AbortController();
    this.#queue.push({ requestId, imageId, run, controller, resolve, reject });
    const isPreparingAnother =
      this.#current?.requestId === null && this.#current.imageId !== imageId;
    if (requestId !== null && isPreparingAnother) this.#current!.controller.abort();
    this.#next();
    return promise;
  }

  #next(): void {
    if (this.#current) return;
    const prompt = this.#queue.findIndex(({ requestId }) => requestId !== null);
    const [task] = this.#queue.splice(Math.max(prompt, 0), 1);
    if (!task) return;
    this.#current = task;
    void task
      .run(task.controller.signal)
      .then(task.resolve as (value: unknown) => void, task.reject)
      .finally(() => {
        this.#current = null;
        this.#next();
      });
  }

  #drop(task: Task): void {
    task.controller.abort();
    if (task === this.#current) return;
    this.#queue = this.#queue.filter((waiting) => waiting !== task);
    task.reject(requestCancelled());
  }
}

/** Events of a running answer for a window. */
function heard(progress: EngineProgress) {
  switch (progress.kind) {
    case 'stage':
      return { stage: progress.stage };
    case 'token':
      return { stage: 'generate', token: progress.text };
    case 'draft':
      return { stage: 'mask', draft: progress.mask };
  }
}
