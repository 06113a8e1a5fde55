import type { ModelAnswer, ModelRequest } from '../../../core/prompt.ts';
import { ByteCache } from '../../answer/byte-cache.ts';
import { Stopwatch } from '../../answer/stopwatch.ts';
import { rest, throwIfCancelled } from '../../cancellation.ts';
import type { CheckedPackage, FamilyRuntime } from '../../family.ts';
import type { RgbImage } from '../../image/rgb-image.ts';
import { FamilyModel } from '../../family-model.ts';
import type { AnswerEvent, AnswerOptions } from '../../model.ts';
import type { OpenedDevice } from '../../onnx/device.ts';
import type { KnownPhoto } from './answer/context.ts';
import { segmentEverything } from './answer/everything.ts';
import { segmentRegions } from './answer/regions.ts';
import type { SamManifest } from './manifest.ts';
import { deviceTest } from './network/device-test.ts';
import { SamNetwork } from './network/network.ts';
import { samFailure } from './sentences.ts';

const defaultCacheBytes = 512 * 2 ** 20;

/** Runs promptable encoders and decoders. */
export const samRuntime: FamilyRuntime<SamManifest> = {
  selfTest: deviceTest,
  load: (source, opened, { cacheBytes = defaultCacheBytes }) =>
    Promise.resolve(new LoadedSam(source, opened, cacheBytes)),
};

class LoadedSam extends FamilyModel<SamManifest> {
  readonly #network: SamNetwork;
  readonly #photos: ByteCache<KnownPhoto>;

  constructor(source: CheckedPackage<SamManifest>, opened: OpenedDevice, cacheBytes: number) {
    super(source, opened);
    this.#network = new SamNetwork(source.manifest, opened.lease.sessions);
    this.#photos = new ByteCache(cacheBytes);
  }

  requireReadable(): void {
    // There is no text that could be too long.
  }

  async prepare(image: RgbImage, signal?: AbortSignal): Promise<void> {
    await rest(signal);
    await this.#photo(image, new Stopwatch(), signal);
  }

  async *answer(
    image: RgbImage,
    request: ModelRequest,
    options: AnswerOptions = {},
  ): AsyncGenerator<AnswerEvent> {
    const stopwatch = new Stopwatch();
    await rest(options.signal);
    yield { kind: 'stage', stage: 'encode' };
    const photo = await this.#photo(image, stopwatch, options.signal);
    throwIfCancelled(options.signal);
    const context = { network: this.#network, photo, image, options, stopwatch };
    const answer = yield* this.#answer(context, request);
    yield this.resultEvent([answer], stopwatch);
  }

  #answer(
    context: Parameters<typeof segmentRegions>[0],
    request: ModelRequest,
  ): AsyncGenerator<AnswerEvent, ModelAnswer> {
    if (request.task === 'everything') return segmentEverything(context, request.pointsPerSide);
    if (request.task === 'segment' && request.text === null && request.regions.length > 0) {
      return segmentRegions(context, request.regions);
    }
    throw samFailure('invalid-input', 'promptNothing', {});
  }

  async #photo(image: RgbImage, stopwatch: Stopwatch, signal?: AbortSignal): Promise<KnownPhoto> {
    this.requireLoaded();
    const known = this.#photos.get(image.key);
    if (known) return known;
    throwIfCancelled(signal);
    const encoded = await stopwatch.time('encode', () => this.#network.encode(image));
    const photo = { encoded, chosen: new Map(), bytes: encoded.bytes };
    this.#photos.set(image.key, photo);
    return photo;
  }

  protected clear(): void {
    this.#photos.clear();
  }
}
