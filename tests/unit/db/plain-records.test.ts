import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffSchema } from '../../../core/diff.ts';
import { projectRecordSchema } from '../../../core/records.ts';
import { isPlainRecord } from '../../../db/sqlite/records/plain-records.ts';
import { diffIn } from '../../../db/sqlite/records/stored-diff.ts';
import { makeItem, oneSegment } from '../../../core/project/make-item.ts';
import { makeAnnotations, makeImages, scaleOf } from '../../bench/scale/make-project.ts';

const annotation = makeAnnotations(scaleOf(1)).next().value!;
const image = makeImages('folder', scaleOf(10)).next().value!;
const item = makeItem(
  { task: 'description', content: { text: 'a thing' } },
  { imageId: image.id, segments: oneSegment('description', annotation.id) },
  { source: 'person' },
  1000,
);
const plain = [annotation, image, item];

test('annotations, images and descriptions as an import writes them are plain', () => {
  expect(plain.map(isPlainRecord)).toEqual([true, true, true]);
});

/** A plain record with one value in it, at any depth, replaced, added or left out. */
const nearRecord = fc
  .tuple(
    fc.constantFrom(...plain),
    fc.nat(),
    fc.nat(),
    fc.oneof(fc.jsonValue(), fc.constant(undefined)),
  )
  .map(([record, place, name, other]) => {
    const copy = JSON.parse(JSON.stringify(record)) as object;
    const inside = objectsIn(copy);
    const target = inside[place % inside.length] as Record<string, unknown>;
    const keys = [...Object.keys(target), 'more', '__proto__'];
    const key = keys[name % keys.length]!;
    Object.defineProperty(target, key, { value: other, enumerable: true, configurable: true });
    return JSON.parse(JSON.stringify(copy)) as unknown;
  });

function objectsIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}

test('what passes for a plain record is taken by its schema, which changes nothing', () => {
  fc.assert(
    fc.property(nearRecord, (value) => {
      if (!isPlainRecord(value)) return;
      expect(projectRecordSchema.safeParse(value)).toEqual({ success: true, data: value });
    }),
    { numRuns: 5000 },
  );
});

test('a diff is read as its schema reads it', () => {
  const records = fc.dictionary(fc.string(), fc.oneof(nearRecord, fc.constantFrom(...plain)));
  const pairs = fc.dictionary(fc.string(), fc.array(nearRecord, { minLength: 1, maxLength: 3 }));
  const diff = fc.record(
    { added: records, updated: fc.oneof(pairs, fc.constant({})), removed: records },
    { requiredKeys: ['added', 'removed'] },
  );
  fc.assert(
    fc.property(fc.oneof(diff, fc.jsonValue()), (value) => {
      const json = JSON.parse(JSON.stringify(value)) as unknown;
      const parsed = diffSchema.safeParse(json);
      expect(diffIn(json)).toEqual(parsed.success ? parsed.data : null);
    }),
    { numRuns: 1000 },
  );
});
