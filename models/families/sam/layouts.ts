import type { GraphInterface } from '../../onnx/graph-interface.ts';
import type { SamConfig } from './config.ts';

/** Means and deviations of ImageNet's pixels, as bytes. */
const imageNet = {
  mean: [123.675, 116.28, 103.53],
  deviation: [58.395, 57.12, 57.375],
} satisfies Partial<SamConfig['image']>;
/** Pixels as they are, because the graph normalises them. */
const asBytes = { mean: [0, 0, 0], deviation: [1, 1, 1] } satisfies Partial<SamConfig['image']>;
const asShares = {
  mean: [0, 0, 0],
  deviation: [255, 255, 255],
} satisfies Partial<SamConfig['image']>;

/** The limits of the automatic mask generators of SAM and of SAM 2. */
const samLimits = { leastScore: 0.88, leastStability: 0.95, mostOverlap: 0.7 };
const sam2Limits = { ...samLimits, leastScore: 0.8 };

/** Cells of the embedding are this many pixels apart, in all of these networks. */
const stride = 16;
const usualSide = 1024;

/** A way in which a promptable encoder and decoder are exported. */
export interface Layout {
  readonly id: string;
  /** The decoder's inputs that make it this one; it has no other ones, but may have `optional`. */
  readonly inputs: readonly string[];
  readonly optional?: readonly string[];
  readonly outputs: readonly string[];
  /** Those of the inputs that the encoder gives. */
  readonly features: readonly string[];
  /** The one of them with a cell for each 16 x 16 pixels. */
  readonly embedding: string;
  readonly fit: SamConfig['image']['fit'];
  readonly rounded: boolean;
  readonly normalization: Pick<SamConfig['image'], 'mean' | 'deviation'>;
  readonly points: Pick<SamConfig['points'], 'coordinates' | 'labels' | 'rank' | 'padded'>;
  /** A box is a pair of points unless the decoder has this input, or none. */
  readonly boxes: SamConfig['boxes'];
  readonly logits: string;
  readonly scores: string;
  readonly singleFirst: boolean;
  readonly everything: SamConfig['everything'];
}

const points = { coordinates: 'point_coords', labels: 'point_labels', rank: 3 } as const;
const maskInputs = ['mask_input', 'has_mask_input'];

/**
 * The layouts in use, each by its decoder's names; https://github.com/vietanhdev/samexporter lists
 * most of them.
 */
export const layouts: readonly Layout[] = [
  {
    id: 'segment-anything',
    inputs: ['image_embeddings', 'point_coords', 'point_labels', ...maskInputs, 'orig_im_size'],
    outputs: ['iou_predictions', 'low_res_masks'],
    features: ['image_embeddings'],
    embedding: 'image_embeddings',
    fit: 'pad',
    rounded: true,
    normalization: imageNet,
    points: { ...points, padded: true },
    boxes: { kind: 'corners' },
    logits: 'low_res_masks',
    scores: 'iou_predictions',
    singleFirst: true,
    everything: samLimits,
  },
  {
    id: 'sam2',
    inputs: [
      'image_embed',
      'high_res_feats_0',
      'high_res_feats_1',
      'point_coords',
      'point_labels',
      ...maskInputs,
    ],
    optional: ['orig_im_size'],
    outputs: ['masks', 'iou_predictions'],
    features: ['image_embed', 'high_res_feats_0', 'high_res_feats_1'],
    embedding: 'image_embed',
    fit: 'stretch',
    rounded: false,
    normalization: imageNet,
    points: { ...points, padded: false },
    boxes: { kind: 'corners' },
    logits: 'masks',
    scores: 'iou_predictions',
    singleFirst: false,
    everything: sam2Limits,
  },
  {
    id: 'edge-sam',
    inputs: ['image_embeddings', 'point_coords', 'point_labels'],
    outputs: ['scores', 'masks'],
    features: ['image_embeddings'],
    embedding: 'image_embeddings',
    fit: 'pad',
    rounded: true,
    normalization: imageNet,
    points: { ...points, padded: true },
    boxes: { kind: 'corners' },
    logits: 'masks',
    scores: 'scores',
    singleFirst: true,
    everything: samLimits,
  },
  {
    id: 'efficient-sam',
    inputs: ['image_embeddings', 'batched_point_coords', 'batched_point_labels', 'orig_im_size'],
    outputs: ['output_masks', 'iou_predictions'],
    features: ['image_embeddings'],
    embedding: 'image_embeddings',
    fit: 'free',
    rounded: true,
    normalization: asShares,
    points: {
      coordinates: 'batched_point_coords',
      labels: 'batched_point_labels',
      rank: 4,
      padded: false,
    },
    boxes: { kind: 'corners' },
    logits: 'output_masks',
    scores: 'iou_predictions',
    singleFirst: false,
    everything: samLimits,
  },
  {
    id: 'transformers-sam',
    inputs: ['input_points', 'input_labels', 'image_embeddings', 'image_positional_embeddings'],
    optional: ['input_boxes'],
    outputs: ['iou_scores', 'pred_masks'],
    features: ['image_embeddings', 'image_positional_embeddings'],
    embedding: 'image_embeddings',
    fit: 'pad',
    rounded: true,
    normalization: imageNet,
    points: { coordinates: 'input_points', labels: 'input_labels', rank: 4, padded: false },
    boxes: { kind: 'none' },
    logits: 'pred_masks',
    scores: 'iou_scores',
    singleFirst: false,
    everything: samLimits,
  },
  {
    id: 'transformers-sam2',
    inputs: [
      'input_points',
      'input_labels',
      'input_boxes',
      'image_embeddings.0',
      'image_embeddings.1',
      'image_embeddings.2',
    ],
    outputs: ['iou_scores', 'pred_masks'],
    features: ['image_embeddings.0', 'image_embeddings.1', 'image_embeddings.2'],
    embedding: 'image_embeddings.2',
    fit: 'stretch',
    rounded: true,
    normalization: imageNet,
    points: { coordinates: 'input_points', labels: 'input_labels', rank: 4, padded: false },
    boxes: { kind: 'input', input: 'input_boxes' },
    logits: 'pred_masks',
    scores: 'iou_scores',
    singleFirst: false,
    everything: sam2Limits,
  },
];

