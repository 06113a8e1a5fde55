import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addition, applyDiff, emptyDiff, type Diff, type Records } from '../../../core/diff.ts';
import { makeItem, oneSegment } from '../../../core/project/make-item.ts';
import { mergeChanges, type MergeDecision } from '../../../core/project/merge-changes.ts';
import { sharedCategories, withIds } from '../../../core/project/merge-ids.ts';
import { isSameValue } from '../../../core/project/merge-records.ts';
import type { Annotation, Item, ProjectRecord } from '../../../core/records.ts';
import { drawnRegion, makeCategory, makeImage } from '../../support/test-editor.ts';

const image = makeImage();
const [cat, dog] = [makeCategory('cat'), makeCategory('dog')];
const regions = [0, 1, 2].map((z) => drawnRegion(image, { kind: 'box', box: [z, 0, 9, 9] }, z));
const items = regions.map(({ id }) => itemAbout(id, 'words'));
const base = mapOf([image, cat, dog, ...regions, ...items]);

function itemAbout(annotationId: string, text: string): Item {
  const subject = { imageId: image.id, segments: oneSegment('description', annotationId) };
  return makeItem({ task: 'description', content: { text } }, subject, { source: 'person' }, 0);
}

function mapOf(records: readonly ProjectRecord[]): Map<string, ProjectRecord> {
  return new Map(records.map((record) => [record.id, record]));
}

function changesOf(before: Records, after: Records): Diff {
  const diff = emptyDiff();
  for (const [id, record] of after) {
    const from = before.get(id);
    if (!from) diff.added[id] = record;
    else if (!isSameValue(from, record)) diff.updated[id] = [from, record];
  }
  for (const [id, record] of before) if (!after.has(id)) diff.removed[id] = record;
  return diff;
}

/**
 * Changes of one region and its item on one side, and whether something new is written about it.
 */
const fate = fc.record({
  isRemoved: fc.boolean(),
  zOrder: fc.option(fc.nat(2)),
  categoryId: fc.option(fc.constantFrom(cat.id, dog.id)),
  text: fc.option(fc.constantFrom('mine', 'yours')),
  isItemRemoved: fc.boolean(),
  writes: fc.boolean(),
});
const history = fc.tuple(fate, fate, fate).map((fates) => {
  const after = new Map(base);
  fates.forEach(({ isRemoved, zOrder, categoryId, text, isItemRemoved, writes }, index) => {
    const [region, item] = [
      regions[index]!,
      items[index]! as Extract<Item, { task: 'description' }>,
    ];
    if (isRemoved || isItemRemoved) after.delete(item.id);
    else if (text !== null) after.set(item.id, { ...item, content: { text } });
    if (isRemoved) after.delete(region.id);
    else {
      const changed = { ...region, ...(zOrder !== null && { zOrder }) };
      after.set(region.id, { ...changed, ...(categoryId !== null && { categoryId }) });
      const fresh = itemAbout(region.id, 'new');
      if (writes) after.set(fresh.id, fresh);
    }
  });
  return after;
});
const decision = fc.constantFrom<MergeDecision>('here', 'there');

describe('merging two histories of one project', () => {
  test('keeps every record that a side added or changed, or names the conflict', () => {
    fc.assert(
      fc.property(history, history, decision, (here, there, whose) => {
        const { diff, conflicts, leftOut } = mergeChanges(
          changesOf(base, there),
          here,
          () => whose,
        );
        const merged = applyDiff(here, diff);
        const named = new Set(
          [...conflicts.flatMap((c) => [c.here, c.there]), ...leftOut].map((r) => r?.id),
        );
        for (const side of [here, there]) {
          for (const [id, record] of side) {
            const isOwn = !isSameValue(base.get(id), record);
            if (isOwn && !merged.has(id)) {
              // It went with a region whose removal was decided on.
              const subjects =
                record.kind === 'item' ? record.segments.map((s) => s.annotationId) : [];
              expect([id, ...subjects].some((each) => named.has(each))).toBe(true);
            }
          }
        }
        for (const record of merged.values()) {
          if (record.kind !== 'item') continue;
          for (const { annotationId } of record.segments)
            expect(merged.has(annotationId)).toBe(true);
        }
      }),
    );
  });

  test('takes each field from the side that changed it, and asks only where both did', () => {
    fc.assert(
      fc.property(history, history, decision, (here, there, whose) => {
        const { diff } = mergeChanges(changesOf(base, there), here, () => whose);
        const merged = applyDiff(here, diff);
        for (const { id } of regions) {
          const [before, mine, yours, now] = [base, here, there, merged].map(
            (side) => side.get(id) as Annotation | undefined,
          );
          if (!mine || !yours) continue;
          for (const field of ['zOrder', 'categoryId'] as const) {
            const isMine = mine[field] !== before![field];
            const isYours = yours[field] !== before![field];
            const wanted = isYours && (!isMine || whose === 'there') ? yours : mine;
            expect(now![field]).toBe(wanted[field]);
          }
        }
      }),
    );
  });

  test('changes nothing the second time', () => {
    fc.assert(
      fc.property(history, history, decision, (here, there, whose) => {
        const changes = changesOf(base, there);
        const once = applyDiff(here, mergeChanges(changes, here, () => whose).diff);
        expect(mergeChanges(changes, once, () => whose).diff).toEqual(emptyDiff());
      }),
    );
  });

  test('changes nothing where there nothing was changed, and everything where here nothing was', () => {
    fc.assert(
      fc.property(history, (side) => {
        expect(mergeChanges(emptyDiff(), side, () => 'there').diff).toEqual(emptyDiff());
        const { diff, conflicts } = mergeChanges(changesOf(base, side), base, () => 'here');
        expect(conflicts).toEqual([]);
        expect(applyDiff(base, diff)).toEqual(side);
      }),
    );
  });
});

test('a category that both made is one, whatever the case of its name', () => {
  const boat = makeCategory('Boat');
  const theirs = makeCategory('boat');
  const sail = { ...makeCategory('sail'), parentId: theirs.id };
  const region = { ...regions[0]!, id: 'theirs', categoryId: theirs.id };
  const changes = addition(sail, theirs, region);
  const ids = sharedCategories(changes, [cat, boat]);
  expect([...ids]).toEqual([[theirs.id, boat.id]]);
  expect(withIds(changes, ids, new Map()).added).toEqual({
    [sail.id]: { ...sail, parentId: boat.id },
    theirs: { ...region, categoryId: boat.id },
  });
});
