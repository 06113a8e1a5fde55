import { AppError } from '../../core/errors.ts';
import type { ModelRequest, ModelResult } from '../../core/prompt.ts';
import { decodeImage, type DecodedImage } from '../../models/processor/decode.ts';
import type { PixelSail } from '../../models/runtime/pixel-sail.ts';
import { askModel } from '../ask-model.ts';
import type { Target } from './dataset.ts';

/** Asks a model about targets, one after another, keeping the photo of the present one decoded. */
export class Answerer {
  readonly #model: PixelSail;
  readonly #signal: AbortSignal;
  readonly #progress: (done: number, total: number) => void;

  constructor(
    model: PixelSail,
    signal: AbortSignal,
    progress: (done: number, total: number) => void,
  ) {
    this.#model = model;
    this.#signal = signal;
    this.#progress = progress;
  }

  /** @throws AppError `dataset-invalid` when a photo has not the size that the dataset says; `cancelled`. */
  async forEach(
    targets: readonly Target[],
    toRequest: (target: Target) => ModelRequest,
    take: (target: Target, result: ModelResult) => void,
  ): Promise<void> {
    let file: string | undefined;
    let photo: DecodedImage | undefined;
    for (const [index, target] of targets.entries()) {
      if (!photo || target.image.file !== file) photo = await decodePhoto(target);
      file = target.image.file;
      const options = { signal: this.#signal };
      take(target, await askModel(this.#model, photo, toRequest(target), options));
      this.#progress(index + 1, targets.length);
    }
  }
}

async function decodePhoto({ image }: Target): Promise<DecodedImage> {
  const decoded = await decodeImage(image.file);
  if (decoded.width === image.width && decoded.height === image.height) return decoded;
  throw new AppError(
    'dataset-invalid',
    `${image.file} is ${decoded.width} x ${decoded.height} pixels, but the dataset says ${image.width} x ${image.height}. ` +
      'Give the folder of the photos that the masks were made for with --images.',
  );
}
