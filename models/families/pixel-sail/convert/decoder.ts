import { headDim, type ModelConfig } from '../config.ts';
import type { GraphBuilder } from '../../../onnx/graph-builder.ts';

/**
 * `plain` uses standard operators and is the reference; `fused` uses those of com.microsoft;
 * `integer` multiplies in int8 where `fused` multiplies in float32. Weights that stay integers are
 * multiplied by com.microsoft's MatMulNBits in all of them.
 */
export type Operators = 'plain' | 'fused' | 'integer';

/** Values shared by all decoder layers of a graph. */
export interface DecoderContext {
  readonly builder: GraphBuilder;
  readonly config: ModelConfig;
  readonly operators: Operators;
  /** cos and sin of the rotary angles, [L, d/2]. */
  readonly cos: string;
  readonly sin: string;
}

/**
 * Queries [L, heads*d], keys and values [L, kv*d] of one layer before rotation -> mixed values [L,
 * heads*d].
 */
export type Attention = (queries: string, keys: string, values: string, layer: number) => string;

/**
 * The decoder: all layers and the final norm. Hidden states are [L, h] throughout; `keep` cuts the
 * states that the final norm needs.
 */
export function decoder(
  context: DecoderContext,
  embeddings: string,
  attention: Attention,
  keep = unchanged,
): string {
  let x = embeddings;
  for (let i = 0; i < context.config.num_hidden_layers; i++) {
    x = decoderLayer(context, x, attention, i);
  }
  return rootMeanSquareNorm(context, keep(x), 'single_transformer.model.norm.weight');
}

function unchanged(x: string): string {
  return x;
}

/** x = x + attention(norm(x)); x = x + SwiGLU(norm(x)). */
function decoderLayer(
  context: DecoderContext,
  x: string,
  attention: Attention,
  index: number,
): string {
  const { builder, operators } = context;
  const layer = `single_transformer.model.layers.${String(index)}`;
  const weightOf = (name: string): string => `${layer}.${name}.weight`;
  const biasOf = (name: string): string => `${layer}.${name}.bias`;
  /** Products of one input with several weights. */
  const project = (input: string, names: readonly string[], withBias = false): string[] => {
    const biases = withBias ? names.map(biasOf) : undefined;
    return operators === 'integer'
      ? builder.integerLinears(input, names.map(weightOf), biases)
      : names.map((name, place) => builder.linear(input, weightOf(name), biases?.[place]));
  };

  const normed = rootMeanSquareNorm(context, x, `${layer}.input_layernorm.weight`);
  const inputs = ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj'];
  const [queries, keys, values] = project(normed, inputs, true);
  const mixed = attention(queries!, keys!, values!, index);
  const attended = builder.apply('Add', [x, ...project(mixed, ['self_attn.o_proj'])]);

  const normedAgain = rootMeanSquareNorm(
    context,
    attended,
    `${layer}.post_attention_layernorm.weight`,
  );
  const [gate, up] = project(normedAgain, ['mlp.gate_proj', 'mlp.up_proj']);
  const activated = builder.apply('Mul', [gate!, builder.apply('Sigmoid', [gate!])]);
  const gated = builder.apply('Mul', [activated, up!]);
  // Some patches have far larger values here than others. With one scale for all of them, this
  // product alone changes the states by 13 %; with one for each patch, all products together
  // change them by 2 %.
  const down = weightOf('mlp.down_proj');
  const lowered =
    operators === 'integer'
      ? builder.integerLinearByRows(gated, down)
      : builder.linear(gated, down);
  return builder.apply('Add', [attended, lowered]);
}

/** RMSNorm over the last axis. */
function rootMeanSquareNorm(
  { builder, config, operators }: DecoderContext,
  x: string,
  weight: string,
): string {
  if (operators !== 'plain') {
    const attributes = { epsilon: { float: config.rms_norm_eps }, axis: -1, stash_type: 1 };
    return builder.apply('SimplifiedLayerNormalization', [x, builder.weight(weight)], attributes);
  }
  const squared = builder.apply('Mul', [x, x]);
  const mean = builder.apply('ReduceMean', [squared, builder.integers([-1])], { keepdims: 1 });
  const root = builder.apply('Sqrt', [
    builder.apply('Add', [mean, builder.float(config.rms_norm_eps)]),
  ]);
  return builder.apply('Mul', [builder.apply('Div', [x, root]), builder.weight(weight)]);
}

