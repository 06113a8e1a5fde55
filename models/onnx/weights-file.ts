/// <reference lib="esnext.float16" />
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { AppError } from '../../core/errors.ts';
import type { ElementType, ExternalData } from './onnx.ts';
import { readTensor, type TensorEntry } from './safetensors.ts';
import { onnxFailure } from './sentences.ts';

/** A tensor in the weights file, as an ONNX initializer refers to it. */
export interface StoredTensor {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: ExternalData;
}

/**
 * A weight as stored: its values, and where they are rounded to integers the scale of each block
 * of inputs of each output.
 */
export interface StoredWeight {
  /** As in the checkpoint. */
  readonly shape: readonly number[];
  readonly values: StoredTensor;
  readonly scales?: StoredTensor;
  /** Bits of an integer that stays one when the graph runs; absent = widened when it is loaded. */
  readonly keptBits?: 4 | 8;
}

export type WeightStorage = 'float32' | 'float16' | IntegerStorage;
/** `kept8` and `kept4` are in the layout of MatMulNBits, which multiplies them as they are. */
export type IntegerStorage = 'int8' | 'int4' | 'kept8' | 'kept4';

interface Rounding {
  readonly bits: 4 | 8;
  /** Whether they are in the layout of MatMulNBits: unsigned, half of the range standing for 0. */
  readonly isKept: boolean;
  /** Inputs that share one scale. */
  readonly block: number;
  /** Largest stored integer; the least is its negative. */
  readonly most: number;
  /** Divisors of the largest value of a block for its scale, in the order of trial. */
  readonly steps: readonly number[];
}

/**
 * How weights are rounded to integers. A scale that clips the largest of 32 values at four bits
 * often loses less than one that holds it. Every `steps` holds the integers that a block's largest
 * value may be stored as, so that rounding what was rounded changes nothing.
 */
export const roundings: Readonly<Record<IntegerStorage, Rounding>> = {
  int8: { bits: 8, isKept: false, block: 8, most: 127, steps: stepsDown(126, 111, 1) },
  int4: { bits: 4, isKept: false, block: 32, most: 7, steps: stepsDown(9, 6, 0.25) },
  kept8: { bits: 8, isKept: true, block: 32, most: 127, steps: [126] },
  kept4: { bits: 4, isKept: true, block: 32, most: 7, steps: stepsDown(9, 6, 1) },
};

function stepsDown(from: number, to: number, by: number): number[] {
  return Array.from({ length: (from - to) / by + 1 }, (_, index) => from - index * by);
}

/**
 * A cache line, and a multiple of every element size: tensors can be used where they are mapped.
 */
const alignment = 64;
const largestFloat16 = 65504;

/**
 * Writes `weights.bin`, one tensor after the other, never holding more than a chunk of one. All
 * graphs of a package share the file. The hash is taken on the way.
 */
export class WeightsFile {
  readonly name: string;
  readonly #file: FileHandle;
  readonly #hash = createHash('sha256');
  #position = 0;

  static async create(path: string, name: string): Promise<WeightsFile> {
    return new WeightsFile(await open(path, 'wx'), name);
  }

  private constructor(file: FileHandle, name: string) {
    this.#file = file;
    this.name = name;
  }

