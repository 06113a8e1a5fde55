import fc from 'fast-check';
import { expect, test } from 'vitest';
import { annotationSchema } from '../../../core/records.ts';
import {
  isEmptyRecord,
  isPlainExtra,
  isPlainGeometry,
  isPlainProvenance,
} from '../../../db/sqlite/records/plain-json.ts';

const { geometry, attributes, provenance, extra } = annotationSchema.shape;

const checks = [
  { name: 'geometry', schema: geometry, isPlain: isPlainGeometry },
  { name: 'attributes', schema: attributes, isPlain: isEmptyRecord },
  { name: 'provenance', schema: provenance, isPlain: isPlainProvenance },
  { name: 'extra', schema: extra, isPlain: isPlainExtra },
] as const;

const ring = (from: number, to: number) =>
  fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: from, maxLength: to });
const part = fc.record({ outer: ring(6, 12), holes: fc.array(ring(6, 8), { maxLength: 2 }) });
const length = fc.integer({ min: 0, max: 4000 });
const shape = fc.oneof(
  fc.record({ kind: fc.constant('polygon'), parts: fc.array(part, { maxLength: 3 }) }),
  fc.record({ kind: fc.constant('box'), box: ring(3, 5) }),
  fc.record({
    kind: fc.constant('mask'),
    rle: fc.record({ size: fc.array(length, { minLength: 1, maxLength: 3 }), counts: fc.string() }),
  }),
  fc.record({ source: fc.constantFrom('person', 'import', 'model') }),
  fc.record({ source: fc.constantFrom('person', 'import'), file: fc.string() }),
  fc.constantFrom({}, []),
);

/** A shape with one value somewhere in it replaced, added or left out. */
const nearShape = fc
  .tuple(
    shape,
    fc.nat(),
    fc.oneof(fc.jsonValue(), fc.constant('__proto__'), fc.constant(undefined)),
  )
  .map(([value, place, other]) => {
    const json = JSON.stringify(value);
    const places = [...json.matchAll(/[[{,:](?=[^\]}])/g)].map(({ index }) => index + 1);
    const at = places[place % Math.max(places.length, 1)] ?? json.length;
    const put = other === '__proto__' ? '"__proto__":' : `${JSON.stringify(other) ?? '1e999'},`;
    return [json, json.slice(0, at) + put + json.slice(at)];
  })
  .chain((texts) => fc.constantFrom(...texts))
  .map((json) => {
    try {
      return JSON.parse(json) as unknown;
    } catch {
      return null;
    }
  });

for (const { name, schema, isPlain } of checks) {
  test(`what passes for a plain value of ${name} is taken by its schema, which changes nothing`, () => {
    fc.assert(
      fc.property(nearShape, (value) => {
        if (isPlain(value)) expect(schema.safeParse(value)).toEqual({ success: true, data: value });
      }),
      { numRuns: 3000 },
    );
  });
}

test('boxes, masks and polygons of finite numbers are plain', () => {
  const outer = [0, 0, 4, 0, 4, 4];
  const plain = [
    { kind: 'box', box: [1, 2, 3, 4] },
    { kind: 'mask', rle: { size: [2, 3], counts: '06' } },
    { kind: 'polygon', parts: [{ outer, holes: [outer] }] },
  ];
  expect(plain.map(isPlainGeometry)).toEqual([true, true, true]);
  expect(
    [{ source: 'person' }, { source: 'import', file: 'a.json' }].map(isPlainProvenance),
  ).toEqual([true, true]);
});

test('values that only the schema refuses or trims are not plain', () => {
  const outer = [0, 0, 4, 0, 4, 4];
  const other = [
    '{"kind":"box","box":[1,2,3,1e999]}',
    '{"kind":"box","box":[1,2,-3,4]}',
    '{"kind":"box","box":[1,2,3,4,5]}',
    '{"kind":"box","box":[1,2,3,4],"__proto__":{}}',
    '{"kind":"polygon","parts":[]}',
    `{"kind":"polygon","parts":[{"outer":${JSON.stringify(outer.slice(1))},"holes":[]}]}`,
    `{"kind":"polygon","parts":[{"outer":${JSON.stringify(outer)},"holes":[],"more":1}]}`,
    '{"kind":"mask","rle":{"size":[0,3],"counts":""}}',
    '{"kind":"mask","rle":{"size":[1.5,3],"counts":""}}',
    '{"kind":"mask","rle":{"size":[2,3],"counts":[6]}}',
  ];
  for (const json of other)
    expect([json, isPlainGeometry(JSON.parse(json))]).toEqual([json, false]);
});
