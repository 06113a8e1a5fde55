import { headDim, maskHeadChannels, upsamplingFactor, type ModelConfig } from '../config.ts';
import type { StoredWeight } from '../../../onnx/weights-file.ts';

const float32Bytes = 4;
/**
 * The decoder is in two sessions, that of the image and that of the text; the mask head is in one.
 */
const decoderSessions = 2;

/**
 * Estimates what a loaded package takes. Every session holds its own weights, widened to float32
 * unless they stay integers; the working set is that of one image of the largest size: its cache,
 * its feature map and the widest step on the way.
 */
export function estimateMemory(
  config: ModelConfig,
  weights: ReadonlyMap<string, StoredWeight>,
): { weightsBytes: number; workingBytes: number } {
  let weightsBytes = 0;
  for (const [name, weight] of weights) {
    const isDecoder = /^single_transformer\.(?!lm_head)/.test(name);
    weightsBytes += (isDecoder ? decoderSessions : 1) * loadedBytes(weight);
  }
  const patches = Math.ceil(config.max_image_side / config.patch_size) ** 2;
  const cells = patches * upsamplingFactor(config) ** 2;
  const cache =
    2 * config.num_hidden_layers * config.num_key_value_heads * headDim(config) * patches;
  const decoderStep = patches * (4 * config.hidden_size + 3 * config.intermediate_size);
  const upsamplerStep = cells * 3 * maskHeadChannels(config);
  const featureMap = cells * config.mask_dim;
  const workingBytes = float32Bytes * (cache + featureMap + Math.max(decoderStep, upsamplerStep));
  return { weightsBytes, workingBytes };
}

/** Integers that stay integers have their scales beside them in float32. */
function loadedBytes({ shape, values, scales, keptBits }: StoredWeight): number {
  if (keptBits === undefined) return float32Bytes * shape.reduce((a, b) => a * b, 1);
  return values.data.bytes + (float32Bytes / 2) * (scales?.data.bytes ?? 0);
}
