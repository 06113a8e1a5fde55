import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSameJson } from '../../../core/same-json.ts';

test('a value is the same after it was stored as JSON, with its keys in any order', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(isSameJson(value, JSON.parse(JSON.stringify(value)))).toBe(true);
      expect(isSameJson(reverseKeys(value), value)).toBe(true);
    }),
  );
});

function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, child]) => [key, reverseKeys(child)]),
  );
}

test('two values are the same exactly when their JSON with sorted keys is', () => {
  const small = fc.jsonValue({ maxDepth: 2, stringUnit: fc.constantFrom('a', 'b') });
  fc.assert(
    fc.property(small, small, (left, right) => {
      expect(isSameJson(left, right)).toBe(sortedJson(left) === sortedJson(right));
    }),
    { numRuns: 2000 },
  );
});

function sortedJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(sortedJson).join()}]`;
  const entries = Object.entries(value).map(
    ([key, child]) => `${JSON.stringify(key)}:${sortedJson(child)}`,
  );
  return `{${entries.sort().join()}}`;
}

test.each([
  [[1, 2], [2, 1], false],
  [[1], { 0: 1 }, false],
  [null, {}, false],
  ['1', 1, false],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [{ a: 1, b: undefined }, { a: 1 }, true],
  [{ a: undefined }, { b: 1 }, false],
  [0, -0, true],
])('%j and %j: %j', (left, right, same) => {
  expect(isSameJson(left, right)).toBe(same);
  expect(isSameJson(right, left)).toBe(same);
});