/** Rotary embedding in the rotate-half convention: x [L, n*d] -> [1, L, n*d]. */
export function rotateFused({ builder, cos, sin }: DecoderContext, x: string): string {
  const batched = builder.apply('Unsqueeze', [x, builder.integers([0])]);
  // The tables hold one row per token already, so the positions are simply 0 .. L-1.
  const firstPosition = builder.integers([0]);
  return builder.apply('com.microsoft.RotaryEmbedding', [batched, firstPosition, cos, sin]);
}

/** Rotary embedding in the rotate-half convention: x [L, n*d] -> [L, n, d]. */
export function rotatePlain({ builder, config, cos, sin }: DecoderContext, x: string): string {
  const width = headDim(config);
  const heads = builder.apply('Reshape', [x, builder.integers([0, -1, width])]);
  const halves = builder.freshNames(2);
  builder.applyMany('Split', [heads], { axis: -1, num_outputs: 2 }, halves);
  const [first, second] = halves as [string, string];
  const perHead = (table: string): string =>
    builder.apply('Unsqueeze', [table, builder.integers([1])]);
  const times = (a: string, b: string): string => builder.apply('Mul', [a, b]);
  const [c, s] = [perHead(cos), perHead(sin)];
  const rotated = [
    builder.apply('Sub', [times(first, c), times(second, s)]),
    builder.apply('Add', [times(second, c), times(first, s)]),
  ];
  return builder.apply('Concat', rotated, { axis: -1 });
}

/**
 * Scaled dot-product attention of grouped queries, without repeating keys: queries [L, heads, d],
 * keys and values [1, kv, S, d], mask [L, S] added to the scores when given -> [L, heads*d].
 */
export function attendPlain(
  { builder, config }: DecoderContext,
  queries: string,
  keys: string,
  values: string,
  mask?: string,
): string {
  const width = headDim(config);
  const keyValueHeads = config.num_key_value_heads;
  const groups = config.num_attention_heads / keyValueHeads;
  const scaled = builder.apply('Mul', [queries, builder.float(1 / Math.sqrt(width))]);
  const grouped = builder.apply('Reshape', [
    scaled,
    builder.integers([-1, keyValueHeads, groups, width]),
  ]);
  const byGroup = builder.apply('Transpose', [grouped], { perm: [1, 2, 0, 3] });
  const shared = builder.integers([keyValueHeads, 1, -1, width]);
  const transposedKeys = builder.apply('Transpose', [builder.apply('Reshape', [keys, shared])], {
    perm: [0, 1, 3, 2],
  });
  const scores = builder.apply('MatMul', [byGroup, transposedKeys]);
  const masked = mask === undefined ? scores : builder.apply('Add', [scores, mask]);
  const weights = builder.apply('Softmax', [masked], { axis: -1 });
  const mixed = builder.apply('MatMul', [weights, builder.apply('Reshape', [values, shared])]);
  const byToken = builder.apply('Transpose', [mixed], { perm: [2, 0, 1, 3] });
  return builder.apply('Reshape', [
    byToken,
    builder.integers([-1, config.num_attention_heads * width]),
  ]);
}

/** [L, kv*d] or [L, kv, d] -> [1, kv, L, d], the layout of the key-value cache. */
export function toCacheLayout(
  { builder, config }: DecoderContext,
  x: string,
  name?: string,
): string {
  const shape = builder.integers([1, -1, config.num_key_value_heads, headDim(config)]);
  return builder.apply(
    'Transpose',
    [builder.apply('Reshape', [x, shape])],
    { perm: [0, 2, 1, 3] },
    name,
  );
}

/** Shape of one layer's keys or values in the cache. */
export function cacheShape(config: ModelConfig, length: string): (number | string)[] {
  return [1, config.num_key_value_heads, length, headDim(config)];
}
