import { join } from 'node:path';
import { AppError, assertNever } from '../../../core/errors.ts';
import type { ModelAnswer, ModelRequest } from '../../../core/prompt.ts';
import type { CheckedPackage, FamilyRuntime } from '../../family.ts';
import { deviceTest } from './network/device-test.ts';
import { Network } from './network/network.ts';
import type { PixelSailManifest } from './manifest.ts';
import { Tokenizer } from './processor/tokenizer.ts';
import { wholeView } from './processor/view.ts';
import type { OpenedDevice } from '../../onnx/device.ts';
import { segmentEverything } from './answer/everything.ts';
import { rest } from '../../cancellation.ts';
import { PassRunner, type AnswerContext } from './answer/passes.ts';
import { FamilyModel } from '../../family-model.ts';
import type { AnswerEvent, AnswerOptions } from '../../model.ts';
import type { RgbImage } from '../../image/rgb-image.ts';
import { segmentRegions, segmentText } from './answer/segment.ts';
import { Stopwatch } from '../../answer/stopwatch.ts';
import { requireReadable } from './answer/text-limit.ts';
import { answerQuestion, describe } from './answer/words.ts';

const defaultCacheBytes = 512 * 2 ** 20;

/** Runs Pixel-SAIL packages. */
export const pixelSailRuntime: FamilyRuntime<PixelSailManifest> = {
  selfTest: ({ config }) => deviceTest(config),
  async load(source, opened, options) {
    const { directory, manifest } = source;
    const tokenizer = await Tokenizer.read(join(directory, manifest.tokenizer));
    const network = new Network(manifest.config, opened.lease.sessions);
    const cacheBytes = options.cacheBytes ?? defaultCacheBytes;
    const runner = new PassRunner(network, tokenizer, cacheBytes);
    return new LoadedPixelSail(source, opened, tokenizer, runner);
  },
};

class LoadedPixelSail extends FamilyModel<PixelSailManifest> {
  readonly #tokenizer: Tokenizer;
  readonly #runner: PassRunner;

  constructor(
    source: CheckedPackage<PixelSailManifest>,
    opened: OpenedDevice,
    tokenizer: Tokenizer,
    runner: PassRunner,
  ) {
    super(source, opened);
    this.#tokenizer = tokenizer;
    this.#runner = runner;
  }

  requireReadable(request: ModelRequest): void {
    requireReadable(request, this.manifest.config, this.#tokenizer);
  }

  async prepare(image: RgbImage, signal?: AbortSignal): Promise<void> {
    this.requireLoaded();
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
    this.requireLoaded();
    this.requireReadable(request);
    const stopwatch = new Stopwatch();
    const answers = yield* this.#answers({ image, options, stopwatch }, request);
    yield this.resultEvent(answers, stopwatch);
  }

  async *#answers(
    context: AnswerContext,
    request: ModelRequest,
  ): AsyncGenerator<AnswerEvent, ModelAnswer[]> {
    const { regions } = request;
    switch (request.task) {
      case 'segment':
        if (request.text !== null) {
          const { text, beside } = request;
          return [yield* segmentText(this.#runner, context, text, regions, beside)];
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

  protected clear(): void {
    this.#runner.clear();
  }
}

function nothingToSegment(): AppError {
  return new AppError(
    'invalid-input',
    'A segmentation request needs a text or at least one region; both are missing.',
  );
}
