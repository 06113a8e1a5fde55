/// <reference lib="esnext.float16" />
import { stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { openPlainFile, readPlainText } from '../plain-file.ts';
import { locateCheckpointFile, maximumTextBytes } from './checkpoint-file.ts';
import { onnxFailure } from './sentences.ts';

const bytesPerElement = { F32: 4, F16: 2, BF16: 2 } as const;
type StoredType = keyof typeof bytesPerElement;

const headerSchema = z.record(
  z.string(),
  z.object({
    dtype: z.string(),
    shape: z.array(z.number().int().min(0)),
    data_offsets: z.tuple([z.number().int().min(0), z.number().int().min(0)]),
  }),
);
const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/** Larger headers are refused by the reference implementation too. */
const maximumHeaderBytes = 100_000_000;
const elementsPerChunk = 1 << 20;

/** Where one tensor lies in a checkpoint. */
export interface TensorEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly path: string;
  /** Absolute position in the file. */
  readonly offset: number;
  readonly bytes: number;
}

/**
 * Lists the tensors of `model.safetensors`, or of the shards that `model.safetensors.index.json`
 * names. Reads headers only. Format: github.com/huggingface/safetensors.
 * @throws AppError `checkpoint-invalid` naming the file and what is wrong with it
 */
export async function listTensors(directory: string): Promise<ReadonlyMap<string, TensorEntry>> {
  const indexFile = 'model.safetensors.index.json';
  const indexPath = join(directory, indexFile);
  const indexText = await readOptionalText(directory, indexFile);
  if (indexText === undefined) return readHeader(directory, 'model.safetensors');
  const index = indexSchema.safeParse(parseJson(indexText, indexPath));
  if (!index.success) {
    throw invalid(`${indexPath} has no weight_map from tensor names to files.`);
  }
  const tensors = new Map<string, TensorEntry>();
  for (const file of new Set(Object.values(index.data.weight_map))) {
    for (const entry of (await readHeader(directory, file)).values()) {
      tensors.set(entry.name, entry);
    }
  }
  for (const [name, file] of Object.entries(index.data.weight_map)) {
    if (!tensors.has(name)) {
      throw invalid(`${indexPath} says that ${file} holds the tensor ${name}, but it does not.`);
    }
  }
  return tensors;
}

/**
 * The values of one tensor as float32, in order, in chunks of at most 1 Mi elements. The chunk is
 * only valid until the next one is asked for.
 * @throws AppError `checkpoint-invalid` for a type other than F32, F16, BF16 and for NaN or
 * infinite values
 */
export async function* readTensor(entry: TensorEntry): AsyncGenerator<Float32Array> {
  const type = storedType(entry);
  const file = await openFile(entry.path);
  try {
    const step = elementsPerChunk * bytesPerElement[type];
    for (let done = 0; done < entry.bytes; done += step) {
      const raw = await readExactly(
        file,
        entry,
        entry.offset + done,
        Math.min(step, entry.bytes - done),
      );
      const values = toFloat32(raw, type);
      refuseNonFinite(values, entry, done / bytesPerElement[type]);
      yield values;
    }
  } finally {
    await file.close();
  }
}

function storedType(entry: TensorEntry): StoredType {
  if (entry.dtype in bytesPerElement) return entry.dtype as StoredType;
  const { name: tensor, dtype: type } = entry;
  throw onnxFailure('checkpoint-invalid', 'tensorType', { tensor, type });
}

/**
 * The text of a file that a checkpoint may lack; undefined when it does.
 * @throws AppError `checkpoint-invalid` when it leads outside, is no plain file or too large
 */
export async function readOptionalText(
  directory: string,
  name: string,
): Promise<string | undefined> {
  return locateCheckpointFile(directory, name, maximumTextBytes)
    .then(readPlainText)
    .catch((thrown: unknown) => {
      if (thrown instanceof AppError) throw thrown;
      return undefined;
    });
}

