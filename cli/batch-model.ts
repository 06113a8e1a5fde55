import type { BatchModel } from '../app/features/annotation/batch-annotation.ts';
import type { ModelRequest, ModelResult } from '../core/prompt.ts';
import { decodeImage, type DecodedImage } from '../models/image/decode.ts';
import { unlessCancelled } from '../models/cancellation.ts';
import type { Model } from '../models/model.ts';
import { askModel } from '../models/ask-model.ts';

/** Decoded images that are kept: the one asked about and the one that comes next. */
const heldImages = 2;

/** A model in this process for {@link annotateBatch}: the next image is decoded while the present one is answered. */
export class InProcessBatchModel implements BatchModel {
  readonly #model: Model;
  readonly #decoded = new Map<string, Promise<DecodedImage>>();

  constructor(model: Model) {
    this.#model = model;
  }

  get hash(): string {
    return this.#model.hash;
  }

  requireReadable(request: ModelRequest): void {
    this.#model.requireReadable(request);
  }

  prefetch(file: string): void {
    void this.#decode(file);
  }

  async answer(file: string, request: ModelRequest, signal: AbortSignal): Promise<ModelResult> {
    const image = await unlessCancelled(this.#decode(file), signal);
    return askModel(this.#model, image, request, { signal });
  }

  #decode(file: string): Promise<DecodedImage> {
    const known = this.#decoded.get(file);
    if (known) return known;
    const decoded = decodeImage(file);
    // Whoever asks about the file gets the error; decoding it ahead must not end the process.
    decoded.catch(() => undefined);
    this.#decoded.set(file, decoded);
    for (const oldest of [...this.#decoded.keys()].slice(0, -heldImages)) {
      this.#decoded.delete(oldest);
    }
    return decoded;
  }
}
