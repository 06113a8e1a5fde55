import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resizeBilinearFloat } from '../../../../models/image/resize-float.ts';
import { resizeBilinear } from '../../../../models/image/resize.ts';

const side = fc.integer({ min: 1, max: 12 });
const image = fc.tuple(side, side).chain(([width, height]) => {
  const length = width * height * 3;
  return fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((pixels) => ({ width, height, pixels }));
});

describe('resizeBilinearFloat', () => {
  it('gives what the 8-bit filter rounds, which does so twice', () => {
    fc.assert(
      fc.property(image, side, side, (from, width, height) => {
        const part = { left: 0, top: 0, width: from.width, height: from.height };
        const rounded = resizeBilinear(from, part, { width, height });
        const exact = resizeBilinearFloat(from, { width, height });
        expect(exact).toHaveLength(rounded.length);
        exact.forEach((value, index) => {
          expect(Math.abs(value - rounded[index]!)).toBeLessThan(1.01);
        });
      }),
    );
  });

  it('keeps an image of the same size as it is', () => {
    fc.assert(
      fc.property(image, (from) => {
        expect([...resizeBilinearFloat(from, from)]).toEqual([...from.pixels]);
      }),
    );
  });
});
