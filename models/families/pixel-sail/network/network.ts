import type { Sessions } from '../../../onnx/session.ts';
import { floats, int64, Tensor, type Outputs } from '../../../onnx/tensor.ts';
import { headDim, upsamplingFactor, type ModelConfig } from '../config.ts';
import type { GraphRole } from '../manifest.ts';
import type { Grid } from '../processor/patches.ts';
import {
  firstTextPosition,
  imageBlockPositions,
  rotaryTables,
  textPositions,
  type Positions,
} from '../processor/positions.ts';

/**
 * Keys and values of everything that was read so far: `past.{i}.key` and `.value`, [1, kv, length,
 * d] each.
 */
export interface Past {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly length: number;
  /** Position of the next token; not the length, because a grid of patches takes few positions. */
  readonly nextPosition: number;
}

/** An image block that the transformer has read. */
export interface EncodedImage {
  readonly grid: Grid;
  readonly past: Past;
  /** Final states of the patches, float32 [N, h]. */
  readonly states: Tensor;
}

/** The result of reading tokens. */
export interface ReadText {
  /** Final states of the tokens just read, float32 [tokens, h]. */
  readonly hidden: Float32Array;
  /** Scores for the token that follows, float32 [vocabulary]. */
  readonly logits: Float32Array;
  readonly past: Past;
}

/** Mask logits at the feature map's resolution: float32 [count, height, width]. */
export interface MaskLogits {
  readonly logits: Float32Array;
  /** Projected `[SEG]` states: float32 [count, C]. */
  readonly queries: Float32Array;
  readonly count: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The four graphs of a package as plain functions of numbers (arXiv 2504.10465; layout in
 * ../manifest.ts).
 */
export class Network {
  readonly config: ModelConfig;
  readonly #sessions: Sessions<GraphRole>;

  constructor(config: ModelConfig, sessions: Sessions<GraphRole>) {
    this.config = config;
    this.#sessions = sessions;
  }

  /**
   * Reads the image block. `patches` float32 [N, 3 * p * p]; `promptIndex` [N], a prompt id or -2.
   */
  async encodeImage(
    patches: Float32Array,
    promptIndex: Int32Array,
    grid: Grid,
  ): Promise<EncodedImage> {
    const count = grid.rows * grid.columns;
    const outputs = await this.#sessions.image.run({
      patches: new Tensor('float32', patches, [count, patches.length / count]),
      prompt_index: int64(promptIndex, [count]),
      ...this.#rotary(imageBlockPositions(grid)),
    });
    const past = pastOf(outputs, count + 2, firstTextPosition(grid));
    return { grid, past, states: outputs['states']! };
  }

  /** Reads tokens after `past`; causal. */
  async readText(ids: readonly number[], past: Past): Promise<ReadText> {
    const outputs = await this.#sessions.text.run(this.#textInputs(ids, past));
    return {
      hidden: await floats(outputs['hidden']!),
      logits: await floats(outputs['logits']!),
      past: pastOf(outputs, past.length + ids.length, past.nextPosition + ids.length),
    };
  }

  /**
   * The final states of tokens, float32 [tokens, h], after which nothing is read: their keys and
   * values, several megabytes, are not copied out of the session.
   */
  async readEnd(ids: readonly number[], past: Past): Promise<Float32Array> {
    const outputs = await this.#sessions.text.run(this.#textInputs(ids, past), ['hidden']);
    return floats(outputs['hidden']!);
  }

  #textInputs(ids: readonly number[], past: Past): Record<string, Tensor> {
    return {
      input_ids: int64(ids, [1, ids.length]),
      ...this.#rotary(textPositions(past.nextPosition, ids.length)),
      ...past.tensors,
    };
  }

  /** The upsampled feature map of an image, float32 [C, H', W']. */
  async featureMap({ states, grid }: EncodedImage): Promise<Tensor> {
    const outputs = await this.#sessions.features.run({
      states,
      grid: int64([grid.rows, grid.columns], [2]),
    });
    return outputs['features']!;
  }

  /** Masks of `[SEG]` states, [h] each. */
  async maskLogits(segStates: readonly Float32Array[], features: Tensor): Promise<MaskLogits> {
    const width = this.config.hidden_size;
    const stacked = new Float32Array(segStates.length * width);
    segStates.forEach((state, index) => {
      stacked.set(state, index * width);
    });
    const outputs = await this.#sessions.mask.run({
      seg_states: new Tensor('float32', stacked, [segStates.length, width]),
      features,
    });
    return {
      logits: await floats(outputs['mask_logits']!),
      queries: await floats(outputs['queries']!),
      count: segStates.length,
      height: features.dims[1]!,
      width: features.dims[2]!,
    };
  }

  /** Nothing read yet: where a text without image begins. */
  emptyPast(): Past {
    const shape = [1, this.config.num_key_value_heads, 0, headDim(this.config)];
    const names = Array.from({ length: this.config.num_hidden_layers }, (_, layer) => [
      `past.${layer}.key`,
      `past.${layer}.value`,
    ]).flat();
    const empty = () => new Tensor('float32', new Float32Array(0), shape);
    return {
      tensors: Object.fromEntries(names.map((name) => [name, empty()])),
      length: 0,
      nextPosition: 0,
    };
  }

  /** Bytes that an encoded image of this grid takes: keys and values, states and feature map. */
  encodedBytes({ rows, columns }: Grid): number {
    const { config } = this;
    const count = rows * columns;
    const keyValues =
      2 * config.num_hidden_layers * config.num_key_value_heads * headDim(config) * (count + 2);
    const features = config.mask_dim * count * upsamplingFactor(config) ** 2;
    return 4 * (keyValues + config.hidden_size * count + features);
  }

  #rotary(positions: Positions): { cos: Tensor; sin: Tensor } {
    const width = headDim(this.config);
    const { cos, sin } = rotaryTables(positions, width, this.config.rope_theta);
    const shape = [positions.vertical.length, width / 2];
    return { cos: new Tensor('float32', cos, shape), sin: new Tensor('float32', sin, shape) };
  }
}

function pastOf(outputs: Outputs, length: number, nextPosition: number): Past {
  const tensors = Object.entries(outputs)
    .filter(([name]) => name.startsWith('present.'))
    .map(([name, tensor]) => [name.replace('present.', 'past.'), tensor] as const);
  return { tensors: Object.fromEntries(tensors), length, nextPosition };
}
