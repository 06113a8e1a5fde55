import type { Box, Point } from '../../../../core/geometry/shapes.ts';
import type { LogitMap } from '../../../answer/logit-map.ts';
import type { RgbImage } from '../../../image/rgb-image.ts';
import type { Sessions } from '../../../onnx/session.ts';
import { floatsOf, tensorOf, type NumberType, type Tensor } from '../../../onnx/tensor.ts';
import type { GraphRole, SamManifest } from '../manifest.ts';
import { frameOf, placeInFrame, type Frame } from './frame.ts';
import { photoTensor } from './photo.ts';
import { samFailure } from '../sentences.ts';

/** A point in pixels of the photo. `positive: false` means "not this". */
export interface SignedPoint {
  readonly at: Point;
  readonly positive: boolean;
}

/** The input of one decoder run, in pixels of the photo. */
export interface SamPrompt {
  readonly points: readonly SignedPoint[];
  readonly box: Box | null;
  /** An earlier mask to start from, at the resolution of the decoder's own; null for none. */
  readonly previous: LogitMap | null;
}

/** An encoded photo; any number of prompts can be decoded from it. */
export interface EncodedPhoto {
  readonly frame: Frame;
  /** By the decoder's inputs. */
  readonly features: Readonly<Record<string, Tensor>>;
  readonly bytes: number;
}

/**
 * A mask that the decoder gives: its logits over `Frame.covered`, and the network's guess of its
 * IoU.
 */
export interface DecodedMask {
  readonly map: LogitMap;
  readonly score: number;
}

/** A point of no meaning, as label and as coordinates where a graph wants a number of points. */
const noPoint = -1;

/**
 * The two graphs of a package as functions of photos and prompts; names and kinds of inputs as its
 * configuration says.
 */
export class SamNetwork {
  readonly manifest: SamManifest;
  readonly #sessions: Sessions<GraphRole>;

  constructor(manifest: SamManifest, sessions: Sessions<GraphRole>) {
    this.manifest = manifest;
    this.#sessions = sessions;
  }

  async encode(image: RgbImage): Promise<EncodedPhoto> {
    const { config, graphs } = this.manifest;
    const frame = frameOf(image, config.image);
    const { input } = config.image;
    const type = graphs.encoder.inputs[input]!.dtype as NumberType;
    const outputs = await this.#sessions.encoder.run({
      [input]: photoTensor(image, frame, config.image, type),
    });
    const features = Object.fromEntries(
      Object.entries(config.features).map(([name, output]) => [name, outputs[output]!]),
    );
    const bytes = Object.values(features).reduce((sum, { size }) => sum + 4 * size, 0);
    return { frame, features, bytes };
  }

  /** @throws AppError `invalid-input` when the prompt has more points than the graph takes. */
  async decode(photo: EncodedPhoto, prompt: SamPrompt): Promise<DecodedMask[]> {
    const { logits, scores } = this.manifest.config.output;
    const outputs = await this.#sessions.decoder.run({
      ...photo.features,
      ...this.#points(photo.frame, prompt),
      ...this.#box(photo.frame, prompt.box),
      ...this.#previous(prompt.previous),
      ...this.#size(photo.frame),
    });
    const values = await floatsOf(outputs[logits]!);
    const guesses = await floatsOf(outputs[scores]!);
    const [height, width] = outputs[logits]!.dims.slice(-2) as [number, number];
    const cells = width * height;
    return Array.from(guesses, (score, index) => ({
      map: { logits: values.slice(index * cells, (index + 1) * cells), width, height },
      score,
    }));
  }

  #points(frame: Frame, { points, box }: SamPrompt): Record<string, Tensor> {
    const { config, id } = this.manifest;
    const { coordinates, labels, rank, padded, count } = config.points;
    const given = points.map(({ at, positive }) => ({ at, label: positive ? 1 : 0 }));
    if (box !== null && config.boxes.kind === 'corners') {
      const [[left, top], [right, bottom]] = cornersOf(box);
      given.push({ at: [left, top], label: 2 }, { at: [right, bottom], label: 3 });
    }
    const places = given.map(({ at, label }) => ({ at: placeInFrame(at, frame), label }));
    if (padded && box === null) places.push({ at: [0, 0], label: noPoint });
    if (count !== null && places.length > count) {
      throw samFailure('invalid-input', 'modelPointsTooMany', {
        id,
        found: given.length,
        most: count,
      });
    }
    while (places.length < (count ?? 0)) places.push({ at: [noPoint, noPoint], label: noPoint });
    const shape = rank === 3 ? [1, places.length] : [1, 1, places.length];
    return {
      [coordinates]: this.#tensor(
        coordinates,
        places.flatMap(({ at }) => at),
        [...shape, 2],
      ),
      [labels]: this.#tensor(
        labels,
        places.map(({ label }) => label),
        shape,
      ),
    };
  }

  #box(frame: Frame, box: Box | null): Record<string, Tensor> {
    const { boxes } = this.manifest.config;
    if (boxes.kind !== 'input') return {};
    const corners = box === null ? [] : cornersOf(box).flatMap((at) => placeInFrame(at, frame));
    return { [boxes.input]: this.#tensor(boxes.input, corners, [1, corners.length / 4, 4]) };
  }

  #previous(previous: LogitMap | null): Record<string, Tensor> {
    const { mask } = this.manifest.config;
    if (mask === null) return {};
    const { input, flag, side } = mask;
    const logits = previous?.logits ?? new Float32Array(side * side);
    return {
      [input]: this.#tensor(input, logits, [1, 1, side, side]),
      [flag]: this.#tensor(flag, [previous === null ? 0 : 1], [1]),
    };
  }

  /**
   * The size of the logits themselves, so that nothing is scaled twice; the photo's own where the
   * graph counts in its pixels.
   */
  #size({ scaled }: Frame): Record<string, Tensor> {
    const { size, image } = this.manifest.config;
    if (size === null) return {};
    const low = image.side / 4;
    const wanted = image.fit === 'free' ? [scaled.height, scaled.width] : [low, low];
    return { [size]: this.#tensor(size, wanted, [2]) };
  }

  #tensor(input: string, values: ArrayLike<number>, shape: readonly number[]): Tensor {
    const { dtype } = this.manifest.graphs.decoder.inputs[input]!;
    return tensorOf(dtype as NumberType, values, shape);
  }
}

function cornersOf([x, y, width, height]: Box): [Point, Point] {
  return [
    [x, y],
    [x + width, y + height],
  ];
}
