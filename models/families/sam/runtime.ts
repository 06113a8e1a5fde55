import { modelFailure } from '../../sentences.ts';
import type { DeviceReport, ModelAnswer, ModelRequest } from '../../../core/prompt.ts';
import { ByteCache } from '../../answer/byte-cache.ts';
import { Stopwatch } from '../../answer/stopwatch.ts';
import { rest, throwIfCancelled } from '../../cancellation.ts';
import type { FamilyRuntime } from '../../family.ts';
import type { RgbImage } from '../../image/rgb-image.ts';
import type { AnswerEvent, AnswerOptions, Model } from '../../model.ts';
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
  load: ({ manifest, hash }, opened, { cacheBytes = defaultCacheBytes }) =>
    Promise.resolve(new LoadedSam(manifest, hash, opened, cacheBytes)),
};

class LoadedSam implements Model {
  readonly manifest: SamManifest;
  readonly device: DeviceReport;
  readonly hash: string;
  readonly #opened: OpenedDevice;
  readonly #network: SamNetwork;
  readonly #photos: ByteCache<KnownPhoto>;
  #isDisposed = false;

  constructor(manifest: SamManifest, hash: string, opened: OpenedDevice, cacheBytes: number) {
    this.manifest = manifest;
    this.device = opened.report;
    this.hash = hash;
    this.#opened = opened;
    this.#network = new SamNetwork(manifest, opened.lease.sessions);
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
    const { manifest, device, hash } = this;
    const model = { id: manifest.id, hash };
    yield {
      kind: 'result',
      result: { answers: [answer], device, timings: stopwatch.read(), model },
    };
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
    this.#requireLoaded();
    const known = this.#photos.get(image.key);
    if (known) return known;
    throwIfCancelled(signal);
    const encoded = await stopwatch.time('encode', () => this.#network.encode(image));
    const photo = { encoded, chosen: new Map(), bytes: encoded.bytes };
    this.#photos.set(image.key, photo);
    return photo;
  }

  async dispose(): Promise<void> {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#photos.clear();
    await this.#opened.lease.release();
  }

  #requireLoaded(): void {
    if (!this.#isDisposed) return;
    throw modelFailure('model-not-loaded', 'modelClosed', { id: this.manifest.id });
  }
}
