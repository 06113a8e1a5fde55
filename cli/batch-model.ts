import type { DeviceReport, ModelRequest, ModelResult } from '../core/prompt.ts';
import type { JobModel } from '../app/jobs/job-kind.ts';
import { askModel } from '../models/ask-model.ts';
import { unlessCancelled } from '../models/cancellation.ts';
import type { DecodedImage } from '../models/image/decode.ts';
import { openPixels, type ImageSource } from '../models/image/image-source.ts';
import type { Model } from '../models/model.ts';
import type { Manifest } from '../models/package/manifest.ts';

/** Decoded images that are kept: the one asked about and the one that comes next. */
const heldImages = 2;

/** A model in this process for a job: the next image is decoded while the present one is answered. */
export class InProcessJobModel implements JobModel {
  readonly #model: Model;
  readonly #decoded = new Map<string, Promise<DecodedImage>>();

  constructor(model: Model) {
    this.#model = model;
  }

  get hash(): string {
    return this.#model.hash;
  }

  get manifest(): Manifest {
    return this.#model.manifest;
  }

  get device(): DeviceReport {
    return this.#model.device;
  }

  requireReadable(request: ModelRequest): void {
    this.#model.requireReadable(request);
  }

  prefetch(image: ImageSource): void {
    void this.#decode(image);
  }

  async answer(
    image: ImageSource,
    request: ModelRequest,
    signal: AbortSignal,
    photo?: DecodedImage,
  ): Promise<ModelResult> {
    const pixels = photo ?? (await unlessCancelled(this.#decode(image), signal));
    return askModel(this.#model, pixels, request, { signal });
  }

  dispose(): Promise<void> {
    return this.#model.dispose();
  }

  #decode(image: ImageSource): Promise<DecodedImage> {
    const known = this.#decoded.get(image.path);
    if (known) return known;
    const decoded = openPixels(image);
    // Whoever asks about the image gets the error; decoding it ahead must not end the process.
    decoded.catch(() => undefined);
    this.#decoded.set(image.path, decoded);
    for (const oldest of [...this.#decoded.keys()].slice(0, -heldImages)) {
      this.#decoded.delete(oldest);
    }
    return decoded;
  }
}
