/// <reference lib="esnext.float16" />
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

/** One array of a NumPy `.npz`: row-major values; bool becomes 0/1 bytes. */
export interface NpyArray {
  readonly dtype: NpyType;
  readonly shape: readonly number[];
  readonly data:
    | Float32Array
    | Float64Array
    | Float16Array
    | BigInt64Array
    | Int32Array
    | Uint8Array
    | Int8Array;
}

const constructors = {
  '<f4': Float32Array,
  '<f8': Float64Array,
  '<f2': Float16Array,
  '<i8': BigInt64Array,
  '<i4': Int32Array,
  '|u1': Uint8Array,
  '|i1': Int8Array,
  '|b1': Uint8Array,
} as const;
type NpyType = keyof typeof constructors;

/** Reads every array of a `.npz` file (a zip of `.npy`, stored or deflated). */
export function readNpz(path: string): ReadonlyMap<string, NpyArray> {
  const zip = readFileSync(path);
  const arrays = new Map<string, NpyArray>();
  // The end record is last, after at most a comment; it points at the central directory.
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error(`${path} is not a zip file`);
  let entry = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const method = zip.readUInt16LE(entry + 10);
    const compressedBytes = zip.readUInt32LE(entry + 20);
    const nameBytes = zip.readUInt16LE(entry + 28);
    const name = zip.toString('utf8', entry + 46, entry + 46 + nameBytes);
    const local = zip.readUInt32LE(entry + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const stored = zip.subarray(start, start + compressedBytes);
    arrays.set(
      name.replace(/\.npy$/, ''),
      parseNpy(method === 0 ? stored : inflateRawSync(stored)),
    );
    entry += 46 + nameBytes + zip.readUInt16LE(entry + 30) + zip.readUInt16LE(entry + 32);
  }
  return arrays;
}

function parseNpy(bytes: Buffer): NpyArray {
  const headerStart = bytes[6] === 1 ? 10 : 12;
  const headerBytes = bytes[6] === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8);
  const header = bytes.toString('latin1', headerStart, headerStart + headerBytes);
  const dtype = /'descr': '([^']+)'/.exec(header)?.[1] as NpyType;
  if (!(dtype in constructors) || header.includes("'fortran_order': True")) {
    throw new Error(`unsupported .npy array: ${header}`);
  }
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const values = Uint8Array.from(bytes.subarray(headerStart + headerBytes));
  return { dtype, shape, data: new constructors[dtype](values.buffer) };
}

/** A float32 array by name; fails when it is missing or of another type. */
export function float32Of(arrays: ReadonlyMap<string, NpyArray>, name: string): Float32Array {
  const data = arrays.get(name)?.data;
  if (!(data instanceof Float32Array)) throw new Error(`${name} is not a float32 array`);
  return data;
}

/** An int64 array by name, as numbers. */
export function integersOf(arrays: ReadonlyMap<string, NpyArray>, name: string): number[] {
  const data = arrays.get(name)?.data;
  if (!(data instanceof BigInt64Array)) throw new Error(`${name} is not an int64 array`);
  return Array.from(data, Number);
}
