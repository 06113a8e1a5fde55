import { decode, type DecodedPng } from 'fast-png';
import { Unzlib } from 'fflate';

/**
 * Bytes of pixels that a PNG of labels may have: decoding holds them three times. 400 megapixels of
 * 8 bits.
 */
const mostBytes = 400e6;

/** Deflate makes of a byte at most so many. */
const mostInflation = 1032;

/** Compressed bytes that are inflated at a time while they are counted. */
const countedAtOnce = 16_384;

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Chunks without which the pixels cannot be read. Others may be compressed too, and nobody asks for
 * them.
 */
const neededChunks = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);

const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * Decodes a PNG whose size was bounded before: by what its header declares, and by what its data
 * inflate to.
 * @throws Error for what is no whole PNG, or too large a one.
 */
export function decodePng(bytes: Uint8Array): DecodedPng {
  if (!signature.every((byte, index) => bytes[index] === byte)) throw new Error('it is not a PNG');
  const chunks = chunksOf(bytes);
  const declared = declaredBytes(chunks[0]);
  if (declared > mostBytes) {
    throw new Error(
      `its header declares ${Math.round(declared / 1e6)} MB of pixels; at most ${mostBytes / 1e6} MB are read`,
    );
  }
  const data = chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data);
  requireInflation(data, declared);
  return decode(joined(chunks), { checkCrc: true });
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** With its length and checksum. */
  readonly whole: Uint8Array;
}

function chunksOf(bytes: Uint8Array): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let offset = signature.length; chunks.at(-1)?.type !== 'IEND';) {
    if (offset + 12 > bytes.length) throw new Error('it ends early');
    const end = offset + 12 + view.getUint32(offset);
    if (end > bytes.length) throw new Error('it ends early');
    const type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
    const data = bytes.subarray(offset + 8, end - 4);
    if (neededChunks.has(type)) chunks.push({ type, data, whole: bytes.subarray(offset, end) });
    offset = end;
  }
  return chunks;
}

/** Bytes of the rows that a header declares, each with the byte that names its filter. */
function declaredBytes(header: Chunk | undefined): number {
  if (header?.type !== 'IHDR' || header.data.length < 13) throw new Error('it has no header');
  const view = new DataView(header.data.buffer, header.data.byteOffset, 13);
  const [width, height, depth] = [view.getUint32(0), view.getUint32(4), view.getUint8(8)];
  const bits = depth * (channelsOf[view.getUint8(9)] ?? 8);
  // Interlaced, it comes in seven pictures, whose rows end at whole bytes.
  const passes = view.getUint8(12) === 0 ? 1 : 7;
  return height * (Math.ceil((width * bits) / 8) + 2 * passes) + passes * (bits + 8);
}

/** @throws Error when the data inflate to more than the header declares. */
function requireInflation(data: readonly Uint8Array[], declared: number): void {
  const compressed = data.reduce((sum, { length }) => sum + length, 0);
  if (compressed * mostInflation <= mostBytes) return;
  let inflated = 0;
  const counter = new Unzlib((piece) => (inflated += piece.length));
  for (const part of data) {
    for (let start = 0; start < part.length; start += countedAtOnce) {
      counter.push(part.subarray(start, start + countedAtOnce));
      if (inflated > declared) {
        throw new Error('its data are more than the pixels that its header declares');
      }
    }
  }
}

function joined(chunks: readonly Chunk[]): Uint8Array {
  const pieces = [Uint8Array.from(signature), ...chunks.map(({ whole }) => whole)];
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}
