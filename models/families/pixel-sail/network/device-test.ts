import type { DeviceTest } from '../../../onnx/self-test.ts';
import { Tensor } from '../../../onnx/tensor.ts';
import type { ModelConfig } from '../config.ts';
import type { GraphRole } from '../manifest.ts';
import { Network } from './network.ts';

/**
 * Runs all four graphs on made-up numbers, and the mask graph, which is small, to see who
 * multiplied.
 */
export function deviceTest(config: ModelConfig): DeviceTest<GraphRole> {
  return {
    run: (sessions) => runOnce(new Network(config, sessions), 8),
    answer: (sessions) => runOnce(new Network(config, sessions), 16),
    probe: { role: 'mask', inputs: maskInputs(config) },
  };
}

/**
 * An image of `side` x `side` patches, two tokens, one more, and its mask: hidden states, logits
 * and mask logits.
 */
async function runOnce(network: Network, side: number): Promise<Float32Array[]> {
  const { config } = network;
  const grid = { rows: side, columns: side };
  const values = side ** 2 * 3 * config.patch_size ** 2;
  const patches = new Float32Array(values).map((_, i) => Math.sin(i));
  const encoded = await network.encodeImage(patches, new Int32Array(side ** 2), grid);
  const tokens = config.prompt_token_ids.slice(0, 2);
  const question = await network.readText(tokens, encoded.past);
  const answer = await network.readText([config.special_token_ids['[SEG]']!], question.past);
  const masks = await network.maskLogits([answer.hidden], await network.featureMap(encoded));
  return [question.hidden, answer.logits, masks.logits];
}

function maskInputs({
  hidden_size: hidden,
  mask_dim: channels,
}: ModelConfig): Readonly<Record<string, Tensor>> {
  const side = 4;
  return {
    seg_states: new Tensor('float32', new Float32Array(hidden), [1, hidden]),
    features: new Tensor('float32', new Float32Array(channels * side ** 2), [channels, side, side]),
  };
}
