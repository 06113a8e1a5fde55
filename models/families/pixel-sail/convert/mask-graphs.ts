import { maskHeadChannels, upsamplingFactor, type ModelConfig } from '../config.ts';
import type { Operators } from './decoder.ts';
import { GraphBuilder } from '../../../onnx/graph-builder.ts';
import type { Graph } from '../../../onnx/onnx.ts';
import type { StoredWeight } from '../../../onnx/weights-file.ts';

/**
 * Vision states to the feature map F: pre-projector when the network is wide, upsampling blocks,
 * feature projector (pixel-sail.md 2b.1 to 2b.4). Inputs and outputs: see graphRoles in
 * ../manifest.ts.
 *
 * The map is kept as [pixels, channels] between blocks, so that layer norms and 1x1 convolutions
 * are contiguous.
 */
export function buildFeaturesGraph(
  config: ModelConfig,
  weights: ReadonlyMap<string, StoredWeight>,
  operators: Operators = 'plain',
): Graph {
  const builder = new GraphBuilder(weights);
  const states = builder.input('states', 'float32', ['N', config.hidden_size]);
  const grid = builder.input('grid', 'int64', [2]);

  const first =
    config.hidden_size > 1024 ? twoLayers(builder, states, 'image_feature_pre_projector') : states;
  let x: Cells = { values: first, offset: null };
  let size = grid;
  for (let k = 0; k < config.upsample_blocks; k++) {
    x = upsample(
      builder,
      x,
      size,
      `upsample_blocks.${String(k)}`,
      maskHeadChannels(config),
      operators,
    );
    size = builder.apply('Mul', [size, builder.integers([2])]);
  }
  const projected = project(builder, x, operators);
  const shape = builder.apply('Concat', [builder.integers([config.mask_dim]), size], { axis: 0 });
  builder.apply('Reshape', [projected, shape], {}, 'features');
  const factor = String(upsamplingFactor(config));
  builder.output('features', 'float32', [config.mask_dim, `rows*${factor}`, `columns*${factor}`]);
  return builder.build('features');
}

/** The cells of a map, [cells, channels]. */
interface Cells {
  readonly values: string;
  /** A constant row [channels] that is to be added to each of `values`; null = none. */
  readonly offset: string | null;
}

/** Cells times a matrix [outputs, inputs], plus a bias [outputs]. */
function product(
  builder: GraphBuilder,
  { values, offset }: Cells,
  matrix: string,
  bias: string,
  operators: Operators,
): string {
  if (operators !== 'integer') return builder.apply('Gemm', [values, matrix, bias], { transB: 1 });
  if (offset === null) return builder.integerProduct(values, matrix, bias);
  const moved = builder.apply('Add', [bias, builder.apply('MatMul', [matrix, offset])]);
  return builder.integerProduct(values, matrix, moved);
}

/** The feature projector: cells [HW, d] to [C, HW]. */
function project(builder: GraphBuilder, cells: Cells, operators: Operators): string {
  const weight = (name: string): string => builder.weight(`image_feature_projector.${name}`);
  const hidden = builder.apply('Relu', [
    product(builder, cells, weight('0.weight'), weight('0.bias'), operators),
  ]);
  // The last product stays in float32: in int8 the scores of masks that one point may mean changed
  // places. It is taken the other way round, [C, d] x [HW, d], which leaves channels first without
  // a transpose.
  const columnBias = builder.apply('Reshape', [weight('2.bias'), builder.integers([-1, 1])]);
  return builder.apply('Gemm', [weight('2.weight'), hidden, columnBias], { transB: 1 });
}

/**
 * One block: transposed 2x2 convolution of stride 2, GELU, depthwise 3x3, pointwise, layer norm.
 * [HW, d] -> [4HW, d].
 */
