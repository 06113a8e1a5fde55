import fc from 'fast-check';
import { expect, test } from 'vitest';
import { numberListJson } from '../../../core/number-list.ts';

const hundredths = fc.integer({ min: -1_000_000, max: 200_000_000 }).map((value) => value / 100);

test('a list of numbers has the text that JSON gives it', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(hundredths, fc.double(), fc.integer())), (values) => {
      expect(numberListJson(values)).toBe(JSON.stringify(values));
    }),
    { numRuns: 1000 },
  );
});

test.each([
  [[]],
  [[0, -0, 0.1, 0.01, 0.1 + 0.2, 9.99, 10, 99.9, 100.05]],
  [[999_999.99, 1_000_000, 1e21, 5e-324]],
  [[NaN, Infinity, -Infinity]],
  [Array.from({ length: 70_000 }, (_, index) => index / 100)],
  [Array.from({ length: 20_000 }, () => 999_999.99)],
])('so have edge cases: %j', (values) => {
  expect(numberListJson(values)).toBe(JSON.stringify(values));
});
