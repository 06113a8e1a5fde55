import { AppError, requestCancelled, toErrorEnvelope } from '../../core/errors.ts';
import { maskOfCrop, requestInCrop, resultOfCrop } from '../../core/prompt-crop.ts';
import type { DeviceKind, MaskCandidate, ModelResult } from '../../core/prompt.ts';
import { unlessCancelled } from '../../models/cancellation.ts';
import type { PackOptions } from '../../models/pack-graphs.ts';
import { requireTask, type LoadOptions, type Model } from '../../models/model.ts';
import { sourceVersion, type ImageSource } from '../../models/image/image-source.ts';
import type { RgbImage } from '../../models/image/rgb-image.ts';
import { parentPort } from '../parent-port.ts';
import { endWithParent } from '../parent-watch.ts';
import { cropImage } from './crop-image.ts';
import type { EngineMessage, EngineRequest, EngineResults, EngineTask } from './protocol.ts';
import { engineFailure } from './sentences.ts';

/** The parts of the engine; tests replace the model. */
export interface EngineParts {
  /** @param onMeasuring called before the processor is measured, which takes seconds, once */
  loadModel(directory: string, options: LoadOptions, onMeasuring?: () => void): Promise<Model>;
  openPixels(image: ImageSource): Promise<RgbImage>;
  packGraphs(files: readonly string[], target: string, options: PackOptions): Promise<unknown>;
}

type Report = (message: EngineMessage) => void;
type AskTask = Extract<EngineTask, { kind: 'ask' }>;

/**
 * Decoded images that stay in memory: the one being worked on, and the one before or the one that
 * comes next.
 */
const keptImages = 2;

/** Bytes of an image that no other one is kept beside. */
const largeBytes = 0.3e9;

/** Does the tasks of one engine process, one after another in the order they arrive. */
export class Engine {
  readonly #parts: EngineParts;
  readonly #report: Report;
  readonly #running = new Map<number, AbortController>();
  readonly #images = new Map<string, Promise<RgbImage>>();
  readonly #largeImages = new Set<string>();
  #model: Model | null = null;
  #last: Promise<void> = Promise.resolve();

  constructor(parts: EngineParts, report: Report) {
    this.#parts = parts;
    this.#report = report;
  }

  /** Takes one message of the parent process. */
  receive(message: EngineRequest): void {
    if ('upcomingImage' in message) {
      // Later requests get the error.
      void this.#decoded(message.upcomingImage).catch(() => undefined);
      return;
    }
    if ('cancel' in message) {
      this.#running.get(message.id)?.abort();
      return;
    }
    const controller = new AbortController();
    this.#running.set(message.id, controller);
    this.#last = this.#last.then(() => this.#perform(message.id, message.task, controller.signal));
  }

