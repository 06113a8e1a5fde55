import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../../core/errors.ts';
import { headDim, maskHeadChannels, modelConfigSchema, type ModelConfig } from '../config.ts';
import { readPlainText } from '../../../plain-file.ts';
import { locateCheckpointFile, maximumTextBytes } from '../../../onnx/checkpoint-file.ts';
import { listTensors, type TensorEntry } from '../../../onnx/safetensors.ts';
import { convertFailure } from './sentences.ts';
import { onnxFailure } from '../../../onnx/sentences.ts';

export const embedTokens = 'single_transformer.model.embed_tokens.weight';
/** A package of a tied head that stays rounded has a copy of the embeddings under this name. */
export const languageHead = 'single_transformer.lm_head.weight';

/** A checkpoint whose tensors are all there in the right shapes; their values are read later. */
export interface Checkpoint {
  readonly config: ModelConfig;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
}

/**
 * Keys that a checkpoint may hold beside the network: left over from training, or derived from the
 * config.
 */
const ignorableKeys = /(^|[._])(distill|teacher)|rotary_emb\.inv_freq$/;

const neededTokens = ['<vision>', '<vpatch>', '</vision>', '[SEG]', '<|im_end|>'];

/**
 * Opens the folder of a checkpoint: `config.json` and `model.safetensors` (or its shards) with the
 * key names of the reference code (pixel-sail.md 2i).
 * @throws AppError `checkpoint-invalid` naming the file, key or tensor, what was expected and what
 * was found
 */
export async function openCheckpoint(directory: string): Promise<Checkpoint> {
  const config = await readConfig(directory);
  const found = await listTensors(directory);
  const expected = expectedTensors(config);
  const tensors = new Map<string, TensorEntry>();
  for (const [name, shape] of expected) {
    const entry = found.get(name);
    if (entry === undefined) throw missingTensor(name, shape, config);
    if (entry.shape.join() !== shape.join()) throw wrongShape(entry, shape, config);
    tensors.set(name, entry);
  }
  const extra = [...found.keys()].filter(
    (name) => !expected.has(name) && !isIgnorable(name, config),
  );
  if (extra.length > 0) {
    const parts = { count: extra.length, first: extra.slice(0, 5) };
    throw convertFailure('checkpoint-invalid', 'tensorsUnplaced', parts);
  }
  return { config, tensors };
}

/**
 * Name and shape of every tensor that a network of these sizes has, in the order of the forward
 * pass.
 */
export function expectedTensors(config: ModelConfig): ReadonlyMap<string, readonly number[]> {
  const { hidden_size: hidden, vocab_size: vocabulary, mask_dim: maskChannels } = config;
  const channels = maskHeadChannels(config);
  const expected = new Map<string, readonly number[]>();
  const linear = (name: string, outputs: number, inputs: number, bias: boolean): void => {
    expected.set(`${name}.weight`, [outputs, inputs]);
    if (bias) expected.set(`${name}.bias`, [outputs]);
  };
  const model = 'single_transformer.model';
  linear(`${model}.embed_tokens`, vocabulary, hidden, false);
  linear(`${model}.vis_embed`, hidden, 3 * config.patch_size ** 2, false);
  linear(`${model}.vp_embed`, hidden, hidden, false);
  for (let i = 0; i < config.num_hidden_layers; i++) {
    addDecoderLayer(expected, `${model}.layers.${String(i)}`, config, linear);
  }
  expected.set(`${model}.norm.weight`, [hidden]);
  if (!config.tie_word_embeddings) linear('single_transformer.lm_head', vocabulary, hidden, false);
  if (hidden > 1024) {
    linear('image_feature_pre_projector.0', hidden, hidden, true);
    linear('image_feature_pre_projector.2', channels, hidden, true);
  }
  for (let k = 0; k < config.upsample_blocks; k++) {
    const block = `upsample_blocks.${String(k)}`;
    const layers: readonly [string, readonly number[]][] = [
      ['0', [channels, channels, 2, 2]],
      ['2.depthwise', [channels, 1, 3, 3]],
      ['2.pointwise', [channels, channels, 1, 1]],
      ['3.ln', [channels]],
    ];
    for (const [layer, shape] of layers) {
      expected.set(`${block}.${layer}.weight`, shape);
      expected.set(`${block}.${layer}.bias`, [channels]);
    }
  }
  linear('image_feature_projector.0', channels, channels, true);
  linear('image_feature_projector.2', maskChannels, channels, true);
  linear('seg_token_projector.0', channels, hidden, true);
  linear('seg_token_projector.2', maskChannels, channels, true);
  return expected;
}

