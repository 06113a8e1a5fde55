import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nearestSources, resizeBilinear } from '../../../../models/image/resize.ts';

interface Golden {
  pillow: string;
  bilinear: { from: [number, number]; to: [number, number]; sha256: string; pixels?: string }[];
  nearest: { from: number; to: number; sha256: string }[];
}

/** Outputs of Pillow, made by make_pillow_golden.py. */
const golden = JSON.parse(
  readFileSync(new URL('pillow-golden.json', import.meta.url), 'utf8'),
) as Golden;

/** The pseudo-random bytes that make_pillow_golden.py feeds to Pillow. */
function pseudoRandomBytes(count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  let state = 1;
  for (let index = 0; index < count; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('bilinear resize', () => {
  for (const { from, to, sha256: hash, pixels } of golden.bilinear) {
    it(`equals Pillow ${golden.pillow} bit for bit from ${from.join(' x ')} to ${to.join(' x ')}`, () => {
      const [width, height] = from;
      const image = { width, height, pixels: pseudoRandomBytes(width * height * 3) };
      const whole = { left: 0, top: 0, width, height };
      const resized = resizeBilinear(image, whole, { width: to[0], height: to[1] });
      if (pixels !== undefined) {
        expect(Buffer.from(resized).equals(Buffer.from(pixels, 'base64'))).toBe(true);
      }
      expect(sha256(resized)).toBe(hash);
    });
  }

  it('scales a part exactly as if it had been cut out first', () => {
    const image = { width: 40, height: 30, pixels: pseudoRandomBytes(40 * 30 * 3) };
    const part = { left: 7, top: 4, width: 21, height: 19 };
    const cut = new Uint8Array(21 * 19 * 3);
    for (let row = 0; row < 19; row++) {
      const start = ((4 + row) * 40 + 7) * 3;
      cut.set(image.pixels.subarray(start, start + 21 * 3), row * 21 * 3);
    }
    for (const size of [
      { width: 32, height: 16 },
      { width: 21, height: 32 },
      { width: 16, height: 19 },
      { width: 21, height: 19 },
    ]) {
      const cutFirst = { left: 0, top: 0, width: 21, height: 19 };
      expect(resizeBilinear(image, part, size)).toEqual(
        resizeBilinear({ width: 21, height: 19, pixels: cut }, cutFirst, size),
      );
    }
  });
});

describe('nearest resize', () => {
  for (const { from, to, sha256: hash } of golden.nearest) {
    it(`picks the same samples as Pillow ${golden.pillow} from ${from} to ${to}`, () => {
      expect(sha256(new Uint8Array(nearestSources(from, to).buffer))).toBe(hash);
    });
  }
});
