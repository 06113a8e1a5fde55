import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { combineParts, partOperations } from '../../../core/geometry/boolean.ts';
import {
  measureParts,
  rleFromCocoPolygons,
  rleFromParts,
} from '../../../core/geometry/coco-polygon.ts';
import { keyhole, splitAtHoles } from '../../../core/geometry/holes.ts';
import { rasterizeParts } from '../../../core/geometry/raster.ts';
import {
  encodeRle,
  rleArea,
  rleBox,
  rleExclude,
  rleIntersect,
  rleIou,
  rleSubtract,
  rleUnion,
} from '../../../core/geometry/rle.ts';
import type { Part, Ring } from '../../../core/geometry/shapes.ts';
import { simplifyParts } from '../../../core/geometry/simplify.ts';
import { traceMask } from '../../../core/geometry/trace.ts';
import { bitmapPairs, bitmaps } from './bitmaps.ts';

/** A square of 30 with a square hole of 10: 800 pixels. */
const donut: Part = {
  outer: [5, 5, 35, 5, 35, 35, 5, 35],
  holes: [[15, 15, 15, 25, 25, 25, 25, 15]],
};

function cocoArea(rings: readonly Ring[]): number {
  return rleArea(rleFromCocoPolygons(rings, 40, 40));
}

/**
 * Rings of any form, also outside of the image, crossing themselves, and with corners on the grid
 * of a fifth of a pixel.
 */
const rings: fc.Arbitrary<Ring> = fc
  .oneof(
    fc.array(fc.tuple(fc.integer({ min: -50, max: 300 }), fc.integer({ min: -50, max: 300 })), {
      minLength: 3,
      maxLength: 40,
    }),
    fc.array(
      fc.tuple(
        fc.double({ min: -9, max: 60, noNaN: true }),
        fc.double({ min: -9, max: 60, noNaN: true }),
      ),
      { minLength: 3, maxLength: 12 },
    ),
  )
  .map((points) => points.flatMap(([x, y]) => [x / 5, y / 5]));

