import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../../core/errors.ts';
import type { Precision } from '../../../../core/precision.ts';
import { manifestSchema } from '../../../package/manifest.ts';
import type { PixelSailManifest } from '../manifest.ts';
import { manifestFile } from '../../../package/package.ts';
import { byteTokenizerJson, byteTokensSchema } from './byte-tokenizer.ts';
import { embedTokens, languageHead, openCheckpoint, type Checkpoint } from './checkpoint.ts';
import { makeFolder } from '../../../package/make-folder.ts';
import { estimateMemory } from './memory.ts';
import { PackageFiles, writeGraphs } from './package-files.ts';
import { readOptionalText, type TensorEntry } from '../../../onnx/safetensors.ts';
import {
  roundings,
  WeightsFile,
  type StoredWeight,
  type WeightStorage,
} from '../../../onnx/weights-file.ts';
import { convertFailure } from './sentences.ts';

const weightsFile = 'weights.bin';
const tokenizerFile = 'tokenizer.json';

export interface ConvertOptions {
  readonly precision: Precision;
  /** Lower-case letters, digits, dots and hyphens. */
  readonly id: string;
  readonly title: string;
  readonly version?: string;
  readonly description?: string;
  readonly license?: string;
  readonly source?: { readonly url: string; readonly revision: string };
  /**
   * Default `fused` for the CPU, with plain twins for other devices and twins in int8; `plain`
   * leaves all but the plain ones out.
   */
  readonly operators?: 'fused' | 'plain';
  /**
   * Whether rounded weights stay integers when the graphs run, or are widened to float32 when they
   * are loaded, which is faster for a small network. Default by the size of the network.
   */
  readonly integers?: 'kept' | 'widened';
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ConvertProgress) => void;
}