  async #perform(id: number, task: EngineTask, signal: AbortSignal): Promise<void> {
    try {
      if (signal.aborted) throw cancelled();
      this.#report({ id, ok: true, value: await this.#run(id, task, signal) });
    } catch (thrown) {
      this.#report({
        id,
        ok: false,
        error: toErrorEnvelope(signal.aborted ? cancelled() : thrown),
      });
    } finally {
      this.#running.delete(id);
    }
  }

  async #run(
    id: number,
    task: EngineTask,
    signal: AbortSignal,
  ): Promise<EngineResults[EngineTask['kind']]> {
    switch (task.kind) {
      case 'load':
        return this.#load(task.directory, task.options, () =>
          this.#report({ id, progress: { kind: 'measuring' } }),
        );
      case 'test':
        return this.#test(task.directory, task.device);
      case 'check':
        this.#requireModel().requireReadable(task.request);
        return null;
      case 'pack':
        await this.#parts.packGraphs(task.files, task.target, { ...task.options, signal });
        return null;
      case 'prepare':
        await this.#requireModel().prepare(await this.#image(task.image, signal), signal);
        return null;
      case 'ask':
        return this.#ask(id, task, signal);
    }
  }

  async #load(
    directory: string,
    options: LoadOptions,
    onMeasuring: () => void,
  ): Promise<EngineResults['load']> {
    const previous = this.#model;
    this.#model = null;
    await previous?.dispose();
    const model = await this.#parts.loadModel(directory, options, onMeasuring);
    this.#model = model;
    const { id, tasks, prompts, classes, minimumScore } = model.manifest;
    const { hash, device } = model;
    return { id, hash, tasks, prompts, classes, minimumScore, device };
  }

  async #test(directory: string, device: DeviceKind): Promise<EngineResults['test']> {
    const model = await this.#parts.loadModel(directory, { device });
    await model.dispose();
    return model.device;
  }

  async #ask(id: number, task: AskTask, signal: AbortSignal): Promise<ModelResult> {
    const model = this.#requireModel();
    requireTask(model, task.request);
    const startedAtMs = performance.now();
    const whole = await this.#image(task.image, signal);
    const decodeMs = performance.now() - startedAtMs;
    const { request, threshold, generation } = task;
    const { crop } = request;
    const options = {
      signal,
      onDraft: (draft: MaskCandidate) => {
        if (signal.aborted) return;
        const mask = crop ? maskOfCrop(draft, crop, whole.width, whole.height) : draft;
        this.#report({ id, progress: { kind: 'draft', mask } });
      },
      ...(threshold !== undefined && { threshold }),
      ...(generation !== undefined && { generation }),
    };
    const image = crop ? cropImage(whole, crop) : whole;
    const asked = crop ? requestInCrop(request, crop) : request;
    for await (const event of model.answer(image, asked, options)) {
      if (event.kind === 'result') {
        const { result } = event;
        const inImage = crop ? resultOfCrop(result, crop, whole.width, whole.height) : result;
        return { ...inImage, timings: { decode: decodeMs, ...result.timings } };
      }
      this.#report({ id, progress: event });
    }
    throw signal.aborted
      ? cancelled()
      : new AppError('internal', `The model ended its answer to ${request.task} without a result.`);
  }

  #requireModel(): Model {
    if (this.#model) return this.#model;
    throw engineFailure('model-not-loaded', 'modelNotLoaded', {});
  }

  #image(source: ImageSource, signal: AbortSignal): Promise<RgbImage> {
    return unlessCancelled(this.#decoded(source), signal);
  }

  /** The decoded image; decoded anew when it has changed since. */
  async #decoded(source: ImageSource): Promise<RgbImage> {
    const key = await sourceVersion(source);
    const known = this.#images.get(key);
    if (!known) this.#dropLarge();
    const image = known ?? this.#parts.openPixels(source);
    this.#images.delete(key);
    this.#images.set(key, image);
    if (!known) {
      image.then(
        ({ pixels }) => pixels.length > largeBytes && this.#largeImages.add(key),
        () => this.#images.delete(key),
      );
    }
    for (const oldest of this.#images.keys()) {
      if (this.#images.size <= keptImages) break;
      this.#images.delete(oldest);
    }
    return image;
  }

  #dropLarge(): void {
    for (const key of this.#largeImages) this.#images.delete(key);
    this.#largeImages.clear();
  }
}

function cancelled(): AppError {
  return requestCancelled();
}

/** Serves the engine over this process's own message channel; ends with the parent. */
export function serveEngineProcess(parts: EngineParts): void {
  if (parentPort) {
    const port = parentPort;
    const engine = new Engine(parts, (message) => port.postMessage(message));
    port.on('message', ({ data }) => engine.receive(data as EngineRequest));
    return;
  }
  const engine = new Engine(
    parts,
    (message) => void process.send?.(message, undefined, undefined, () => undefined),
  );
  process.on('message', (message) => engine.receive(message as EngineRequest));
  // A signal to a terminal or a service also reaches the parent, which ends this process
  // afterwards.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => undefined);
  process.on('disconnect', () => process.exit());
  endWithParent(0);
}
