import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogitMap } from '../../../../models/answer/logit-map.ts';
import { scaleMap } from '../../../../models/answer/scale-map.ts';

const map: fc.Arbitrary<LogitMap> = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .chain(([width, height]) =>
    fc
      .array(fc.float({ min: -9, max: 9, noNaN: true }), {
        minLength: width * height,
        maxLength: width * height,
      })
      .map((logits) => ({ logits: Float32Array.from(logits), width, height })),
  );

/** Bilinear interpolation with corners not aligned, at the centre of one output pixel. */
function interpolated({ logits, width, height }: LogitMap, x: number, y: number): number {
  const inside = (at: number, length: number) => Math.min(Math.max(at, 0), length - 1);
  const [column, row] = [inside(x, width), inside(y, height)];
  const [left, top] = [Math.floor(column), Math.floor(row)];
  const value = (c: number, r: number) =>
    logits[Math.min(r, height - 1) * width + Math.min(c, width - 1)]!;
  const along = (r: number) =>
    value(left, r) * (1 - column + left) + value(left + 1, r) * (column - left);
  return along(top) * (1 - row + top) + along(top + 1) * (row - top);
}

describe('scaleMap', () => {
  it('interpolates between the centres of cells, and cuts off what is not kept', () => {
    const side = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(map, side, side, side, side, (from, width, height, keptWidth, keptHeight) => {
        const kept = { width: Math.min(keptWidth, width), height: Math.min(keptHeight, height) };
        const scaled = scaleMap(from, { width, height }, kept);
        expect([scaled.width, scaled.height]).toEqual([kept.width, kept.height]);
        scaled.logits.forEach((logit, index) => {
          const x = (((index % kept.width) + 0.5) * from.width) / width - 0.5;
          const y = ((Math.floor(index / kept.width) + 0.5) * from.height) / height - 0.5;
          expect(logit).toBeCloseTo(interpolated(from, x, y), 3);
        });
      }),
    );
  });
});