async function readHeader(
  directory: string,
  name: string,
): Promise<ReadonlyMap<string, TensorEntry>> {
  const path = await locateCheckpointFile(directory, name).catch((thrown: unknown) => {
    if (thrown instanceof AppError) throw thrown;
    const parts = { path: join(directory, name) };
    throw onnxFailure('checkpoint-invalid', 'checkpointFileMissing', parts, thrown);
  });
  const { size } = await stat(path);
  const file = await openFile(path);
  try {
    if (size < 8) throw truncated(path, 8, size);
    const prefix = Buffer.alloc(8);
    await file.read(prefix, 0, 8, 0);
    const headerBytes = Number(prefix.readBigUInt64LE());
    if (headerBytes > maximumHeaderBytes) {
      throw invalid(
        `${path} is not a safetensors file: it claims a header of ${String(headerBytes)} bytes.`,
      );
    }
    if (8 + headerBytes > size) throw truncated(path, 8 + headerBytes, size);
    const text = Buffer.alloc(headerBytes);
    await file.read(text, 0, headerBytes, 8);
    return parseHeader(text.toString('utf8'), path, 8 + headerBytes, size);
  } finally {
    await file.close();
  }
}

function parseHeader(
  text: string,
  path: string,
  start: number,
  size: number,
): ReadonlyMap<string, TensorEntry> {
  const header = headerSchema.safeParse(withoutMetadata(parseJson(text, path)));
  if (!header.success) {
    throw invalid(`${path} is not a safetensors file: ${z.prettifyError(header.error)}`);
  }
  const tensors = new Map<string, TensorEntry>();
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(header.data)) {
    const [begin, end] = offsets;
    const elements = shape.reduce((product, length) => product * length, 1);
    // Types that we do not read are refused only when someone wants their values.
    const expected =
      dtype in bytesPerElement ? elements * bytesPerElement[dtype as StoredType] : end - begin;
    if (end - begin !== expected) {
      throw invalid(
        `${path}: the tensor ${name} of shape [${shape.join(', ')}] in ${dtype} needs ${String(expected)} bytes, but the header gives it ${String(end - begin)}.`,
      );
    }
    if (start + end > size) throw truncated(path, start + end, size, name);
    tensors.set(name, { name, shape, dtype, path, offset: start + begin, bytes: end - begin });
  }
  return tensors;
}

function withoutMetadata(header: unknown): unknown {
  if (typeof header !== 'object' || header === null) return header;
  return Object.fromEntries(Object.entries(header).filter(([name]) => name !== '__metadata__'));
}

async function openFile(path: string): Promise<FileHandle> {
  return openPlainFile(path).catch((cause: unknown) => {
    if (cause instanceof AppError) throw cause;
    throw invalid(`${path} cannot be opened.`, { path }, cause);
  });
}

async function readExactly(
  file: FileHandle,
  entry: TensorEntry,
  position: number,
  length: number,
): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead < length)
    throw truncated(entry.path, position + length, position + bytesRead, entry.name);
  return buffer;
}

function toFloat32(raw: Buffer, type: StoredType): Float32Array {
  if (type === 'F32') return new Float32Array(raw.buffer, 0, raw.length / 4);
  if (type === 'F16') return new Float32Array(new Float16Array(raw.buffer, 0, raw.length / 2));
  const halves = new Uint16Array(raw.buffer, 0, raw.length / 2);
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16;
  return new Float32Array(bits.buffer);
}

function refuseNonFinite(values: Float32Array, entry: TensorEntry, firstElement: number): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw onnxFailure('checkpoint-invalid', 'tensorNotFinite', {
      tensor: entry.name,
      value: String(values[i]),
      element: firstElement + i,
    });
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(
      `${path}: the header is not JSON, so this is no safetensors file or it is damaged.`,
      { path },
      cause,
    );
  }
}

function truncated(path: string, expected: number, found: number, tensor?: string): AppError {
  const parts = { path, expected, found, tensor: tensor ?? null };
  return onnxFailure('checkpoint-invalid', 'checkpointTruncated', parts);
}

function invalid(message: string, detail: Record<string, unknown> = {}, cause?: unknown): AppError {
  return new AppError('checkpoint-invalid', message, detail, { cause });
}