/** Whether a decoder is of a layout. */
export function isDecoder({ inputs, outputs }: GraphInterface, layout: Layout): boolean {
  const known = [...layout.inputs, ...(layout.optional ?? [])];
  return (
    layout.inputs.every((name) => name in inputs) &&
    Object.keys(inputs).every((name) => known.includes(name)) &&
    layout.outputs.every((name) => name in outputs)
  );
}

/**
 * The encoder's output for each feature that the decoder of a layout takes: that of its name;
 * where it takes one only, the encoder's only output. Null when they do not go together.
 */
export function featuresOf(
  encoder: GraphInterface,
  { features }: Layout,
): Readonly<Record<string, string>> | null {
  const images = Object.values(encoder.inputs).filter(({ shape }) => isImage(shape));
  if (images.length !== 1 || Object.keys(encoder.inputs).length !== 1) return null;
  const given = Object.keys(encoder.outputs);
  const byName = features.map((name) => [name, given.includes(name) ? name : null] as const);
  if (byName.every(([, output]) => output !== null)) {
    return Object.fromEntries(byName.map(([name]) => [name, name]));
  }
  return features.length === 1 && given.length === 1 ? { [features[0]!]: given[0]! } : null;
}

function isImage(shape: readonly (number | string)[]): boolean {
  if (shape.length === 3) return shape[2] === 3;
  return shape.length === 4 && (shape[1] === 3 || typeof shape[1] === 'string');
}

/**
 * The manifest part of a package of these two graphs.
 * @param side of the encoder's square, where its shapes do not tell it
 */
export function configOf(
  layout: Layout,
  encoder: GraphInterface,
  decoder: GraphInterface,
  features: Readonly<Record<string, string>>,
  side?: number,
): SamConfig {
  const [input, { shape }] = Object.entries(encoder.inputs)[0]!;
  const isBare = shape.length === 3;
  const square = side ?? sideOf(layout, encoder, decoder, features);
  const takes = (name: string) => name in decoder.inputs;
  const { coordinates } = layout.points;
  const count = decoder.inputs[coordinates]!.shape.at(-2);
  const takesBoxes = layout.boxes.kind === 'none' && takes('input_boxes');
  return {
    layout: layout.id,
    image: {
      input,
      order: isBare ? 'hwc' : 'chw',
      side: square,
      fit: layout.fit,
      padsItself: isBare,
      rounded: layout.rounded,
      ...(isBare ? asBytes : layout.normalization),
    },
    features,
    points: { ...layout.points, count: isFixed(count) ? count : null },
    boxes: takesBoxes ? { kind: 'input', input: 'input_boxes' } : layout.boxes,
    mask: takes('mask_input')
      ? {
          input: 'mask_input',
          flag: 'has_mask_input',
          side: fixedOr(decoder.inputs['mask_input']!.shape.at(-1), square / 4),
        }
      : null,
    size: takes('orig_im_size') ? 'orig_im_size' : null,
    output: { logits: layout.logits, scores: layout.scores, singleFirst: layout.singleFirst },
    everything: layout.everything,
  };
}

/** The encoder's own side where it is fixed, else that of the embedding's cells. */
function sideOf(
  { embedding, fit }: Layout,
  encoder: GraphInterface,
  decoder: GraphInterface,
  features: Readonly<Record<string, string>>,
): number {
  const { shape } = Object.values(encoder.inputs)[0]!;
  const own = shape.length === 4 && fit !== 'free' ? shape[3] : undefined;
  if (isFixed(own)) return own;
  const shapes = [decoder.inputs[embedding]!.shape, encoder.outputs[features[embedding]!]!.shape];
  const cells = shapes.map((known) => known.at(-1)).find(isFixed);
  return cells === undefined ? usualSide : cells * stride;
}

function isFixed(length: number | string | undefined): length is number {
  return typeof length === 'number' && length > 0;
}

function fixedOr(length: number | string | undefined, otherwise: number): number {
  return isFixed(length) ? length : otherwise;
}
