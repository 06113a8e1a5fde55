import { headDim, type ModelConfig } from '../config.ts';
import { embedTokens, languageHead } from './checkpoint.ts';
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
import { elementTypeCode, type Graph } from '../../../onnx/onnx.ts';
import type { StoredWeight } from '../../../onnx/weights-file.ts';

/** Keeps a score finite when added to it, and its softmax weight zero. */
const forbidden = -1e30;

/**
 * Text over a past of P tokens (an image block, earlier text, or nothing), purely causal
 * (pixel-sail.md 1c). Inputs and outputs: see graphRoles in ../manifest.ts.
 */
export function buildTextGraph(
  config: ModelConfig,
  weights: ReadonlyMap<string, StoredWeight>,
  operators: Operators,
): Graph {
  const builder = new GraphBuilder(weights);
  const inputIds = builder.input('input_ids', 'int64', [1, 'T']);
  const cos = builder.input('cos', 'float32', ['T', headDim(config) / 2]);
  const sin = builder.input('sin', 'float32', ['T', headDim(config) / 2]);
  for (let i = 0; i < config.num_hidden_layers; i++) {
    builder.input(`past.${String(i)}.key`, 'float32', cacheShape(config, 'P'));
    builder.input(`past.${String(i)}.value`, 'float32', cacheShape(config, 'P'));
  }
  const context: DecoderContext = { builder, config, operators, cos, sin };

  const tokens = builder.apply('Squeeze', [inputIds, builder.integers([0])]);
  // Widened as a whole unless it is too large for that: GPUs without float16 shaders cannot gather
  // float16, and a tied head needs it wide anyway.
  const embeddings = builder.isKept(languageHead)
    ? builder.lookUp(embedTokens, tokens)
    : builder.apply('Gather', [builder.weight(embedTokens), tokens]);
  const attention =
    operators === 'plain' ? attendCausallyPlain(context) : attendCausallyFused(context);
  const normed = decoder(context, embeddings, attention);
  const last = builder.apply('Slice', [
    normed,
    builder.integers([-1]),
    builder.integers([2 ** 31]),
    builder.integers([0]),
  ]);
  const logits = builder.linear(last, weights.has(languageHead) ? languageHead : embedTokens);
  builder.apply('Unsqueeze', [normed, builder.integers([0])], {}, 'hidden');
  builder.apply('Unsqueeze', [logits, builder.integers([0])], {}, 'logits');

  builder.output('hidden', 'float32', [1, 'T', config.hidden_size]);
  builder.output('logits', 'float32', [1, 1, config.vocab_size]);
  for (let i = 0; i < config.num_hidden_layers; i++) {
    builder.output(`present.${String(i)}.key`, 'float32', cacheShape(config, 'P+T'));
    builder.output(`present.${String(i)}.value`, 'float32', cacheShape(config, 'P+T'));
  }
  return builder.build('text');
}

/** Lengths as int64 [1]: T of the new tokens, and P+T with the past. */
function lengths({ builder, cos }: DecoderContext): { added: string; total: string } {
  const added = builder.apply('Shape', [cos], { start: 0, end: 1 });
  const past = builder.apply('Shape', ['past.0.key'], { start: 2, end: 3 });
  return { added, total: builder.apply('Add', [past, added]) };
}

/** [T, P+T]: 0 where the key stands no later than the query, else a very low score. */
function causalMask(context: DecoderContext): string {
  const { builder } = context;
  const { added, total } = lengths(context);
  const scalar = (length: string): string => builder.apply('Squeeze', [length]);
  const range = (from: string): string =>
    builder.apply('Range', [from, scalar(total), builder.integers(1)]);
  const queryPositions = range(scalar(builder.apply('Sub', [total, added])));
  const isAllowed = builder.apply('LessOrEqual', [
    range(builder.integers(0)),
    builder.apply('Unsqueeze', [queryPositions, builder.integers([1])]),
  ]);
  return builder.apply('Where', [isAllowed, builder.float(0), builder.float(forbidden)]);
}

function attendCausallyPlain(context: DecoderContext): Attention {
  const { builder } = context;
  const mask = causalMask(context);
  return (queries, keys, values, layer) => {
    const extend = (kind: string, added: string): string =>
      builder.apply(
        'Concat',
        [`past.${String(layer)}.${kind}`, toCacheLayout(context, added)],
        { axis: 2 },
        `present.${String(layer)}.${kind}`,
      );
    const allKeys = extend('key', rotatePlain(context, keys));
    const allValues = extend('value', values);
    return attendPlain(context, rotatePlain(context, queries), allKeys, allValues, mask);
  };
}

function attendCausallyFused(context: DecoderContext): Attention {
  const { builder, config } = context;
  const toInt32 = (x: string): string =>
    builder.apply('Cast', [x], { to: elementTypeCode('int32') });
  const { total } = lengths(context);
  const lastPosition = toInt32(builder.apply('Sub', [total, builder.integers([1])]));
  const totalLength = toInt32(builder.apply('Squeeze', [total]));
  return (queries, keys, values, layer) => {
    const [mixed] = builder.freshNames(1) as [string];
    const name = String(layer);
    builder.applyMany(
      'com.microsoft.GroupQueryAttention',
      [
        rotateFused(context, queries),
        rotateFused(context, keys),
        builder.apply('Unsqueeze', [values, builder.integers([0])]),
        `past.${name}.key`,
        `past.${name}.value`,
        lastPosition,
        totalLength,
      ],
      { num_heads: config.num_attention_heads, kv_num_heads: config.num_key_value_heads },
      [mixed, `present.${name}.key`, `present.${name}.value`],
    );
    return builder.apply('Squeeze', [mixed, builder.integers([0])]);
  };
}
