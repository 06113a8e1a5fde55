import { headDim, maskHeadChannels, upsamplingFactor, type ModelConfig } from '../config.ts';
import type { Graph } from './onnx.ts';

const float32Bytes = 4;

/**
 * Estimates what a loaded package takes. Every session holds its own copy of its weights, widened to float32; the working set is that of one image of the largest size: its cache and the widest step of the upsampler.
 */
export function estimateMemory(
  config: ModelConfig,
  graphs: readonly Graph[],
): { weightsBytes: number; workingBytes: number } {
  const weightsBytes = graphs
    .flatMap((graph) => graph.initializers)
    .reduce((sum, { shape }) => sum + float32Bytes * shape.reduce((a, b) => a * b, 1), 0);
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