function upsample(
  builder: GraphBuilder,
  x: Cells,
  size: string,
  block: string,
  channels: number,
  operators: Operators,
): Cells {
  const reshape = (value: string, shape: readonly number[]): string =>
    builder.apply('Reshape', [value, builder.integers(shape)]);
  const around = (before: readonly number[], middle: string, after: readonly number[]): string =>
    builder.apply('Concat', [builder.integers(before), middle, builder.integers(after)], {
      axis: 0,
    });

  // Stride equals kernel size, so every input pixel makes its own 2x2 square: one matrix product,
  // then a shuffle.
  const kernel = builder.apply('Transpose', [builder.weight(`${block}.0.weight`)], {
    perm: [2, 3, 1, 0],
  });
  const bias = builder.apply('Expand', [
    builder.weight(`${block}.0.bias`),
    builder.integers([4, 1]),
  ]);
  const squareKernel = reshape(kernel, [4 * channels, channels]);
  const squares = product(builder, x, squareKernel, reshape(bias, [-1]), operators);
  const bySquare = builder.apply('Reshape', [squares, around([], size, [2, 2 * channels])]);
  const byRow = builder.apply('Transpose', [bySquare], { perm: [0, 2, 1, 3] });
  const activated = builder.apply('Gelu', [reshape(byRow, [-1, channels])]);

  const doubled = builder.apply('Mul', [size, builder.integers([2])]);
  const map = builder.apply('Reshape', [
    builder.apply('Transpose', [activated], { perm: [1, 0] }),
    around([1, channels], doubled, []),
  ]);
  const depthwise = ['weight', 'bias'].map((kind) =>
    builder.weight(`${block}.2.depthwise.${kind}`),
  );
  const convolved = builder.apply('Conv', [map, ...depthwise], {
    group: channels,
    pads: [1, 1, 1, 1],
  });
  const pointwise = reshape(builder.weight(`${block}.2.pointwise.weight`), [channels, channels]);
  const pointwiseBias = builder.weight(`${block}.2.pointwise.bias`);
  const byChannel = reshape(convolved, [channels, -1]);
  const mixed =
    operators === 'integer'
      ? builder.integerProduct(
          builder.apply('Transpose', [byChannel], { perm: [1, 0] }),
          pointwise,
          pointwiseBias,
        )
      : builder.apply('Gemm', [byChannel, pointwise, pointwiseBias], { transA: 1, transB: 1 });
  const [factors, offset] = ['weight', 'bias'].map((kind) =>
    builder.weight(`${block}.3.ln.${kind}`),
  ) as [string, string];
  const attributes = { axis: -1, epsilon: { float: 1e-6 } };
  const norm = (...inputs: string[]) => builder.apply('LayerNormalization', inputs, attributes);
  // The offset of one channel is 18 times as large as what varies in it. In int8 the next product
  // takes the offsets with its bias, so that only the varying part is rounded: the feature map
  // changes by 2 % instead of 4 %.
  return operators === 'integer'
    ? { values: norm(mixed, factors), offset }
    : { values: norm(mixed, factors, offset), offset: null };
}

/**
 * States of `[SEG]` to queries, and their products with the feature map (pixel-sail.md 2b.5 and
 * 2b.6).
 */
export function buildMaskGraph(
  config: ModelConfig,
  weights: ReadonlyMap<string, StoredWeight>,
): Graph {
  const builder = new GraphBuilder(weights);
  const segStates = builder.input('seg_states', 'float32', ['S', config.hidden_size]);
  const features = builder.input('features', 'float32', [config.mask_dim, 'H', 'W']);

  const queries = builder.apply(
    'Identity',
    [twoLayers(builder, segStates, 'seg_token_projector')],
    {},
    'queries',
  );
  const flat = builder.apply('Reshape', [features, builder.integers([config.mask_dim, -1])]);
  const products = builder.apply('MatMul', [queries, flat]);
  const count = builder.apply('Shape', [segStates], { start: 0, end: 1 });
  const size = builder.apply('Shape', [features], { start: 1, end: 3 });
  builder.apply(
    'Reshape',
    [products, builder.apply('Concat', [count, size], { axis: 0 })],
    {},
    'mask_logits',
  );

  builder.output('queries', 'float32', ['S', config.mask_dim]);
  builder.output('mask_logits', 'float32', ['S', 'H', 'W']);
  return builder.build('mask');
}

/** Linear, ReLU, Linear. */
function twoLayers(builder: GraphBuilder, x: string, name: string): string {
  const hidden = builder.apply('Relu', [builder.linear(x, `${name}.0.weight`, `${name}.0.bias`)]);
  return builder.linear(hidden, `${name}.2.weight`, `${name}.2.bias`);
}