test('the measures of parts are those of their mask', () => {
  const parts = fc.array(fc.record({ outer: rings, holes: fc.array(rings, { maxLength: 2 }) }), {
    minLength: 1,
    maxLength: 3,
  });
  const side = fc.integer({ min: 1, max: 50 });
  fc.assert(
    fc.property(parts, side, side, (some, width, height) => {
      const mask = rleFromParts(some, width, height);
      const expected = { area: rleArea(mask), bbox: rleBox(mask) };
      expect(measureParts(some, width, height)).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
});

describe('holes for readers of polygons', () => {
  test('of a donut of 800 pixels are filled when they are written as a second polygon', () => {
    expect(cocoArea([donut.outer, ...donut.holes])).toBe(900);
  });

  test('are left out exactly by a keyhole', () => {
    const ring = keyhole(donut);
    expect(cocoArea([ring])).toBe(800);
    expect(ring).toHaveLength(2 * (4 + 4 + 2));
  });

  test('are left out exactly by cutting the part in two', () => {
    const rings = splitAtHoles(donut, 40, 40);
    expect(rings).toHaveLength(2);
    expect(cocoArea(rings)).toBe(800);
    expect(cocoArea([rings[0]!]) + cocoArea([rings[1]!])).toBe(800);
  });

  test('are left out exactly whatever the mask', () => {
    fc.assert(
      fc.property(bitmaps(), (bitmap) => {
        const { width, height } = bitmap;
        const mask = encodeRle(bitmap);
        const parts = traceMask(bitmap);
        expect(rleFromCocoPolygons(parts.map(keyhole), width, height)).toEqual(mask);
        const pieces = parts.flatMap((part) => splitAtHoles(part, width, height));
        expect(rleFromCocoPolygons(pieces, width, height)).toEqual(mask);
        const areas = pieces.map((ring) => rleArea(rleFromCocoPolygons([ring], width, height)));
        expect(areas.reduce((sum, area) => sum + area, 0)).toBe(rleArea(mask));
      }),
      { numRuns: 500 },
    );
  });

  test('of drawn polygons are left out exactly too', () => {
    const vertex = fc.integer({ min: 0, max: 200 }).map((value) => value / 5);
    const ring = fc
      .array(vertex, { minLength: 6, maxLength: 12 })
      .map((all) => all.slice(0, all.length & ~1));
    fc.assert(
      fc.property(ring, fc.array(ring, { maxLength: 3 }), (outer, holes) => {
        const part: Part = { outer, holes };
        const mask = rleFromParts([part], 40, 40);
        expect(rleFromCocoPolygons([keyhole(part)], 40, 40)).toEqual(mask);
        const pieces = holes.length === 0 ? [outer] : splitAtHoles(part, 40, 40);
        expect(rleFromCocoPolygons(pieces, 40, 40)).toEqual(mask);
      }),
    );
  });

  test('do not change a part without holes', () => {
    const whole: Part = { outer: [1, 1, 5, 2, 3, 6], holes: [] };
    expect(keyhole(whole)).toEqual(whole.outer);
    expect(splitAtHoles(whole, 40, 40)).toEqual([whole.outer]);
  });
});

describe('simplification', () => {
  /** Every tenth row of a disc is one pixel longer, so that there is something to leave out. */
  const disc = rasterizeParts(
    [
      {
        outer: Array.from(
          { length: 120 },
          (_, index) =>
            50 +
            (40 + (index % 7)) * (index % 2 ? Math.sin : Math.cos)((index >> 1) * (Math.PI / 30)),
        ),
        holes: [],
      },
    ],
    100,
    100,
  );
  const mask = encodeRle(disc);
  const parts = traceMask(disc);

  test('without tolerance changes nothing', () => {
    expect(simplifyParts(parts, { tolerance: 0 }, mask)).toMatchObject({ parts, iou: 1 });
  });

  test('says the true IoU and the true number of vertices', () => {
    fc.assert(
      fc.property(
        bitmaps().filter((bitmap) => bitmap.data.includes(1)),
        fc.oneof(
          fc.record({ tolerance: fc.constantFrom(0, 0.5, 0.8, 1.5, 4) }),
          fc.record({ vertices: fc.integer({ min: 3, max: 60 }) }),
        ),
        (bitmap, target) => {
          const original = encodeRle(bitmap);
          const result = simplifyParts(traceMask(bitmap), target, original);
          const decoded = rleFromParts(result.parts, bitmap.width, bitmap.height);
          expect(result.iou).toBe(rleIou(decoded, original));
          const rings = result.parts.flatMap(({ outer, holes }) => [outer, ...holes]);
          expect(result.vertices).toBe(rings.reduce((sum, ring) => sum + ring.length / 2, 0));
          expect(Math.min(...rings.map((ring) => ring.length))).toBeGreaterThanOrEqual(6);
          if ('vertices' in target) {
            expect(result.vertices).toBeLessThanOrEqual(
              Math.max(target.vertices, 3 * rings.length),
            );
          }
        },
      ),
    );
  });

  test('keeps every left-out vertex within the tolerance', () => {
    for (const tolerance of [0.6, 1, 3]) {
      const { parts: simplified } = simplifyParts(parts, { tolerance }, mask);
      const vertices = parts[0]!.outer;
      for (let index = 0; index < vertices.length; index += 2) {
        expect(
          distanceTo(simplified[0]!.outer, vertices[index]!, vertices[index + 1]!),
        ).toBeLessThanOrEqual(tolerance);
      }
    }
  });

  test('loses little for many vertices, and more the fewer are kept', () => {
    const results = [80, 40, 20, 8].map((vertices) => simplifyParts(parts, { vertices }, mask));
    expect(results.map(({ vertices }) => vertices)).toEqual([80, 40, 20, 8]);
    expect(results[1]!.iou).toBeGreaterThan(0.95);
    const ious = results.map(({ iou }) => iou);
    expect([...ious].sort((a, b) => b - a)).toEqual(ious);
  });
});

function distanceTo(ring: Ring, x: number, y: number): number {
  let least = Infinity;
  for (let index = 0; index < ring.length; index += 2) {
    const [x0, y0] = [ring[index]!, ring[index + 1]!];
    const [dx, dy] = [ring[(index + 2) % ring.length]! - x0, ring[(index + 3) % ring.length]! - y0];
    const along = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)));
    least = Math.min(least, Math.hypot(x - x0 - along * dx, y - y0 - along * dy));
  }
  return least;
}

describe('set operations on parts', () => {
  const onMasks = {
    union: rleUnion,
    subtract: rleSubtract,
    intersect: rleIntersect,
    exclude: rleExclude,
  };

  test('agree with those on masks', () => {
    fc.assert(
      fc.property(bitmapPairs(), fc.constantFrom(...partOperations), ([a, b], operation) => {
        const result = combineParts(traceMask(a), traceMask(b), operation);
        const mask = encodeRle(rasterizeParts(result, a.width, a.height));
        expect(mask).toEqual(onMasks[operation](encodeRle(a), encodeRle(b)));
      }),
    );
  });

  test('keep exact vectors', () => {
    const left: Part = { outer: [0.5, 0, 4, 0, 4, 4, 0.5, 4], holes: [] };
    const right: Part = { outer: [2.25, 1, 6, 1, 6, 3, 2.25, 3], holes: [] };
    const [overlap] = combineParts([left], [right], 'intersect');
    expect(new Set(overlap!.outer)).toEqual(new Set([2.25, 4, 1, 3]));
    expect(combineParts([left], [left], 'subtract')).toEqual([]);
  });

  test('cut holes and fill them', () => {
    const inner: Part = { outer: [15, 15, 25, 15, 25, 25, 15, 25], holes: [] };
    const whole: Part = { outer: donut.outer, holes: [] };
    expect(combineParts([whole], [inner], 'subtract')).toMatchObject([
      { holes: [expect.any(Array)] },
    ]);
    const [filled, ...others] = combineParts([donut], [inner], 'union');
    expect([filled!.holes, others]).toEqual([[], []]);
  });
});
