import { expect, test } from 'vitest';
import { addition, emptyDiff, replacement } from '../../../../core/diff.ts';
import { makeItem } from '../../../../core/project/make-item.ts';
import { personOf } from '../../../../core/project/person.ts';
import { signDiff } from '../../../../core/project/sign.ts';
import type { Item } from '../../../../core/records.ts';

test('one name is one person, whatever its case and spaces; no name is nobody', () => {
  expect(personOf('  Ann  Lee ')).toEqual({ id: 'person:ann lee', name: 'Ann Lee' });
  expect(personOf('ANN LEE')?.id).toBe('person:ann lee');
  expect([personOf(''), personOf('  '), personOf(null), personOf(undefined)]).toEqual([
    ...[null, null, null, null],
  ]);
  expect(personOf('x'.repeat(500))?.name).toHaveLength(80);
});

test('new records carry the name of who makes them, and those of others keep theirs', () => {
  const [ann, bob] = [personOf('Ann')!, personOf('Bob')!];
  const words = { task: 'description', content: { text: 'x' } } as const;
  const item = makeItem(words, { imageId: 'image', segments: [] }, { source: 'person' });
  const byAnn = signDiff(addition(item), ann).added[item.id] as Item;
  expect(byAnn).toMatchObject({ author: ann.id, provenance: { source: 'person', by: ann.id } });
  expect(signDiff(addition(byAnn), bob).added[item.id]).toEqual(byAnn);
  expect(signDiff(addition(item), null)).toEqual(addition(item));

  const model = { source: 'model', model: { id: 'm', hash: 'h' }, threshold: 0, score: 1 } as const;
  const request = { task: 'describe', regions: [] } as const;
  const byModel: Item = { ...item, provenance: { ...model, request: { ...request, regions: [] } } };
  const edited: Item = { ...byModel, provenance: { source: 'person' } };
  const [, to] = signDiff(replacement(byModel, edited), bob).updated[item.id]!;
  expect(to).toMatchObject({ provenance: { source: 'person', by: bob.id } });
  expect(signDiff(emptyDiff(), bob)).toEqual(emptyDiff());
});
