import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeLicenses } from '../../../core/formats/coco/about.ts';
import { KeptIds } from '../../../core/formats/coco/kept-ids.ts';

test('every record keeps the number of its file, unless it has none or another one has it', () => {
  const id = fc.oneof(fc.integer({ min: -2, max: 6 }), fc.constantFrom('7', null, 2 ** 60, 0.5));
  fc.assert(
    fc.property(fc.array(id), fc.integer({ min: 0, max: 1 }), (ids, least) => {
      const rows = ids.map((given, index) => ({ exportId: index + 1, extra: { id: given } }));
      const kept = new KeptIds(rows, least);
      const numbers = rows.map((row) => kept.of(row));
      expect(new Set(numbers).size).toBe(rows.length);
      for (const [index, given] of ids.entries()) {
        const isFirst = ids.indexOf(given) === index;
        const isNumber = typeof given === 'number' && Number.isSafeInteger(given) && given >= least;
        expect(numbers[index] === given).toBe(isFirst && isNumber);
      }
    }),
  );
});

test('records beside the greatest number that a file can give have numbers of their own', () => {
  const ids = [Number.MAX_SAFE_INTEGER, null, null, 4];
  const rows = ids.map((id, index) => ({ exportId: index + 1, extra: { id } }));
  const kept = new KeptIds(rows, 1);
  expect(new Set(rows.map((row) => kept.of(row))).size).toBe(ids.length);
});

test('licences of two files that share a number stay two, and equal ones become one', () => {
  const first = [{ id: 1, name: 'CC BY 2.0' }];
  const { licenses, renumbered } = mergeLicenses(first, [
    { id: 1, name: 'CC0' },
    { name: 'CC BY 2.0', id: 9 },
    { id: 3, name: 'MIT' },
  ]);
  expect(licenses).toEqual([...first, { id: 2, name: 'CC0' }, { id: 3, name: 'MIT' }]);
  expect([...renumbered]).toEqual([
    ['1', 2],
    ['9', 1],
  ]);
  expect(mergeLicenses(licenses, licenses)).toEqual({ licenses, renumbered: new Map() });
});

test('a licence that is there under a word as its number is named by that word', () => {
  const before = [{ id: 'by', name: 'CC BY 2.0' }];
  const { licenses, renumbered } = mergeLicenses(before, [{ id: 4, name: 'CC BY 2.0' }]);
  expect([licenses, [...renumbered]]).toEqual([before, [['4', 'by']]]);
});
