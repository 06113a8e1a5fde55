import type { Bitmap } from '../../geometry/shapes.ts';
import { rowRunsOf } from '../row-major-runs.ts';
import { labelStudioProblem } from './sentences.ts';

/**
 * The masks of Label Studio: RGBA bytes, row after row, of which the alpha is the mask, packed as
 * @thi.ng/rle-pack does it.
 *
 * A stream of bits, high first: how many words follow (32 bits), bits in a word less one (5), and
 * four sizes of run lengths less one (4 each). Then packets: whether one word is repeated (1 bit),
 * which size its length has (2 bits), its length less one, and the word, or that many words.
 */

/** The structure of a Label Studio export. */
const wordBits = 8;
const lengthBits = [3, 4, 8, 16] as const;
const longestRun = 2 ** 16;

/**
 * The mask of an image of the given size.
 * @throws AppError `invalid-input` whose message is a clause, when the stream ends early or is of
 * another size.
 */
export function decodeRlePack(bytes: readonly number[], width: number, height: number): Bitmap {
  const bits = new BitReader(bytes);
  const words = bits.read(32);
  if (words !== width * height * 4) {
    throw labelStudioProblem('labelStudioMaskWords', { words, width, height });
  }
  const wordSize = bits.read(5) + 1;
  const sizes = Array.from({ length: 4 }, () => bits.read(4) + 1);
  const data = new Uint8Array(width * height);
  let position = 0;
  while (position < words) {
    const isRepeated = bits.read(1) === 1;
    const end = Math.min(words, position + bits.read(sizes[bits.read(2)]!) + 1);
    if (isRepeated) {
      // The alpha of pixel p is word 4p + 3: those from `position` to before `end`.
      if (bits.read(wordSize) > 0) data.fill(1, position >> 2, end >> 2);
      position = end;
      continue;
    }
    for (; position < end; position++) {
      const word = bits.read(wordSize);
      if ((position & 3) === 3 && word > 0) data[position >> 2] = 1;
    }
  }
  return { width, height, data };
}

/** A mask as Label Studio and its SDK pack it: all four channels are 255 inside, 0 outside. */
export function encodeRlePack(bitmap: Bitmap): number[] {
  const bits = new BitWriter();
  bits.write(bitmap.width * bitmap.height * 4, 32);
  bits.write(wordBits - 1, 5);
  for (const size of lengthBits) bits.write(size - 1, 4);
  rowRunsOf(bitmap).forEach((run, index) => {
    const word = index % 2 === 1 ? 255 : 0;
    for (let left = run * 4; left > 0; left -= longestRun) {
      writeRun(bits, Math.min(left, longestRun), word);
    }
  });
  return bits.bytes();
}

function writeRun(bits: BitWriter, length: number, word: number): void {
  const size = lengthBits.findIndex((each) => length <= 2 ** each);
  bits.write(1, 1);
  bits.write(size, 2);
  bits.write(length - 1, lengthBits[size]!);
  bits.write(word, wordBits);
}

class BitReader {
  readonly #bytes: readonly number[];
  #position = 0;

  constructor(bytes: readonly number[]) {
    this.#bytes = bytes;
  }

  /** The next bits as a whole number; 32 at most. */
  read(count: number): number {
    let value = 0;
    for (let left = count; left > 0;) {
      const offset = this.#position & 7;
      const byte = this.#bytes[this.#position >> 3];
      if (byte === undefined) {
        throw labelStudioProblem('labelStudioMaskCutOff', { bytes: this.#bytes.length });
      }
      const taken = Math.min(left, 8 - offset);
      const piece = (byte >> (8 - offset - taken)) & (2 ** taken - 1);
      value = value * 2 ** taken + piece;
      this.#position += taken;
      left -= taken;
    }
    return value;
  }
}

class BitWriter {
  readonly #bytes: number[] = [];
  #used = 0;

  write(value: number, count: number): void {
    for (let left = count; left > 0;) {
      const offset = this.#used & 7;
      if (offset === 0) this.#bytes.push(0);
      const taken = Math.min(left, 8 - offset);
      const piece = Math.floor(value / 2 ** (left - taken)) & (2 ** taken - 1);
      this.#bytes[this.#bytes.length - 1]! |= piece << (8 - offset - taken);
      this.#used += taken;
      left -= taken;
    }
  }

  /** As the SDK ends a stream: with a byte of zeros where the last one is full. */
  bytes(): number[] {
    return this.#used % 8 === 0 ? [...this.#bytes, 0] : this.#bytes;
  }
}
