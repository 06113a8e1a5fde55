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

  let x = states;
  if (config.hidden_size > 1024) x = twoLayers(builder, x, 'image_feature_pre_projector');
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
  const hidden = builder.apply('Relu', [
    builder.linear(x, 'image_feature_projector.0.weight', 'image_feature_projector.0.bias'),
  ]);
  // The last product is taken the other way round, [C, d] x [HW, d], which leaves channels first
  // without a transpose.
  const columnBias = builder.apply('Reshape', [
    builder.weight('image_feature_projector.2.bias'),
    builder.integers([-1, 1]),
  ]);
  const projected = builder.apply(
    'Gemm',
    [builder.weight('image_feature_projector.2.weight'), hidden, columnBias],
    { transB: 1 },
  );
  const shape = builder.apply('Concat', [builder.integers([config.mask_dim]), size], { axis: 0 });
  builder.apply('Reshape', [projected, shape], {}, 'features');
  const factor = String(upsamplingFactor(config));
  builder.output('features', 'float32', [config.mask_dim, `rows*${factor}`, `columns*${factor}`]);
  return builder.build('features');
}

/**
 * One block: transposed 2x2 convolution of stride 2, GELU, depthwise 3x3, pointwise, layer norm.
 * [HW, d] -> [4HW, d].
 */
function upsample(
  builder: GraphBuilder,
  x: string,
  size: string,
  block: string,
  channels: number,
  operators: Operators,
): string {
  const reshape = (value: string, shape: readonly number[]): string =>
    builder.apply('Reshape', [value, builder.integers(shape)]);
  const around = (before: readonly number[], middle: string, after: readonly number[]): string =>
    builder.apply('Concat', [builder.integers(before), middle, builder.integers(after)], {
      axis: 0,
    });

  /** x [n, inputs], or its transpose, times a matrix [outputs, inputs]. */
  const product = (x: string, matrix: string, bias: string, isTransposed = false): string => {
    if (operators !== 'integer') {
      const flags = { transB: 1, ...(isTransposed && { transA: 1 }) };
      return builder.apply('Gemm', [x, matrix, bias], flags);
    }
    const rows = isTransposed ? builder.apply('Transpose', [x], { perm: [1, 0] }) : x;
    return builder.integerProduct(rows, matrix, bias);
  };

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
  const squares = product(x, squareKernel, reshape(bias, [-1]));
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
  const mixed = product(reshape(convolved, [channels, -1]), pointwise, pointwiseBias, true);
  const norm = [builder.weight(`${block}.3.ln.weight`), builder.weight(`${block}.3.ln.bias`)];
  return builder.apply('LayerNormalization', [mixed, ...norm], {
    axis: -1,
    epsilon: { float: 1e-6 },
  });
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
