import type { PickleMap, PickleValue } from './pickle-value.ts';
import { bytesOfText } from './python-text.ts';

/** Values as a pickle of protocol 2, which Python 2.3 and every later version reads. */
export function writePickle(value: PickleValue): Uint8Array {
  const bytes = new Bytes();
  bytes.add(0x80, 2);
  writeValue(bytes, value);
  bytes.add(0x2e);
  return bytes.take();
}

/** A list of many values in pieces of some 64 kB, so that they need not all be there at once. */
export function* picklePieces(values: Iterable<PickleValue>): Generator<Uint8Array, void> {
  const bytes = new Bytes();
  bytes.add(0x80, 2, 0x5d);
  let isOpen = false;
  for (const value of values) {
    if (!isOpen) bytes.add(0x28);
    isOpen = true;
    writeValue(bytes, value);
    if (bytes.length < pieceLength) continue;
    bytes.add(0x65);
    isOpen = false;
    yield bytes.take();
  }
  if (isOpen) bytes.add(0x65);
  bytes.add(0x2e);
  yield bytes.take();
}

const pieceLength = 65536;

/** Objects of JSON as a dictionary, for values that are written as both. */
export function pickleOf(value: unknown): PickleValue {
  if (Array.isArray(value)) return value.map(pickleOf);
  if (typeof value !== 'object' || value === null) return value as PickleValue;
  return new Map(
    Object.entries(value).map(([key, held]): [string, PickleValue] => [key, pickleOf(held)]),
  );
}

class Bytes {
  #held: Uint8Array[] = [];
  length = 0;

  add(...bytes: readonly number[]): void {
    this.append(Uint8Array.from(bytes));
  }

  append(bytes: Uint8Array): void {
    this.#held.push(bytes);
    this.length += bytes.length;
  }

  take(): Uint8Array {
    const all = new Uint8Array(this.length);
    let at = 0;
    for (const bytes of this.#held) {
      all.set(bytes, at);
      at += bytes.length;
    }
    this.#held = [];
    this.length = 0;
    return all;
  }
}

function writeValue(bytes: Bytes, value: PickleValue): void {
  if (value === null) bytes.add(0x4e);
  else if (typeof value === 'boolean') bytes.add(value ? 0x88 : 0x89);
  else if (typeof value === 'string') writeText(bytes, value);
  else if (typeof value === 'bigint') writeWhole(bytes, value);
  else if (typeof value === 'number') writeNumber(bytes, value);
  else if (value instanceof Map) writeMap(bytes, value);
  else writeList(bytes, value);
}

function writeText(bytes: Bytes, text: string): void {
  const encoded = bytesOfText(text);
  bytes.add(0x58, ...littleEndian(encoded.length));
  bytes.append(encoded);
}

function writeNumber(bytes: Bytes, value: number): void {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
    const held = new DataView(new ArrayBuffer(8));
    held.setFloat64(0, value, false);
    bytes.add(0x47, ...new Uint8Array(held.buffer));
  } else if (value >= 0 && value < 256) bytes.add(0x4b, value);
  else if (value === (value | 0)) bytes.add(0x4a, ...littleEndian(value));
  else writeWhole(bytes, BigInt(value));
}

function writeWhole(bytes: Bytes, value: bigint): void {
  let length = 1;
  while (BigInt.asIntN(length * 8, value) !== value) length++;
  const held: number[] = [];
  for (let index = 0; index < length; index++) {
    held.push(Number((value >> BigInt(8 * index)) & 255n));
  }
  if (length < 256) bytes.add(0x8a, length, ...held);
  else bytes.add(0x8b, ...littleEndian(length), ...held);
}

function writeList(bytes: Bytes, list: readonly PickleValue[]): void {
  bytes.add(0x5d);
  if (list.length === 0) return;
  bytes.add(0x28);
  for (const value of list) writeValue(bytes, value);
  bytes.add(0x65);
}

function writeMap(bytes: Bytes, map: PickleMap): void {
  bytes.add(0x7d);
  if (map.size === 0) return;
  bytes.add(0x28);
  for (const [key, value] of map) {
    writeValue(bytes, key);
    writeValue(bytes, value);
  }
  bytes.add(0x75);
}

function littleEndian(value: number): number[] {
  return [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255];
}
