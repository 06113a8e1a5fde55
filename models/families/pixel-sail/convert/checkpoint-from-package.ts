/// <reference lib="esnext.float16" />
import { copyFile, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../../core/errors.ts';
import { graphRoles, type PixelSailManifest } from '../manifest.ts';
import { verifyPixelSailPackage } from '../package.ts';
import { openPlainFile, readPlainFile } from '../../../plain-file.ts';
import { expectedTensors } from './checkpoint.ts';
import { makeFolder } from '../../../package/make-folder.ts';
import { externalInitializers } from '../../../onnx/onnx.ts';
import { writeSafetensors, type TensorSource } from '../../../onnx/safetensors-file.ts';
import { roundings, type StoredTensor, type StoredWeight } from '../../../onnx/weights-file.ts';

const elementsPerChunk = 1 << 20;

/**
 * Turns a model package back into a checkpoint (`config.json`, `model.safetensors` in float32 with
 * the key names of the reference code, `tokenizer.json`), to train on from it. Values are those
 * that the package answers with: what its precision rounded stays rounded.
 * @throws AppError `package-invalid` naming what is wrong with the package, `already-exists` when
 * the target does, `cancelled` on abort, `disk-full`, `permission-denied`
 */
export async function checkpointFromPackage(
  packageDirectory: string,
  targetDirectory: string,
  signal?: AbortSignal,
): Promise<PixelSailManifest> {
  const manifest = await verifyPixelSailPackage(packageDirectory);
  const weights = await storedWeights(packageDirectory, manifest);
  return makeFolder(targetDirectory, async (draft) => {
    const files = new Map<string, FileHandle>();
    try {
      for (const { values } of weights.values()) {
        const { file } = values.data;
        if (!files.has(file)) files.set(file, await openPlainFile(join(packageDirectory, file)));
      }
      const sources = [...weights].map(([name, weight]): [string, TensorSource] => [
        name,
        {
          shape: weight.shape,
          values: () => readWeight(files.get(weight.values.data.file)!, weight, signal),
        },
      ]);
      await writeSafetensors(join(draft, 'model.safetensors'), new Map(sources));
    } finally {
      await Promise.all([...files.values()].map((file) => file.close()));
    }
    const config = { ...manifest.config, weights_storage_dtype: 'float32' };
    await writeFile(join(draft, 'config.json'), `${JSON.stringify(config, null, 1)}\n`);
    await copyFile(join(packageDirectory, manifest.tokenizer), join(draft, 'tokenizer.json'));
    return manifest;
  });
}

/** Where every tensor of the network lies, as the package's graphs say. */
async function storedWeights(
  directory: string,
  { config, graphs }: PixelSailManifest,
): Promise<ReadonlyMap<string, StoredWeight>> {
  const stored = new Map<string, StoredTensor>();
  for (const role of graphRoles) {
    const path = join(directory, graphs[role].file);
    const model = await readPlainFile(path);
    try {
      for (const { name, ...tensor } of externalInitializers(model)) stored.set(name, tensor);
    } catch (cause) {
      throw invalid(`${path} is no graph that this version reads.`, { path }, cause);
    }
  }
  const weights = new Map<string, StoredWeight>();
  for (const [name, shape] of expectedTensors(config)) {
    const values = stored.get(name);
    if (values === undefined) {
      throw invalid(`The graphs of ${directory} lack the weight ${name}.`, { tensor: name });
    }
    const scales = stored.get(`${name}.scales`);
    const keptBits = keptBitsOf(values, shape, scales);
    weights.set(name, {
      shape,
      values,
      ...(scales && { scales }),
      ...(keptBits && { keptBits }),
    });
  }
  return weights;
}

/** Bits of each integer of those that MatMulNBits multiplies: blocks of 32, in bytes. */
function keptBitsOf(
  { type, shape: [, , blockBytes] }: StoredTensor,
  [, inputs]: readonly number[],
  scales: StoredTensor | undefined,
): 4 | 8 | undefined {
  if (type !== 'uint8' || inputs === undefined || scales === undefined) return undefined;
  return blockBytes === roundings.kept8.block ? 8 : 4;
}

/** One weight in float32, in order; whole rows at a time where rows have scales and padding. */
async function* readWeight(
  file: FileHandle,
  { shape, values, scales, keptBits }: StoredWeight,
  signal: AbortSignal | undefined,
): AsyncGenerator<Float32Array> {
  if (scales === undefined) {
    const elements = shape.reduce((product, length) => product * length, 1);
    for (let done = 0; done < elements; done += elementsPerChunk) {
      refuseAborted(signal);
      yield readValues(file, values, done, Math.min(elementsPerChunk, elements - done));
    }
    return;
  }
  const [outputs, inputs] = shape as [number, number];
  const [, blocks, last] = values.shape as [number, number, number];
  const block = keptBits === undefined ? last : (8 * last) / keptBits;
  const rowsPerChunk = Math.max(1, Math.floor(elementsPerChunk / inputs));
  for (let done = 0; done < outputs; done += rowsPerChunk) {
    refuseAborted(signal);
    const rows = Math.min(rowsPerChunk, outputs - done);
    const firstBlock = done * blocks;
    const count = rows * blocks;
    const integers =
      keptBits === undefined
        ? await readValues(file, values, firstBlock * block, count * block)
        : await readKept(file, values, keptBits, firstBlock * block, count * block);
    yield dequantize(integers, await readValues(file, scales, firstBlock, count), rows, inputs);
  }
}

/** Blocks of integers times their scales, without the padding of each row's last block. */
function dequantize(
  integers: Float32Array,
  scales: Float32Array,
  rows: number,
  inputs: number,
): Float32Array {
  const blocks = scales.length / rows;
  const length = integers.length / scales.length;
  const result = new Float32Array(rows * inputs);
  for (let row = 0; row < rows; row++) {
    for (let input = 0; input < inputs; input++) {
      const block = row * blocks + Math.floor(input / length);
      const place = block * length + (input % length);
      result[row * inputs + input] = integers[place]! * scales[block]!;
    }
  }
  return result;
}

const bytesPerElement = { float32: 4, float16: 2, int8: 1, int4: 0.5 } as const;

/**
 * `count` elements of a stored tensor from element `first` on, both even where two share a byte;
 * widened to float32.
 */
async function readValues(
  file: FileHandle,
  { type, data }: StoredTensor,
  first: number,
  count: number,
): Promise<Float32Array> {
  if (!(type in bytesPerElement)) throw invalid(`A weight is stored as ${type}.`);
  const width = bytesPerElement[type as keyof typeof bytesPerElement];
  const bytes = Buffer.allocUnsafeSlow(count * width);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, data.offset + first * width);
  if (bytesRead < bytes.length) {
    throw invalid(`${data.file} ends before the weights that the graphs expect in it.`);
  }
  if (type === 'float32') return new Float32Array(bytes.buffer);
  if (type === 'float16') return new Float32Array(new Float16Array(bytes.buffer));
  if (type === 'int8') return new Float32Array(new Int8Array(bytes.buffer));
  return Float32Array.from({ length: count }, (_, index) => {
    const pair = bytes[index >> 1]!;
    // The first of a pair has the low bits; shifting up and down again keeps the sign.
    return (index % 2 === 0 ? pair << 28 : pair << 24) >> 28;
  });
}

/** The same of unsigned integers, of which half of the range stands for 0. */
async function readKept(
  file: FileHandle,
  values: StoredTensor,
  bits: 4 | 8,
  first: number,
  count: number,
): Promise<Float32Array> {
  const signed = await readValues(file, { ...values, type: `int${bits}` }, first, count);
  const half = 2 ** (bits - 1);
  for (let i = 0; i < count; i++) signed[i]! += signed[i]! < 0 ? half : -half;
  return signed;
}

function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError('cancelled', 'The conversion was cancelled.');
}

function invalid(message: string, detail: Record<string, unknown> = {}, cause?: unknown): AppError {
  return new AppError('package-invalid', `${message} Install the package again.`, detail, {
    cause,
  });
}