function addDecoderLayer(
  expected: Map<string, readonly number[]>,
  layer: string,
  config: ModelConfig,
  linear: (name: string, outputs: number, inputs: number, bias: boolean) => void,
): void {
  const { hidden_size: hidden, intermediate_size: intermediate } = config;
  const queries = config.num_attention_heads * headDim(config);
  const keys = config.num_key_value_heads * headDim(config);
  expected.set(`${layer}.input_layernorm.weight`, [hidden]);
  linear(`${layer}.self_attn.q_proj`, queries, hidden, true);
  linear(`${layer}.self_attn.k_proj`, keys, hidden, true);
  linear(`${layer}.self_attn.v_proj`, keys, hidden, true);
  linear(`${layer}.self_attn.o_proj`, hidden, queries, false);
  expected.set(`${layer}.post_attention_layernorm.weight`, [hidden]);
  linear(`${layer}.mlp.gate_proj`, intermediate, hidden, false);
  linear(`${layer}.mlp.up_proj`, intermediate, hidden, false);
  linear(`${layer}.mlp.down_proj`, hidden, intermediate, false);
}

async function readConfig(directory: string): Promise<ModelConfig> {
  const path = join(directory, 'config.json');
  const text = await locateCheckpointFile(directory, 'config.json', maximumTextBytes)
    .then(readPlainText)
    .catch((thrown: unknown) => {
      if (thrown instanceof AppError) throw thrown;
      throw onnxFailure('checkpoint-invalid', 'checkpointFileMissing', { path }, thrown);
    });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalidConfig(path, 'is not JSON', cause);
  }
  const parsed = modelConfigSchema.safeParse(json);
  if (!parsed.success) throw invalidConfig(path, `is incomplete: ${z.prettifyError(parsed.error)}`);
  const problem = inconsistency(parsed.data);
  if (problem !== undefined) throw invalidConfig(path, problem);
  return parsed.data;
}

/** A contradiction between the sizes of a network; undefined if they are consistent. */
function inconsistency(config: ModelConfig): string | undefined {
  const {
    num_attention_heads: heads,
    num_key_value_heads: keyValueHeads,
    vocab_size: vocabulary,
  } = config;
  if (heads % keyValueHeads !== 0) {
    return `has ${String(heads)} attention heads for ${String(keyValueHeads)} key-value heads; expected a multiple`;
  }
  if (headDim(config) % 4 !== 0) {
    return `gives a head width of ${String(headDim(config))}; expected a multiple of 4, because two position axes share half of it`;
  }
  for (const token of neededTokens) {
    if (config.special_token_ids[token] === undefined)
      return `has no id for the token ${token} in special_token_ids`;
  }
  if (config.prompt_token_ids.length === 0)
    return 'has an empty prompt_token_ids; expected the ids of <Prompt0> …';
  const ids = [...Object.values(config.special_token_ids), ...config.prompt_token_ids];
  const outside = ids.find((id) => id < 0 || id >= vocabulary);
  if (outside === undefined) return undefined;
  return `names the token id ${String(outside)}, but vocab_size is ${String(vocabulary)}`;
}

function isIgnorable(name: string, config: ModelConfig): boolean {
  const isTiedHead = config.tie_word_embeddings && name === languageHead;
  return isTiedHead || ignorableKeys.test(name);
}

function missingTensor(tensor: string, shape: readonly number[], config: ModelConfig): AppError {
  return convertFailure('checkpoint-invalid', 'tensorMissing', {
    tensor,
    shape,
    layers: config.num_hidden_layers,
    hiddenSize: config.hidden_size,
    mayBeTied: tensor === languageHead,
  });
}

function wrongShape(
  { name, shape }: TensorEntry,
  expected: readonly number[],
  { vocab_size: vocabulary }: ModelConfig,
): AppError {
  const isOfVocabulary = expected[0] === vocabulary && shape.length === 2;
  return convertFailure('checkpoint-invalid', 'tensorShape', {
    tensor: name,
    expected,
    found: shape,
    vocabulary: isOfVocabulary ? vocabulary : null,
  });
}

function invalidConfig(path: string, problem: string, cause?: unknown): AppError {
  return new AppError('checkpoint-invalid', `${path} ${problem}.`, { path }, { cause });
}
