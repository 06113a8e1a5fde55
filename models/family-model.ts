import type { DeviceReport, ModelAnswer, ModelRequest } from '../core/prompt.ts';
import type { Stopwatch } from './answer/stopwatch.ts';
import type { CheckedPackage } from './family.ts';
import type { RgbImage } from './image/rgb-image.ts';
import type { AnswerEvent, AnswerOptions, Model } from './model.ts';
import type { OpenedDevice } from './onnx/device.ts';
import type { Manifest } from './package/manifest.ts';
import { modelFailure } from './sentences.ts';

/** The part that loaded models of every family share: identity, result and end. */
export abstract class FamilyModel<Own extends Manifest> implements Model {
  readonly manifest: Own;
  readonly device: DeviceReport;
  readonly hash: string;
  readonly #lease: OpenedDevice['lease'];
  #isDisposed = false;

  constructor(
    { manifest, hash }: Pick<CheckedPackage<Own>, 'manifest' | 'hash'>,
    { report, lease }: OpenedDevice,
  ) {
    this.manifest = manifest;
    this.device = report;
    this.hash = hash;
    this.#lease = lease;
  }

  abstract requireReadable(request: ModelRequest): void;
  abstract prepare(image: RgbImage, signal?: AbortSignal): Promise<void>;
  abstract answer(
    image: RgbImage,
    request: ModelRequest,
    options?: AnswerOptions,
  ): AsyncGenerator<AnswerEvent>;

  /** Frees what was computed from images. */
  protected abstract clear(): void;

  async dispose(): Promise<void> {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.clear();
    await this.#lease.release();
  }

  /** @throws AppError `model-not-loaded` after {@link dispose}. */
  protected requireLoaded(): void {
    if (!this.#isDisposed) return;
    throw modelFailure('model-not-loaded', 'modelClosed', { id: this.manifest.id });
  }

  /** The last event of an answer. */
  protected resultEvent(answers: readonly ModelAnswer[], stopwatch: Stopwatch): AnswerEvent {
    const { manifest, device, hash } = this;
    const model = { id: manifest.id, hash };
    return {
      kind: 'result',
      result: { answers: [...answers], device, timings: stopwatch.read(), model },
    };
  }
}
