import { AppError } from '../../core/errors.ts';
import type { ModelRequest, ModelResult } from '../../core/prompt.ts';
import { decodeImage, type DecodedImage } from '../image/decode.ts';
import { unlessCancelled } from '../cancellation.ts';
import type { AnswerOptions, Model } from '../model.ts';
import { askModel } from '../ask-model.ts';
import type { Target } from './targets.ts';

/** A target's photo, and the model to be asked about it. */
export interface Asked {
  readonly photo: DecodedImage;
  ask(request: ModelRequest): Promise<ModelResult>;
}

/**
 * Asks a model about a photo, whose file and pixels are given.
 * @throws AppError `cancelled` and others.
 */
export type AskPhoto = (
  photo: DecodedImage,
  file: string,
  request: ModelRequest,
  options: AnswerOptions,
) => Promise<ModelResult>;

/** Asks a model of this process. */
export function askOf(model: Model): AskPhoto {
  return (photo, _file, request, options) => askModel(model, photo, request, options);
}

/** Asks a model about targets, one after another, keeping the photo of the present one decoded. */
export class Answerer {
  readonly #ask: AskPhoto;
  readonly #options: AnswerOptions;
  readonly #progress: (done: number, total: number) => void;

  constructor(
    ask: AskPhoto,
    options: AnswerOptions,
    progress: (done: number, total: number) => void,
  ) {
    this.#ask = ask;
    this.#options = options;
    this.#progress = progress;
  }

  /**
   * @throws AppError `dataset-invalid` when a photo has not the size that the dataset says;
   * `cancelled`.
   */
  async forEach(
    targets: readonly Target[],
    work: (target: Target, asked: Asked) => Promise<void>,
  ): Promise<void> {
    let decodedId: string | undefined;
    let decoded: DecodedImage | undefined;
    for (const [index, target] of targets.entries()) {
      if (!decoded || target.image.id !== decodedId) {
        decoded = await unlessCancelled(decodePhoto(target), this.#options.signal);
      }
      const photo = decoded;
      const { id, file } = target.image;
      decodedId = id;
      const ask = (request: ModelRequest) => this.#ask(photo, file, request, this.#options);
      await work(target, { photo, ask });
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
