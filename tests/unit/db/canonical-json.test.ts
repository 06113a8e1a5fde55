import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
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

/** The result of zod for a JSON record. */
const schema = z.record(z.string(), z.json());

test('the text is that of the value as it is read again', () => {
  const odd = JSON.parse('{"b":{"__proto__":[{"b":1}],"a":2},"__proto__":3}') as object;
  expect(canonicalJson(odd)).toBe('{"b":{"a":2}}');
  fc.assert(
    fc.property(records, (record) => {
      const read = schema.parse(JSON.parse(JSON.stringify(record)));
      expect(JSON.parse(canonicalJson(record))).toEqual(read);
      expect(canonicalJson(read)).toBe(canonicalJson(record));
    }),
  );
});
