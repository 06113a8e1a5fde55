/// <reference lib="esnext.float16" />
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { AppError } from '../../core/errors.ts';
import type { ElementType, ExternalData } from './onnx.ts';
import { readTensor, type TensorEntry } from './safetensors.ts';

/** A tensor in the weights file, as an ONNX initializer refers to it. */
export interface StoredTensor {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: ExternalData;
}

/** A weight as stored: its values, and for `int8` the scale of each block of inputs of each output. */
export interface StoredWeight {
  /** As in the checkpoint. */
  readonly shape: readonly number[];
  readonly values: StoredTensor;
  readonly scales?: StoredTensor;
}

export type WeightStorage = 'float32' | 'float16' | 'int8';

/** Inputs that share one scale under `int8`. */
export const quantizationBlock = 8;

/** A cache line, and a multiple of every element size: tensors can be used where they are mapped. */
const alignment = 64;
const largestFloat16 = 65504;

/**
 * Writes `weights.bin`, one tensor after the other, never holding more than a chunk of one. All graphs of a package
 * share the file. The hash is taken on the way.
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
   * @throws AppError `checkpoint-invalid` when values are not finite or do not fit float16, `cancelled` on abort
   */
  async store(
    entry: TensorEntry,
    storage: WeightStorage,
    signal?: AbortSignal,
  ): Promise<StoredWeight> {
    if (storage === 'int8') return this.#storeQuantized(entry, signal);
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
   * Symmetric 8-bit blocks: values int8 [outputs, blocks, 8], one float16 scale per block [outputs, blocks, 1]. The
   * last block of a row is padded with zeros.
   */
  async #storeQuantized(entry: TensorEntry, signal?: AbortSignal): Promise<StoredWeight> {
    const [outputs, inputs] = entry.shape as [number, number];
    const blocks = Math.ceil(inputs / quantizationBlock);
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
          rows.push(quantizeRow(row, scales.subarray(output * blocks, (output + 1) * blocks)));
          output += 1;
          filled = 0;
        }
        await this.#write(Buffer.concat(rows));
      }
    });
    const scaleData = await this.#append(() => this.#write(scales));
    return {
      shape: entry.shape,
      values: { type: 'int8', shape: [outputs, blocks, quantizationBlock], data: values },
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

/** Fills `scales` and returns the bytes of the quantized row: value = stored * scale of its block. */
function quantizeRow(row: Float32Array, scales: Float16Array): Uint8Array {
  const stored = new Int8Array(scales.length * quantizationBlock);
  for (let block = 0; block < scales.length; block++) {
    const start = block * quantizationBlock;
    const values = row.subarray(start, start + quantizationBlock);
    scales[block] = bestScale(values);
    const scale = scales[block]!;
    if (scale === 0) continue;
    for (let i = 0; i < values.length; i++) {
      // A scale so small that float16 rounds it coarsely may ask for more than 127.
      stored[start + i] = Math.max(-127, Math.min(127, Math.round(values[i]! / scale)));
    }
  }
  return new Uint8Array(stored.buffer);
}

/**
 * The scale, as float16 holds it, that loses least of a block. Rounding errors of so few values depend much on the
 * scale: the best of 16 scales leaves about two thirds of the error that the tightest leaves.
 */
function bestScale(values: Float32Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!));
  let best = 0;
  let leastError = Infinity;
  for (let steps = 126; steps > 110; steps--) {
    const scale = Math.f16round(largest / steps);
    if (scale === 0) return 0;
    let error = 0;
    for (let i = 0; i < values.length; i++) {
      const exact = values[i]! / scale;
      const rest = exact - Math.round(exact);
      error += rest * rest;
    }
    error *= scale * scale;
    if (error >= leastError) continue;
    best = scale;
    leastError = error;
  }
  return best;
}

function toFloat16(values: Float32Array, entry: TensorEntry): Float16Array {
  const outside = values.find((value) => Math.abs(value) > largestFloat16);
  if (outside === undefined) return new Float16Array(values);
  throw new AppError(
    'checkpoint-invalid',
    `The tensor ${entry.name} holds ${String(outside)}, which float16 cannot store. Convert with precision fp32.`,
    { tensor: entry.name },
  );
}

function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError('cancelled', 'The conversion was cancelled.');
}
