import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRle } from '../../../../core/geometry/rle.ts';
import { answerMask, clipMask } from '../../../../models/answer/mask-pixels.ts';
import type { LogitMap } from '../../../../models/answer/logit-map.ts';

/** torch's bilinear interpolation with corners not aligned, one pixel at a time. */
function interpolated(map: LogitMap, width: number, height: number, x: number, y: number): number {
  const sample = (position: number, scale: number, length: number) => {
    const source = Math.max((position + 0.5) * scale - 0.5, 0);
    const low = Math.min(Math.floor(source), length - 1);
    return { low, high: Math.min(low + 1, length - 1), weight: source - low };
  };
  const column = sample(x, map.width / width, map.width);
  const row = sample(y, map.height / height, map.height);
  const at = (r: number, c: number) => map.logits[r * map.width + c]!;
  const mix = (r: number) =>
    at(r, column.low) * (1 - column.weight) + at(r, column.high) * column.weight;
  return mix(row.low) * (1 - row.weight) + mix(row.high) * row.weight;
}

const maps = fc
  .record({ width: fc.integer({ min: 1, max: 6 }), height: fc.integer({ min: 1, max: 6 }) })
  .chain(({ width, height }) =>
    fc
      .array(fc.double({ min: -8, max: 8, noNaN: true }), {
        minLength: width * height,
        maxLength: width * height,
      })
      .map((logits) => ({ width, height, logits: Float32Array.from(logits) })),
  );

describe('answerMask', () => {
  it('equals interpolating every pixel and thresholding its probability, inside the part only', () => {
    const parts = fc.record({
      left: fc.integer({ min: 0, max: 5 }),
      top: fc.integer({ min: 0, max: 5 }),
      width: fc.integer({ min: 1, max: 25 }),
      height: fc.integer({ min: 1, max: 25 }),
    });
    fc.assert(
      fc.property(maps, parts, fc.constantFrom(0.3, 0.5, 0.9), (map, part, threshold) => {
        const image = { width: part.left + part.width + 2, height: part.top + part.height + 3 };
        const { rle, area } = answerMask({ map, part }, image, threshold);
        const { data } = decodeRle(rle);
        let count = 0;
        for (let y = 0; y < image.height; y++) {
          for (let x = 0; x < image.width; x++) {
            const pixel = data[y * image.width + x];
            count += pixel!;
            const [column, row] = [x - part.left, y - part.top];
            const isInside = column >= 0 && row >= 0 && column < part.width && row < part.height;
            if (!isInside) {
              expect(pixel).toBe(0);
              continue;
            }
            const logit = interpolated(map, part.width, part.height, column, row);
            const probability = 1 / (1 + Math.exp(-logit));
            if (Math.abs(probability - threshold) > 1e-4)
              expect(pixel).toBe(probability > threshold ? 1 : 0);
          }
        }
        expect(area).toBe(count);
      }),
    );
  });

  it('of one probability is empty or whole', () => {
    const part = { left: 0, top: 0, width: 8, height: 8 };
    const flat = (logit: number) => ({
      width: 2,
      height: 2,
      logits: new Float32Array(4).fill(logit),
    });
    const empty = answerMask({ map: flat(-3), part }, part, 0.5);
    expect(empty).toMatchObject({ area: 0, bbox: [0, 0, 0, 0] });
    const whole = answerMask({ map: flat(12), part }, part, 0.5);
    expect(whole).toMatchObject({ area: 64, bbox: [0, 0, 8, 8] });
  });
});

describe('clipMask', () => {
  it('keeps the pixels inside the box only', () => {
    const image = { left: 0, top: 0, width: 9, height: 7 };
    const full = answerMask(
      { map: { width: 1, height: 1, logits: Float32Array.of(4) }, part: image },
      image,
      0.5,
    );
    const clipped = clipMask(full, { left: 2, top: 1, width: 4, height: 6 });
    expect(clipped).toMatchObject({ area: 24, bbox: [2, 1, 4, 6] });
    const { data } = decodeRle(clipped.rle);
    expect(data[1 * 9 + 2]).toBe(1);
    expect(data[1 * 9 + 1]).toBe(0);
  });
});
