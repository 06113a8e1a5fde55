import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SeenIds } from '../../../core/formats/coco/seen-ids.ts';

test('every id is known with its first row, whatever ids there are and in whatever order', () => {
  const id = fc.oneof(
    fc.integer({ min: -5, max: 30 }),
    fc.double({ noNaN: true, min: 0, max: 9 }),
    fc.constantFrom('1', 'a', 2 ** 53, 0.5),
  );
  const files = fc.oneof(
    fc.array(id),
    fc
      .tuple(fc.integer({ min: 0, max: 20 }), fc.nat(20), fc.array(id))
      .map(([first, count, rest]) => [
        ...Array.from({ length: count }, (_, index) => first + index),
        ...rest,
      ]),
  );
  fc.assert(
    fc.property(files, (ids) => {
      const seen = new SeenIds();
      const expected = new Map<number | string, number>();
      ids.forEach((each, row) => {
        expect(seen.add(each, row)).toBe(expected.get(each));
        if (!expected.has(each)) expected.set(each, row);
      });
    }),
  );
});
