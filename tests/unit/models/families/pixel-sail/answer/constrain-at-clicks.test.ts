import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  constrainAtClicks,
  type HeldPlace,
} from '../../../../../../models/families/pixel-sail/answer/constrain-at-clicks.ts';
import type { LogitMap } from '../../../../../../models/answer/logit-map.ts';

const [width, height] = [12, 8];
const count = width * height;

const flat = (logit: number): LogitMap => ({
  width,
  height,
  logits: new Float32Array(count).fill(logit),
});

/** One channel for the left half, another for the right. */
const halves = {
  channels: 2,
  values: Float32Array.from({ length: 2 * count }, (_, index) => {
    const isLeft = index % width < width / 2;
    return isLeft === index < count ? 1 : 0;
  }),
};

const at = (column: number, row: number, positive: boolean): HeldPlace => ({
  x: (column + 0.5) / width,
  y: (row + 0.5) / height,
  positive,
});
const logitAt = ({ logits }: LogitMap, column: number, row: number) =>
  logits[row * width + column]!;

describe('holding places in a mask', () => {
  it('changes what looks alike nearby, and nothing that looks otherwise', () => {
    const held = constrainAtClicks(flat(-4), halves, [at(5, 4, true)]);
    expect(logitAt(held, 5, 4)).toBeGreaterThan(0);
    expect(logitAt(held, 4, 4), 'its neighbour').toBeGreaterThan(-4);
    expect(logitAt(held, 0, 0), 'the far corner').toBeCloseTo(-4, 3);
    for (let row = 0; row < height; row++) expect(logitAt(held, 6, row)).toBe(-4);
  });

  it('leaves a mask alone that agrees already', () => {
    const map = flat(-4);
    expect(constrainAtClicks(map, halves, [at(2, 2, false)]).logits).toEqual(map.logits);
    expect(constrainAtClicks(map, halves, []).logits).toEqual(map.logits);
  });

  it('holds a place on the very edge of a view', () => {
    const held = constrainAtClicks(flat(-4), halves, [{ x: 1, y: 1, positive: true }]);
    expect(logitAt(held, width - 1, height - 1)).toBeGreaterThan(0);
  });

  it('takes the last word on a place that is wanted both ways', () => {
    const held = constrainAtClicks(flat(-4), halves, [at(3, 3, false), at(3, 3, true)]);
    expect(logitAt(held, 3, 3)).toBeGreaterThan(0);
  });

  it('brings all places of any mask to their side where they look different or lie apart', () => {
    const masks = fc.record({
      logits: fc.array(fc.double({ min: -9, max: 9, noNaN: true }), {
        minLength: count,
        maxLength: count,
      }),
      wanted: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    });
    fc.assert(
      fc.property(masks, ({ logits, wanted }) => {
        const corners = [at(1, 1, wanted[0]!), at(1, 6, wanted[1]!)];
        const others = [at(10, 1, wanted[2]!), at(10, 6, wanted[3]!)];
        const places = [...corners, ...others];
        const map = { width, height, logits: Float32Array.from(logits) };
        const held = constrainAtClicks(map, halves, places);
        for (const { x, y, positive } of places) {
          const logit = logitAt(held, Math.floor(x * width), Math.floor(y * height));
          expect(logit > 0).toBe(positive);
        }
      }),
    );
  });

  it('keeps opposite wishes side by side from tearing the map apart', () => {
    const held = constrainAtClicks(flat(0), halves, [at(2, 2, true), at(3, 2, false)]);
    expect(Math.max(...held.logits.map(Math.abs))).toBeLessThan(8);
  });
});
