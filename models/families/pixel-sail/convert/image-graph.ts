import { headDim, type ModelConfig } from '../config.ts';
import { embedTokens } from './checkpoint.ts';
import {
  attendPlain,
  cacheShape,
  decoder,
  rotateFused,
  rotatePlain,
  toCacheLayout,
  type Attention,
  type DecoderContext,
  type Operators,
} from './decoder.ts';
import { GraphBuilder } from '../../../onnx/graph-builder.ts';
import type { Graph } from '../../../onnx/onnx.ts';
import type { StoredWeight } from '../../../onnx/weights-file.ts';

/**
 * The image block `<vision>` N x `<vpatch>` `</vision>`, all-to-all, so without a mask
 * (pixel-sail.md 1b to 1d, 2d). Inputs and outputs: see graphRoles in ../manifest.ts.
 */
export function buildImageGraph(
  config: ModelConfig,
  weights: ReadonlyMap<string, StoredWeight>,
  operators: Operators,
): Graph {
  const builder = new GraphBuilder(weights);
  const patches = builder.input('patches', 'float32', ['N', 3 * config.patch_size ** 2]);
  const promptIndex = builder.input('prompt_index', 'int64', ['N']);
  const cos = builder.input('cos', 'float32', ['N+2', headDim(config) / 2]);
  const sin = builder.input('sin', 'float32', ['N+2', headDim(config) / 2]);
  const context: DecoderContext = { builder, config, operators, cos, sin };

  const embeddings = embedImage(context, patches, promptIndex);
  const attention = operators === 'plain' ? attendAllPlain(context) : attendAllFused(context);
  const normed = decoder(context, embeddings, attention, (x) =>
    builder.apply('Slice', [
      x,
      builder.integers([1]),
      builder.integers([-1]),
      builder.integers([0]),
    ]),
  );
  builder.apply('Identity', [normed], {}, 'states');
  builder.output('states', 'float32', ['N', config.hidden_size]);
  for (let i = 0; i < config.num_hidden_layers; i++) {
    builder.output(`present.${String(i)}.key`, 'float32', cacheShape(config, 'N+2'));
    builder.output(`present.${String(i)}.value`, 'float32', cacheShape(config, 'N+2'));
  }
  return builder.build('image');
}

/**
 * A patch enters as embed(`<vpatch>`) + vis_embed(patch) + vp_embed(embed(`<Prompti>`)), the last
 * exactly zero without prompt.
 */
function embedImage(
  { builder, config }: DecoderContext,
  patches: string,
  promptIndex: string,
): string {
  const token = (name: string): string =>
    builder.rows(embedTokens, [config.special_token_ids[name]!]);
  const promptTokens = builder.rows(embedTokens, config.prompt_token_ids);
  const promptTerms = builder.linear(promptTokens, 'single_transformer.model.vp_embed.weight');
  const zero = builder.integers(0);
  const isMarked = builder.apply('GreaterOrEqual', [promptIndex, zero]);
  const marks = builder.apply('Where', [isMarked, promptIndex, zero]);
  const promptTerm = builder.apply('Where', [
    builder.apply('Unsqueeze', [isMarked, builder.integers([1])]),
    builder.apply('Gather', [promptTerms, marks]),
    builder.float(0),
  ]);
  const patchTerm = builder.linear(patches, 'single_transformer.model.vis_embed.weight');
  const imageTerms = builder.apply('Add', [patchTerm, promptTerm]);
  const vision = builder.apply('Add', [imageTerms, token('<vpatch>')]);
  return builder.apply('Concat', [token('<vision>'), vision, token('</vision>')], { axis: 0 });
}

function attendAllPlain(context: DecoderContext): Attention {
  return (queries, keys, values, layer) => {
    const rotatedKeys = toCacheLayout(
      context,
      rotatePlain(context, keys),
      `present.${String(layer)}.key`,
    );
    const cachedValues = toCacheLayout(context, values, `present.${String(layer)}.value`);
    return attendPlain(context, rotatePlain(context, queries), rotatedKeys, cachedValues);
  };
}

/**
 * MultiHeadAttention has no grouped queries, so keys and values are repeated for it; without a
 * mask it runs as flash attention.
 */
function attendAllFused(context: DecoderContext): Attention {
  const { builder, config } = context;
  const width = headDim(config);
  const heads = config.num_attention_heads;
  const groups = heads / config.num_key_value_heads;
  const repeat = (x: string): string => {
    const single = builder.apply('Reshape', [
      x,
      builder.integers([-1, config.num_key_value_heads, 1, width]),
    ]);
    const repeated = builder.apply(
      'Concat',
      Array.from({ length: groups }, () => single),
      { axis: 2 },
    );
    return builder.apply('Reshape', [repeated, builder.integers([1, -1, heads * width])]);
  };
  return (queries, keys, values, layer) => {
    const rotatedKeys = rotateFused(context, keys);
    toCacheLayout(context, rotatedKeys, `present.${String(layer)}.key`);
    toCacheLayout(context, values, `present.${String(layer)}.value`);
    const mixed = builder.apply(
      'com.microsoft.MultiHeadAttention',
      [rotateFused(context, queries), repeat(rotatedKeys), repeat(values)],
      { num_heads: heads },
    );
    return builder.apply('Reshape', [mixed, builder.integers([-1, heads * width])]);
  };
}
