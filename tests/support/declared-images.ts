import { crc32, deflateSync } from 'node:zlib';

/**
 * Images that say in their header how large they are, and hold next to nothing: what a stranger
 * sends to be decoded.
 */

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** An RGB PNG of the given size. Its pixels end after the first few. */
export function declaredPng(
  width: number,
  height: number,
  { isInterlaced = false, depth = 8 } = {},
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, 2, 0, 0, isInterlaced ? 1 : 0], 8);
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A JPEG that was written whole, and says that it has another size. */
export function declaredJpeg(jpeg: Buffer, width: number, height: number): Buffer {
  const changed = Buffer.from(jpeg);
  for (let position = 2; position < changed.length;) {
    const marker = changed[position + 1]!;
    // A frame: baseline (C0) or progressive (C2).
    if (marker === 0xc0 || marker === 0xc2) {
      changed.writeUInt16BE(height, position + 5);
      changed.writeUInt16BE(width, position + 7);
      return changed;
    }
    position += 2 + changed.readUInt16BE(position + 2);
  }
  throw new Error('The JPEG has no frame.');
}
