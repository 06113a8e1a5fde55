import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeRlePack, encodeRlePack } from '../../../../core/formats/label-studio/rle-pack.ts';
import type { Bitmap } from '../../../../core/geometry/shapes.ts';

interface GoldenMask {
  readonly width: number;
  readonly height: number;
  readonly changes: readonly number[];
  readonly rle: readonly number[];
}

const golden = JSON.parse(
  readFileSync(new URL('../../../fixtures/formats/rle-pack.json', import.meta.url), 'utf8'),
) as GoldenMask[];

function bitmapOf({ width, height, changes }: GoldenMask): Bitmap {
  const data = new Uint8Array(width * height);
  changes.forEach((start, index) => {
    if (index % 2 === 0) data.fill(1, start, changes[index + 1] ?? data.length);
  });
  return { width, height, data };
}

const anyBitmap: fc.Arbitrary<Bitmap> = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
  .chain(([width, height]) =>
    fc
      .uint8Array({ minLength: width * height, maxLength: width * height, max: 1 })
      .map((data) => ({ width, height, data })),
  );

/**
 * Packs words as the format allows but Label Studio does not: single words, and words of other
 * lengths.
 */
function packedOtherwise(bitmap: Bitmap, wordBits: number): number[] {
  let bits = '';
  const write = (value: number, count: number): void => {
    bits += value.toString(2).padStart(count, '0');
  };
  write(bitmap.data.length * 4, 32);
  write(wordBits - 1, 5);
  for (const size of [1, 2, 3, 6]) write(size - 1, 4);
  for (const value of bitmap.data) {
    write(0, 1);
    write(1, 2);
    write(3, 2);
    for (const word of [0, 0, 0, value]) write(word, wordBits);
  }
  const bytes = bits.match(/.{1,8}/g)!;
  return bytes.map((byte) => parseInt(byte.padEnd(8, '0'), 2));
}

describe('the masks of Label Studio', () => {
  test('are packed byte for byte as its SDK packs them', () => {
    expect(golden.length).toBeGreaterThan(10);
    for (const mask of golden) expect(encodeRlePack(bitmapOf(mask))).toEqual(mask.rle);
  });

  test('of its SDK are unpacked', () => {
    for (const mask of golden) {
      expect(decodeRlePack(mask.rle, mask.width, mask.height)).toEqual(bitmapOf(mask));
    }
  });

  test('are the same after packing and unpacking', () => {
    fc.assert(
      fc.property(anyBitmap, (bitmap) => {
        const packed = encodeRlePack(bitmap);
        expect(packed.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256)).toBe(
          true,
        );
        expect(decodeRlePack(packed, bitmap.width, bitmap.height)).toEqual(bitmap);
      }),
    );
  });

  test('may be packed in any other way that the format allows', () => {
    fc.assert(
      fc.property(anyBitmap, fc.integer({ min: 1, max: 16 }), (bitmap, wordBits) => {
        const packed = packedOtherwise(bitmap, wordBits);
        expect(decodeRlePack(packed, bitmap.width, bitmap.height)).toEqual(bitmap);
      }),
    );
  });

  test('that are cut off, or of another size, are refused', () => {
    const packed = encodeRlePack({ width: 4, height: 4, data: new Uint8Array(16).fill(1, 3, 9) });
    expect(() => decodeRlePack(packed.slice(0, 8), 4, 4)).toThrow(/is truncated/);
    expect(() => decodeRlePack(packed, 5, 4)).toThrow(/64 bytes; expected 80 for 5 x 4 pixels/);
    expect(() => decodeRlePack([], 4, 4)).toThrow(/is truncated/);
  });
});