/** Weights copied so far, counted in bytes of the checkpoint. */
export interface ConvertProgress {
  readonly tensor: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/**
 * Turns a checkpoint in safetensors, with the key names of the reference code, into a model
 * package. The target appears complete or not at all: it is made in a folder beside it and
 * renamed.
 * @throws AppError `checkpoint-invalid` for anything wrong with the checkpoint, `already-exists`
 * when the target does, `invalid-input` for an id that is none, `cancelled` on abort, `disk-full`,
 * `permission-denied`
 */
export async function convertCheckpoint(
  checkpointDirectory: string,
  targetDirectory: string,
  options: ConvertOptions,
): Promise<PixelSailManifest> {
  if (!manifestSchema.shape.id.safeParse(options.id).success) {
    throw new AppError(
      'invalid-input',
      `${options.id} is no package id: expected lower-case letters, digits, dots and hyphens.`,
    );
  }
  return makeFolder(targetDirectory, async (draft) => {
    const checkpoint = await openCheckpoint(checkpointDirectory);
    const tokenizer = await readTokenizer(checkpointDirectory);
    return writePackage(checkpoint, tokenizer, draft, options);
  });
}

async function writePackage(
  checkpoint: Checkpoint,
  tokenizer: string,
  directory: string,
  options: ConvertOptions,
): Promise<PixelSailManifest> {
  const { weights, written } = await copyWeights(checkpoint, join(directory, weightsFile), options);
  const files = new PackageFiles(directory, [{ path: weightsFile, ...written }]);
  const graphs = await writeGraphs(checkpoint.config, weights, options.operators ?? 'fused', files);
  await files.write(tokenizerFile, tokenizer);
  const manifest: PixelSailManifest = {
    formatVersion: 1,
    family: 'pixel-sail',
    id: options.id,
    version: options.version ?? '1.0.0',
    title: options.title,
    description: options.description ?? '',
    license: options.license ?? 'unknown',
    source: options.source ?? { url: '', revision: '' },
    precision: options.precision,
    tasks: ['segment', 'describe', 'ask'],
    config: checkpoint.config,
    graphs,
    tokenizer: tokenizerFile,
    files: files.written,
    memory: estimateMemory(checkpoint.config, weights),
  };
  await writeFile(join(directory, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** Weights of a network that is large: in float32 they would take a gigabyte in each session. */
const manyWeights = 2 ** 28;

async function copyWeights(
  { tensors }: Checkpoint,
  path: string,
  { precision, integers, signal, onProgress }: ConvertOptions,
): Promise<{
  weights: ReadonlyMap<string, StoredWeight>;
  written: { bytes: number; sha256: string };
}> {
  const totalBytes = [...tensors.values()].reduce((sum, entry) => sum + entry.bytes, 0);
  const kept = (integers ?? (isLarge(tensors) ? 'kept' : 'widened')) === 'kept';
  const storage = kept ? keptStorageOf : storageOf;
  const file = await WeightsFile.create(path, weightsFile);
  try {
    const weights = new Map<string, StoredWeight>();
    const store = async (tensor: string, entry: TensorEntry): Promise<void> => {
      const stored = await file.store(entry, storage(tensor, entry.shape, precision), signal);
      weights.set(tensor, stored);
    };
    let doneBytes = 0;
    for (const [tensor, entry] of tensors) {
      await store(tensor, entry);
      const isTiedHead = tensor === embedTokens && !tensors.has(languageHead);
      if (isTiedHead && /^kept/.test(storage(languageHead, entry.shape, precision))) {
        await store(languageHead, entry);
      }
      doneBytes += entry.bytes;
      onProgress?.({ tensor, doneBytes, totalBytes });
    }
    return { weights, written: await file.finish() };
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

/**
 * Vectors (norms, biases) stay float32. Integers are for the weights of the feed-forward layers
 * and the language head, most of a network; attention and the mask head lose more by them and stay
 * float16.
 */
function storageOf(tensor: string, shape: readonly number[], precision: Precision): WeightStorage {
  if (precision === 'fp32' || shape.length === 1) return 'float32';
  if (precision === 'fp16') return 'float16';
  return /\.mlp\.|lm_head/.test(tensor) ? precision : 'float16';
}

function isLarge(tensors: Checkpoint['tensors']): boolean {
  const sizes = [...tensors.values()].map(({ shape }) => shape.reduce((a, b) => a * b, 1));
  return sizes.reduce((sum, size) => sum + size, 0) >= manyWeights;
}

/**
 * Attention has few of the weights of a large network, but too many to be widened. Rows that do not
 * fill their blocks, which no large network has, are widened: ONNX Runtime multiplies a single
 * state with them inexactly.
 */
function keptStorageOf(
  tensor: string,
  shape: readonly number[],
  precision: Precision,
): WeightStorage {
  const widened = storageOf(tensor, shape, precision);
  if (shape.at(-1)! % roundings.kept8.block !== 0) return widened;
  if (widened === 'int8' || widened === 'int4') return `kept${widened === 'int8' ? 8 : 4}`;
  return widened === 'float16' && precision !== 'fp16' && tensor.includes('.self_attn.')
    ? 'kept8'
    : widened;
}

/** The text of `tokenizer.json`, or one made from the `tokens.json` of a byte-level checkpoint. */
async function readTokenizer(directory: string): Promise<string> {
  const text = await readOptionalText(directory, tokenizerFile);
  if (text !== undefined) return text;
  const tokens = await readOptionalText(directory, 'tokens.json');
  if (tokens === undefined) {
    throw convertFailure('checkpoint-invalid', 'checkpointWithout', {
      directory,
      file: tokenizerFile,
    });
  }
  const parsed = byteTokensSchema.safeParse(parseTokens(directory, tokens));
  if (!parsed.success) {
    throw new AppError(
      'checkpoint-invalid',
      `tokens.json in ${directory}: ${z.prettifyError(parsed.error)}`,
    );
  }
  return JSON.stringify(byteTokenizerJson(parsed.data));
}

function parseTokens(directory: string, tokens: string): unknown {
  try {
    return JSON.parse(tokens);
  } catch (cause) {
    const message = `tokens.json in ${directory} is not JSON. Copy the checkpoint again.`;
    throw new AppError('checkpoint-invalid', message, {}, { cause });
  }
}
