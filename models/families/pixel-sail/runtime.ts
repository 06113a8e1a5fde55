import { modelFailure } from '../../sentences.ts';
import { join } from 'node:path';
import { AppError, assertNever } from '../../../core/errors.ts';
import type { DeviceReport, ModelAnswer, ModelRequest } from '../../../core/prompt.ts';
import type { FamilyRuntime } from '../../family.ts';
import { deviceTest } from './network/device-test.ts';
import { Network } from './network/network.ts';
import type { PixelSailManifest } from './manifest.ts';
import { Tokenizer } from './processor/tokenizer.ts';
import { wholeView } from './processor/view.ts';
import type { OpenedDevice } from '../../onnx/device.ts';
import { segmentEverything } from './answer/everything.ts';
import { rest } from '../../cancellation.ts';
import { PassRunner, type AnswerContext } from './answer/passes.ts';
import type { AnswerEvent, AnswerOptions, Model } from '../../model.ts';
import type { RgbImage } from '../../image/rgb-image.ts';
import { segmentRegions, segmentText } from './answer/segment.ts';
import { Stopwatch } from '../../answer/stopwatch.ts';
import { requireReadable } from './answer/text-limit.ts';
import { answerQuestion, describe } from './answer/words.ts';

const defaultCacheBytes = 512 * 2 ** 20;

/** Runs Pixel-SAIL packages. */
export const pixelSailRuntime: FamilyRuntime<PixelSailManifest> = {
  selfTest: ({ config }) => deviceTest(config),
  async load({ directory, manifest, hash }, opened, options) {
    const tokenizer = await Tokenizer.read(join(directory, manifest.tokenizer));
    const network = new Network(manifest.config, opened.lease.sessions);
    const cacheBytes = options.cacheBytes ?? defaultCacheBytes;
    const runner = new PassRunner(network, tokenizer, cacheBytes);
    return new LoadedPixelSail(manifest, hash, opened, tokenizer, runner);
  },
};

class LoadedPixelSail implements Model {
  readonly manifest: PixelSailManifest;
  readonly device: DeviceReport;
  readonly hash: string;
  readonly #opened: OpenedDevice;
  readonly #tokenizer: Tokenizer;
  readonly #runner: PassRunner;
  #isDisposed = false;

  constructor(
    manifest: PixelSailManifest,
    hash: string,
    opened: OpenedDevice,
    tokenizer: Tokenizer,
    runner: PassRunner,
  ) {
    this.manifest = manifest;
    this.device = opened.report;
    this.hash = hash;
    this.#opened = opened;
    this.#tokenizer = tokenizer;
    this.#runner = runner;
  }

  requireReadable(request: ModelRequest): void {
    requireReadable(request, this.manifest.config, this.#tokenizer);
  }

  async prepare(image: RgbImage, signal?: AbortSignal): Promise<void> {
    this.#requireLoaded();
    await rest(signal);
    const options = signal ? { signal } : {};
    const context = { image, options, stopwatch: new Stopwatch() };
    await this.#runner.prepare(context, wholeView(image, this.manifest.config));
  }

  async *answer(
    image: RgbImage,
    request: ModelRequest,
    options: AnswerOptions = {},
  ): AsyncGenerator<AnswerEvent> {
    this.#requireLoaded();
    this.requireReadable(request);
    const stopwatch = new Stopwatch();
    const answers = yield* this.#answers({ image, options, stopwatch }, request);
    const { manifest, device, hash } = this;
    const model = { id: manifest.id, hash };
    yield { kind: 'result', result: { answers, device, timings: stopwatch.read(), model } };
  }

  async *#answers(
    context: AnswerContext,
    request: ModelRequest,
  ): AsyncGenerator<AnswerEvent, ModelAnswer[]> {
    const { regions } = request;
    switch (request.task) {
      case 'segment':
        if (request.text !== null) {
          return [yield* segmentText(this.#runner, context, request.text, regions)];
        }
        if (regions.length === 0) throw nothingToSegment();
        return [yield* segmentRegions(this.#runner, context, regions)];
      case 'describe':
        return yield* describe(this.#runner, context, regions);
      case 'ask': {
        const { question, choices } = request;
        return [yield* answerQuestion(this.#runner, context, question, choices, regions)];
      }
      case 'everything':
        return [yield* segmentEverything(this.#runner, context, request.pointsPerSide)];
      default:
        return assertNever(request);
    }
  }

  async dispose(): Promise<void> {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#runner.clear();
    await this.#opened.lease.release();
  }

  #requireLoaded(): void {
    if (!this.#isDisposed) return;
    throw modelFailure('model-not-loaded', 'modelClosed', { id: this.manifest.id });
  }
}

function nothingToSegment(): AppError {
  return new AppError(
    'invalid-input',
    'A segmentation request needs a text or at least one region; both are missing.',
  );
}
