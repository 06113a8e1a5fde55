/**
 * How an image file that was cut off is known without decoding it. Data after the end is left
 * alone: telephones append films and depth maps to their photos.
 */

const jpegEnd = Buffer.from([0xff, 0xd9]);
/** The last chunk of a PNG without its length: type and checksum. */
const pngEnd = Buffer.from([0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);

/**
 * Whether a file that is held in memory has its end; null for a format that has none of its own.
 * @param format as sharp names it
 */
export function isWholeContainer(format: string, bytes: Buffer): boolean | null {
  const mark = EndMark.of(format, bytes);
  if (mark) {
    mark.push(bytes);
    return mark.isFound;
  }
  switch (format) {
    case 'webp':
      return bytes.length >= 12 && 8 + bytes.readUInt32LE(4) <= bytes.length;
    case 'heif':
      return areBoxesWhole(bytes);
    default:
      return null;
  }
}

/** The boxes of an ISO base media file (AVIF, HEIF) lie one after another, each with its length. */
function areBoxesWhole(bytes: Buffer): boolean {
  let position = 0;
  while (position + 8 <= bytes.length) {
    const length = bytes.readUInt32BE(position);
    if (length === 0) return true; // To the end of the file.
    const isLong = length === 1 && position + 16 <= bytes.length;
    const whole = isLong ? Number(bytes.readBigUInt64BE(position + 8)) : length;
    if (whole < 8) return false;
    position += whole;
  }
  return position === bytes.length;
}

/** Looks for the bytes that end a JPEG or a PNG in a file that comes in pieces. */
export class EndMark {
  readonly #mark: Buffer;
  /** Bytes that are passed over before the mark counts. */
  #skipped: number;
  /** The end of the piece before, shorter than the mark. */
  #carried = Buffer.alloc(0);
  isFound = false;

  private constructor(mark: Buffer, skipped: number) {
    this.#mark = mark;
    this.#skipped = skipped;
  }

  /** @param start the file's first piece. Null for formats whose end is not marked. */
  static of(format: string, start: Buffer): EndMark | null {
    if (format === 'png') return new EndMark(pngEnd, 0);
    return format === 'jpeg' ? new EndMark(jpegEnd, scanStart(start)) : null;
  }

  push(piece: Buffer): void {
    if (this.isFound) return;
    const skipped = Math.min(this.#skipped, piece.length);
    this.#skipped -= skipped;
    const rest = piece.subarray(skipped);
    const seam = Buffer.concat([this.#carried, rest.subarray(0, this.#mark.length - 1)]);
    this.isFound = seam.includes(this.#mark) || rest.includes(this.#mark);
    this.#carried = Buffer.from(
      rest.length >= this.#mark.length - 1 ? rest.subarray(1 - this.#mark.length) : seam,
    );
  }
}

/**
 * Where the pixels of a JPEG begin. The segments before may hold a thumbnail, which is a JPEG with
 * an end of its own; among the pixels, no two bytes look like the end.
 */
function scanStart(bytes: Buffer): number {
  let position = 2;
  while (position + 4 <= bytes.length && bytes[position] === 0xff) {
    const marker = bytes[position + 1]!;
    if (marker === 0xda) return position;
    // Any marker may be filled up with 0xff.
    position += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(position + 2);
  }
  return position;
}
