import { describe, expect, it } from 'vitest';
import {
  modelConfigSchema,
  type ModelConfig,
} from '../../../../../../models/families/pixel-sail/config.ts';
import { expectedTensors } from '../../../../../../models/families/pixel-sail/convert/checkpoint.ts';
import { buildFeaturesGraph } from '../../../../../../models/families/pixel-sail/convert/mask-graphs.ts';
import type { Graph } from '../../../../../../models/onnx/onnx.ts';

function configOf(hiddenSize: number, blocks: number): ModelConfig {
  return modelConfigSchema.parse({
    hidden_size: hiddenSize,
    num_hidden_layers: 1,
    num_attention_heads: 8,
    num_key_value_heads: 1,
    intermediate_size: 8,
    vocab_size: 8,
    mask_dim: 512,
    upsample_blocks: blocks,
    special_token_ids: {},
    prompt_token_ids: [0],
  });
}

/** The graph of a network whose weights exist by shape only. */
function featuresGraph(config: ModelConfig): Graph {
  const data = { file: 'weights.bin', offset: 0, bytes: 0 };
  const stored = [...expectedTensors(config)].map(
    ([name, shape]) => [name, { shape, values: { type: 'float32', shape, data } }] as const,
  );
  return buildFeaturesGraph(config, new Map(stored));
}

function weightsOf(graph: Graph): string[] {
  return graph.initializers.map(({ name }) => name).filter((name) => name.endsWith('.weight'));
}

describe('the graph of the feature map', () => {
  it('begins with the pre-projector when the network is wider than 1024', () => {
    const graph = featuresGraph(configOf(2048, 3));
    expect(graph.nodes.slice(0, 3).map(({ operator, inputs }) => [operator, inputs[1]])).toEqual([
      ['Gemm', 'image_feature_pre_projector.0.weight'],
      ['Relu', undefined],
      ['Gemm', 'image_feature_pre_projector.2.weight'],
    ]);
    expect(graph.nodes[0]!.inputs[0]).toBe('states');
    const shapes = new Map(graph.initializers.map(({ name, shape }) => [name, shape]));
    expect(shapes.get('image_feature_pre_projector.2.weight')).toEqual([1024, 2048]);
    expect(shapes.get('upsample_blocks.0.0.weight')).toEqual([1024, 1024, 2, 2]);
    expect(shapes.get('image_feature_projector.2.weight')).toEqual([512, 1024]);
  });

  it('has no pre-projector at 1024 and below', () => {
    expect(weightsOf(featuresGraph(configOf(1024, 3))).join()).not.toContain('pre_projector');
  });

  it.each([1, 2, 3, 4])('has the four layers of each of %i blocks', (blocks) => {
    const graph = featuresGraph(configOf(64, blocks));
    expect(weightsOf(graph).filter((name) => name.startsWith('upsample_blocks.')).length).toBe(
      4 * blocks,
    );
    const factor = String(2 ** blocks);
    expect(graph.outputs[0]!.shape).toEqual([512, `rows*${factor}`, `columns*${factor}`]);
  });
});