  /**
   * Copies one tensor of a checkpoint into the file.
   * @throws AppError `checkpoint-invalid` when values are not finite or do not fit float16,
   * `cancelled` on abort
   */
  async store(
    entry: TensorEntry,
    storage: WeightStorage,
    signal?: AbortSignal,
  ): Promise<StoredWeight> {
    if (storage !== 'float32' && storage !== 'float16') {
      return this.#storeRounded(entry, roundings[storage], signal);
    }
    const data = await this.#append(async () => {
      for await (const chunk of readTensor(entry)) {
        refuseAborted(signal);
        await this.#write(storage === 'float16' ? toFloat16(chunk, entry) : chunk);
      }
    });
    return { shape: entry.shape, values: { type: storage, shape: entry.shape, data } };
  }

  /** Closes the file. Returns its size and sha256. */
  async finish(): Promise<{ readonly bytes: number; readonly sha256: string }> {
    await this.#file.sync();
    await this.#file.close();
    return { bytes: this.#position, sha256: this.#hash.digest('hex') };
  }

  /** Closes a file that is going to be thrown away. */
  async abandon(): Promise<void> {
    await this.#file.close();
  }

  /**
   * Symmetric blocks: integers [outputs, blocks, block], one float16 scale per block [outputs,
   * blocks, 1]. The last block of a row is padded with zeros; of two 4-bit integers in a byte, the
   * first has the low bits. Those that are kept are bytes [outputs, blocks, bytes of a block].
   */
  async #storeRounded(
    entry: TensorEntry,
    rounding: Rounding,
    signal?: AbortSignal,
  ): Promise<StoredWeight> {
    const { bits, isKept } = rounding;
    const [outputs, inputs] = entry.shape as [number, number];
    const blocks = Math.ceil(inputs / rounding.block);
    const scales = new Float16Array(outputs * blocks);
    const row = new Float32Array(inputs);
    let filled = 0;
    let output = 0;
    const values = await this.#append(async () => {
      for await (const chunk of readTensor(entry)) {
        refuseAborted(signal);
        const rows: Uint8Array[] = [];
        for (let read = 0; read < chunk.length;) {
          const part = chunk.subarray(read, read + inputs - filled);
          row.set(part, filled);
          filled += part.length;
          read += part.length;
          if (filled < inputs) break;
          const rowScales = scales.subarray(output * blocks, (output + 1) * blocks);
          const stored = roundRow(row, rowScales, rounding);
          if (isKept) shiftBy(stored, 2 ** (bits - 1));
          rows.push(bits === 4 ? packInPairs(stored) : new Uint8Array(stored.buffer));
          output += 1;
          filled = 0;
        }
        await this.#write(Buffer.concat(rows));
      }
    });
    const scaleData = await this.#append(() => this.#write(scales));
    const bytes = (rounding.block * bits) / 8;
    return isKept
      ? {
          shape: entry.shape,
          values: { type: 'uint8', shape: [outputs, blocks, bytes], data: values },
          scales: { type: 'float16', shape: [outputs, blocks], data: scaleData },
          keptBits: bits,
        }
      : {
          shape: entry.shape,
          values: { type: `int${bits}`, shape: [outputs, blocks, rounding.block], data: values },
          scales: { type: 'float16', shape: [outputs, blocks, 1], data: scaleData },
        };
  }

  async #append(writeTensor: () => Promise<void>): Promise<ExternalData> {
    await this.#write(new Uint8Array((alignment - (this.#position % alignment)) % alignment));
    const offset = this.#position;
    await writeTensor();
    return { file: this.name, offset, bytes: this.#position - offset };
  }

  async #write(values: ArrayBufferView): Promise<void> {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#hash.update(bytes);
    for (let written = 0; written < bytes.length;) {
      written += (await this.#file.write(bytes, written)).bytesWritten;
    }
    this.#position += bytes.length;
  }
}

/** Fills `scales` and returns the rounded row: value = stored * scale of its block. */
function roundRow(row: Float32Array, scales: Float16Array, rounding: Rounding): Int8Array {
  const { block: length, most } = rounding;
  const stored = new Int8Array(scales.length * length);
  for (let block = 0; block < scales.length; block++) {
    const start = block * length;
    const values = row.subarray(start, start + length);
    scales[block] = bestScale(values, rounding);
    const scale = scales[block]!;
    if (scale === 0) continue;
    for (let i = 0; i < values.length; i++) stored[start + i] = toInteger(values[i]!, scale, most);
  }
  return stored;
}

function toInteger(value: number, scale: number, most: number): number {
  return Math.max(-most, Math.min(most, Math.round(value / scale)));
}

/**
 * The scale, as float16 holds it, that loses least of a block. Rounding errors of so few values
 * depend much on the scale: the best of 16 scales leaves about two thirds of the error that the
 * tightest of 8 bits leaves.
 */
function bestScale(values: Float32Array, { most, steps }: Rounding): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!));
  let best = 0;
  let leastError = Infinity;
  for (const step of steps) {
    const scale = Math.f16round(largest / step);
    if (scale === 0) return 0;
    let error = 0;
    for (let i = 0; i < values.length; i++) {
      const rest = values[i]! / scale - toInteger(values[i]!, scale, most);
      error += rest * rest;
    }
    error *= scale * scale;
    if (error >= leastError) continue;
    best = scale;
    leastError = error;
  }
  return best;
}

/** Adds to every integer, whose bits are then those of an unsigned one. */
function shiftBy(integers: Int8Array, half: number): void {
  for (let i = 0; i < integers.length; i++) integers[i]! += half;
}

function packInPairs(integers: Int8Array): Uint8Array {
  return Uint8Array.from({ length: integers.length / 2 }, (_, pair) => {
    return (integers[2 * pair]! & 0xf) | ((integers[2 * pair + 1]! & 0xf) << 4);
  });
}

function toFloat16(values: Float32Array, entry: TensorEntry): Float16Array {
  const outside = values.find((value) => Math.abs(value) > largestFloat16);
  if (outside === undefined) return new Float16Array(values);
  const parts = { tensor: entry.name, value: outside };
  throw onnxFailure('checkpoint-invalid', 'tensorTooLarge', parts);
}

function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError('cancelled', 'The conversion was cancelled.');
}
