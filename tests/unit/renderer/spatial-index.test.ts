import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpatialIndex } from '../../../renderer/editor/spatial-index.ts';

const boxes = fc.tuple(
  fc.integer({ min: 0, max: 100 }),
  fc.integer({ min: 0, max: 100 }),
  fc.integer({ min: 0, max: 30 }),
  fc.integer({ min: 0, max: 30 }),
);
const items = fc.uniqueArray(fc.record({ id: fc.nat(40).map(String), bbox: boxes }), {
  selector: ({ id }) => id,
  maxLength: 40,
});

describe('the spatial index', () => {
  it('finds what touches a box after any series of changes', () => {
    fc.assert(
      fc.property(fc.array(items, { minLength: 1, maxLength: 6 }), boxes, (versions, box) => {
        const index = new SpatialIndex<{ id: string; bbox: typeof box }>();
        for (const version of versions) {
          index.update(version);
          const [x, y, width, height] = box;
          const expected = version.filter(
            ({ bbox }) =>
              bbox[0] <= x + width &&
              bbox[0] + bbox[2] >= x &&
              bbox[1] <= y + height &&
              bbox[1] + bbox[3] >= y,
          );
          const ids = (found: readonly { id: string }[]) => found.map(({ id }) => id).sort();
          expect(ids(index.inBox(box))).toEqual(ids(expected));
          expect(index.size).toBe(version.length);
        }
      }),
    );
  });
});
