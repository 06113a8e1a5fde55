import type { Tensor } from 'onnxruntime-node';
import { float32Of, integersOf, type NpyArray } from './npz.ts';
import {
  emptyPast,
  float32,
  int64,
  pastOf,
  rotaryTables,
  type Graphs,
  type Tensors,
} from './onnx-graphs.ts';

/** Arrays of a parity fixture for one sequence: image block of N patches, then text. */
export interface Recorded {
  readonly patches: Float32Array;
  readonly patchCount: number;
  readonly grid: readonly number[];
  readonly tokens: readonly number[];
  /** Positions of all tokens along the two axes. */
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly segPositions: readonly number[];
}

/** `present` of the text is after its last token; arrays as the graphs return them. */
export interface Passes {
  readonly states: Float32Array;
  readonly hidden: Float32Array;
  /** After each text token, [T, V]. */
  readonly logits: Float32Array;
  readonly features: Float32Array;
  readonly queries: Float32Array;
  readonly maskLogits: Float32Array;
}

export function recordedSequence(arrays: ReadonlyMap<string, NpyArray>): Recorded {
  const positions = integersOf(arrays, 'position_ids');
  const length = positions.length / 3;
  return {
    patches: float32Of(arrays, 'patches'),
    patchCount: arrays.get('patches')!.shape[0]!,
    grid: integersOf(arrays, 'patch_grid_hw'),
    tokens: integersOf(arrays, 'input_ids'),
    rows: positions.slice(length, 2 * length),
    columns: positions.slice(2 * length),
    segPositions: integersOf(arrays, 'seg_positions'),
  };
}

export function floats(tensor: Tensor | undefined): Float32Array {
  return tensor!.data as Float32Array;
}

/**
 * Runs all four graphs over a sequence: the text once as a whole, and once token by token for its
 * logits.
 */
export async function runPasses(
  graphs: Graphs,
  recorded: Recorded,
  promptIndex: readonly number[],
): Promise<Passes> {
  const { sessions, manifest } = graphs;
  const { hidden_size: width } = manifest.config;
  const imageLength = recorded.patchCount + 2;
  const image = await runImage(graphs, recorded, promptIndex);
  const text = recorded.tokens.slice(imageLength);
  const positions = [
    recorded.rows.slice(imageLength),
    recorded.columns.slice(imageLength),
  ] as const;
  const whole = (await sessions.text.run({
    input_ids: int64(text, [1, text.length]),
    ...rotaryTables(graphs, ...positions),
    ...pastOf(image),
  })) as Tensors;
  const hidden = floats(whole['hidden']);
  const { features } = (await sessions.features.run({
    states: image['states']!,
    grid: int64(recorded.grid, [2]),
  })) as Tensors;
  const segStates = recorded.segPositions.flatMap((position) => [
    ...hidden.subarray((position - imageLength) * width, (position - imageLength + 1) * width),
  ]);
  const mask = (await sessions.mask.run({
    seg_states: float32(Float32Array.from(segStates), [recorded.segPositions.length, width]),
    features: features!,
  })) as Tensors;
  return {
    states: floats(image['states']),
    hidden,
    logits: await logitsByToken(graphs, text, positions, pastOf(image)),
    features: floats(features),
    queries: floats(mask['queries']),
    maskLogits: floats(mask['mask_logits']),
  };
}

export async function runImage(
  graphs: Graphs,
  { patches, patchCount, rows, columns }: Recorded,
  promptIndex: readonly number[],
): Promise<Tensors> {
  const length = patchCount + 2;
  return (await graphs.sessions.image.run({
    patches: float32(patches, [patchCount, patches.length / patchCount]),
    prompt_index: int64(promptIndex, [patchCount]),
    ...rotaryTables(graphs, rows.slice(0, length), columns.slice(0, length)),
  })) as Tensors;
}

/** Logits after each token of a text without an image. */
export function runTextOnly(graphs: Graphs, tokens: readonly number[]): Promise<Float32Array> {
  const positions = tokens.map((_, i) => i);
  return logitsByToken(graphs, tokens, [positions, positions], emptyPast(graphs));
}

async function logitsByToken(
  graphs: Graphs,
  tokens: readonly number[],
  [rows, columns]: readonly [readonly number[], readonly number[]],
  start: Tensors,
): Promise<Float32Array> {
  const vocabulary = graphs.manifest.config.vocab_size;
  const logits = new Float32Array(tokens.length * vocabulary);
  let past = start;
  for (const [i, token] of tokens.entries()) {
    const step = (await graphs.sessions.text.run({
      input_ids: int64([token], [1, 1]),
      ...rotaryTables(graphs, [rows[i]!], [columns[i]!]),
      ...past,
    })) as Tensors;
    past = pastOf(step);
    logits.set(floats(step['logits']), i * vocabulary);
  }
  return logits;
}

/** Largest absolute difference; infinite when the lengths differ. */
export function largestDifference(found: Float32Array, expected: Float32Array): number {
  if (found.length !== expected.length) return Infinity;
  return found.reduce((largest, value, i) => Math.max(largest, Math.abs(value - expected[i]!)), 0);
}

/** Intersection over union of all masks together, a mask being where its logit is positive. */
export function maskIou(found: Float32Array, expected: Float32Array): number {
  let intersection = 0;
  let union = 0;
  found.forEach((value, i) => {
    if (value > 0 && expected[i]! > 0) intersection++;
    if (value > 0 || expected[i]! > 0) union++;
  });
  return intersection / union;
}

/** [cells, channels] -> [channels, cells]. */
export function channelsFirst(map: Float32Array, channels: number): Float32Array {
  const cells = map.length / channels;
  return map.map((_, i) => map[(i % cells) * channels + Math.floor(i / cells)]!);
}
