import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../db/canonical-json.ts';

const records = fc.dictionary(fc.string(), fc.jsonValue());

function reversed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(reversed);
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, child]) => [key, reversed(child)] as const)
      .reverse(),
  );
}

test('the order of keys makes no difference, at any depth', () => {
  fc.assert(
    fc.property(records, (record) => {
      expect(canonicalJson(reversed(record) as object)).toBe(canonicalJson(record));
    }),
  );
});

test('nothing is lost, not even a key named __proto__', () => {
  fc.assert(
    fc.property(records, (record) => {
      expect(JSON.parse(canonicalJson(record))).toEqual(JSON.parse(JSON.stringify(record)));
    }),
  );
  const odd = JSON.parse('{"b":{"__proto__":[{"b":1,"a":2}]},"__proto__":3}') as object;
  expect(canonicalJson(odd)).toBe('{"__proto__":3,"b":{"__proto__":[{"a":2,"b":1}]}}');
});
