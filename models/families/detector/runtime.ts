import type { AnswerMask, ModelRequest } from '../../../core/prompt.ts';
import { ByteCache } from '../../answer/byte-cache.ts';
import { defaultThreshold } from '../../answer/logit-map.ts';
import { Stopwatch } from '../../answer/stopwatch.ts';
import { rest, throwIfCancelled } from '../../cancellation.ts';
import type { CheckedPackage, FamilyRuntime } from '../../family.ts';
import type { RgbImage } from '../../image/rgb-image.ts';
import { FamilyModel } from '../../family-model.ts';
import type { AnswerEvent, AnswerOptions } from '../../model.ts';
import type { OpenedDevice } from '../../onnx/device.ts';
import { objectMask } from './answer/objects.ts';
import type { DetectorManifest } from './manifest.ts';
import { bestDetections, type Detection } from './network/detections.ts';
import { deviceTest } from './network/device-test.ts';
import type { Frame } from './network/frame.ts';
import { DetectorNetwork } from './network/network.ts';
import { detectorFailure } from './sentences.ts';

const defaultCacheBytes = 256 * 2 ** 20;
/** Objects with a lower score are noise in every request. */
const floorScore = 0.01;
/** Masks that are drawn between two looks at whether the answer is still wanted. */
const masksAtOnce = 8;

/** Runs graphs that find objects of certain classes. */
export const detectorRuntime: FamilyRuntime<DetectorManifest> = {
  selfTest: deviceTest,
  load: (source, opened, { cacheBytes = defaultCacheBytes }) =>
    Promise.resolve(new LoadedDetector(source, opened, cacheBytes)),
};

/** The objects found in a photo, best first. */
interface KnownPhoto {
  readonly frame: Frame;
  readonly found: readonly Detection[];
  readonly bytes: number;
}

class LoadedDetector extends FamilyModel<DetectorManifest> {
  readonly #network: DetectorNetwork;
  readonly #photos: ByteCache<KnownPhoto>;

  constructor(source: CheckedPackage<DetectorManifest>, opened: OpenedDevice, cacheBytes: number) {
    super(source, opened);
    this.#network = new DetectorNetwork(source.manifest, opened.lease.sessions);
    this.#photos = new ByteCache(cacheBytes);
  }

  /** @throws AppError `invalid-input` when a request names no class of the package. */
  requireReadable(request: ModelRequest): void {
    if (request.task === 'segment' && request.text !== null) this.#label(request.text);
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
    const isWanted = this.#wanted(request);
    const stopwatch = new Stopwatch();
    await rest(options.signal);
    yield { kind: 'stage', stage: 'encode' };
    const { frame, found } = await this.#photo(image, stopwatch, options.signal);
    yield { kind: 'stage', stage: 'mask' };
    const { classes } = this.manifest;
    const threshold = options.threshold ?? defaultThreshold;
    const masks: AnswerMask[] = [];
    for (const [index, detection] of found.filter(isWanted).entries()) {
      if (index % masksAtOnce === 0) await rest(options.signal);
      const draw = () => objectMask(detection, frame, classes, threshold);
      const mask = await stopwatch.time('mask', draw);
      if (mask.area > 0) masks.push(mask);
    }
    yield this.resultEvent([{ text: '', masks, choice: null }], stopwatch);
  }

  /** @throws AppError `invalid-input` when the request cannot be answered. */
  #wanted(request: ModelRequest): (detection: Detection) => boolean {
    const isMasks = request.task === 'everything' || request.task === 'segment';
    const names = request.task === 'segment' ? request.text : null;
    if (!isMasks || request.regions.length > 0 || (request.task === 'segment' && names === null)) {
      throw detectorFailure('invalid-input', 'detectorTakesNoRegions', { id: this.manifest.id });
    }
    const label = names === null ? null : this.#label(names);
    const least = request.minimumScore ?? this.manifest.minimumScore ?? 0;
    return (found) => found.score >= least && (label === null || found.label === label);
  }

  #label(text: string): number {
    const { id, classes } = this.manifest;
    const name = text.trim();
    const exact = classes.indexOf(name);
    if (exact >= 0) return exact;
    const similar = classes.findIndex((known) => plain(known) === plain(name));
    if (similar >= 0) return similar;
    throw detectorFailure('invalid-input', 'classUnknown', { id, name, classes });
  }

  async #photo(image: RgbImage, stopwatch: Stopwatch, signal?: AbortSignal): Promise<KnownPhoto> {
    this.requireLoaded();
    const known = this.#photos.get(image.key);
    if (known) return known;
    throwIfCancelled(signal);
    const seen = await stopwatch.time('encode', () => this.#network.look(image, floorScore));
    const { classes, config } = this.manifest;
    const sound = seen.detections.filter(
      ({ label, corners }) => classes[label] !== undefined && corners.every(Number.isFinite),
    );
    const found = bestDetections(sound, floorScore, config.mostOverlap);
    const photo = { frame: seen.frame, found, bytes: seen.bytes };
    this.#photos.set(image.key, photo);
    return photo;
  }

  protected clear(): void {
    this.#photos.clear();
  }
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]+/g, ' ');
}
