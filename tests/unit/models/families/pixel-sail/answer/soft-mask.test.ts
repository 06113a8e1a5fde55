import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  logitOf,
  probabilityOf,
  type LogitMap,
} from '../../../../../../models/answer/logit-map.ts';
import {
  averageSoftMasks,
  logitsOnGrid,
  mirrorMap,
  type SoftMask,
} from '../../../../../../models/families/pixel-sail/answer/soft-mask.ts';

const maps = fc
  .record({ width: fc.integer({ min: 1, max: 6 }), height: fc.integer({ min: 1, max: 6 }) })
  .chain(({ width, height }) =>
    fc
      .array(fc.double({ min: -8, max: 8, noNaN: true }), {
        minLength: width * height,
        maxLength: width * height,
      })
      .map((logits): LogitMap => ({ width, height, logits: Float32Array.from(logits) })),
  );
const part = { left: 3, top: 5, width: 40, height: 24 };

function flat(logit: number, where = part): SoftMask {
  return {
    map: { width: 4, height: 3, logits: new Float32Array(12).fill(logit) },
    part: where,
    agreement: null,
  };
}

describe('several looks at a region', () => {
  it('give the mean of their probabilities', () => {
    const { map } = averageSoftMasks(flat(3), [flat(-1), flat(0.5)]);
    const mean = (probabilityOf(3) + probabilityOf(-1) + probabilityOf(0.5)) / 3;
    for (const logit of map.logits) expect(probabilityOf(logit)).toBeCloseTo(mean, 5);
  });

  it('change nothing when they agree, and count only where they show something', () => {
    fc.assert(
      fc.property(maps, (map) => {
        const mask = { map, part, agreement: null };
        const elsewhere = flat(7, { left: 100, top: 100, width: 9, height: 9 });
        for (const others of [[], [mask], [mask, mask], [elsewhere]]) {
          const average = averageSoftMasks(mask, others);
          expect(average.part).toEqual(part);
          average.map.logits.forEach((logit, index) => {
            expect(logit).toBeCloseTo(map.logits[index]!, 3);
          });
        }
      }),
    );
  });

  it('are read at places of the image, between their cells', () => {
    const logits = Float32Array.of(0, 1, 2, 3);
    const mask = {
      map: { width: 2, height: 2, logits },
      part: { left: 10, top: 20, width: 4, height: 8 },
    };
    const at = (left: number, top: number) =>
      logitsOnGrid(mask, { left, top, width: 0, height: 0 }, { width: 1, height: 1 })[0];
    expect(at(11, 22)).toBe(0);
    expect(at(13, 26)).toBe(3);
    expect(at(12, 24)).toBeCloseTo(1.5);
    expect(at(10, 20)).toBe(0);
    expect(at(9.9, 24)).toBeNaN();
    expect(at(12, 28)).toBeNaN();
  });
});

describe('maps', () => {
  it('are themselves again when mirrored twice', () => {
    fc.assert(
      fc.property(maps, (map) => {
        const mirrored = mirrorMap(map);
        expect(mirrored.logits[0]).toBe(map.logits[map.width - 1]);
        expect(mirrorMap(mirrored)).toEqual(map);
      }),
    );
  });

  it('hold probabilities as logits that are finite', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), (probability) => {
        expect(probabilityOf(logitOf(probability))).toBeCloseTo(probability, 9);
      }),
    );
    expect([logitOf(0), logitOf(1)].every(Number.isFinite)).toBe(true);
    expect(logitOf(0.5)).toBe(0);
  });
});
