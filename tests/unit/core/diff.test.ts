import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addition,
  applyDiff,
  changesNothing,
  diffSchema,
  emptyDiff,
  invertDiff,
  isEmptyDiff,
  removal,
  replacement,
  squashDiffs,
  type Diff,
  type Records,
} from '../../../core/diff.ts';
import { makeItem, oneSegment } from '../../../core/project/make-item.ts';
import type { Category, Item, ProjectRecord, Review } from '../../../core/records.ts';

function category(id: string, name: string): Category {
  return {
    kind: 'category',
    id,
    name,
    parentId: null,
    color: '#336699',
    attributes: [],
    extra: {},
  };
}

const ids = ['a', 'b', 'c', 'd', 'e'];

function item(id: string, text: string): Item {
  const subject = { imageId: 'image', segments: oneSegment('description', 'region') };
  const words = { task: 'description', content: { text } } as const;
  return { ...makeItem(words, subject, { source: 'person', by: 'person:ann' }, 1), id };
}

function review(id: string, note: string): Review {
  const judged = { imageId: 'image', itemId: 'd', annotationId: null };
  const said = { reviewer: 'person:bob', verdict: 'fix', reason: 'typo', note, atMs: 1 } as const;
  return { kind: 'review', id, ...judged, ...said };
}

/** The record of an id: every kind that people write is among them. */
function record(id: string, name: string): ProjectRecord {
  if (id === 'd') return item(id, name);
  return id === 'e' ? review(id, name) : category(id, name);
}

function recordsOf(names: Record<string, string>): Records {
  return new Map(Object.entries(names).map(([id, name]) => [id, record(id, name)]));
}

/** For each id: leave it, put this name (adding or updating), or remove it. */
const edits = fc.dictionary(
  fc.constantFrom(...ids),
  fc.option(fc.constantFrom('cat', 'dog', 'owl')),
);

/** The diff of an edit in a given state. */
function diffOf(records: Records, edit: Record<string, string | null>): Diff {
  return Object.entries(edit).reduce((diff, [id, name]) => {
    const before = records.get(id);
    if (name === null) return before ? squashDiffs(diff, removal(before)) : diff;
    const after = record(id, name);
    return squashDiffs(diff, before ? replacement(before, after) : addition(after));
  }, emptyDiff());
}

/** A state and three diffs, each of which fits the state after the one before. */
const histories = fc
  .tuple(fc.dictionary(fc.constantFrom(...ids), fc.constantFrom('cat', 'dog')), edits, edits, edits)
  .map(([names, ...steps]) => {
    const states = [recordsOf(names)];
    const diffs = steps.map((step) => {
      const diff = diffOf(states.at(-1)!, step);
      states.push(applyDiff(states.at(-1)!, diff));
      return diff;
    }) as [Diff, Diff, Diff];
    return { states, diffs };
  });

describe('a diff', () => {
  test('is taken back by its inverse', () => {
    fc.assert(
      fc.property(histories, ({ states, diffs }) => {
        expect(applyDiff(states[1]!, invertDiff(diffs[0]))).toEqual(states[0]);
        expect(invertDiff(invertDiff(diffs[0]))).toEqual(diffs[0]);
      }),
    );
  });

  test('squashed with the next one does what the two do after each other', () => {
    fc.assert(
      fc.property(histories, ({ states, diffs: [first, second] }) => {
        expect(applyDiff(states[0]!, squashDiffs(first, second))).toEqual(states[2]);
      }),
    );
  });

  test('squashes in any grouping, and its squashed inverse takes everything back', () => {
    fc.assert(
      fc.property(histories, ({ states, diffs: [first, second, third] }) => {
        const all = squashDiffs(squashDiffs(first, second), third);
        expect(squashDiffs(first, squashDiffs(second, third))).toEqual(all);
        expect(applyDiff(states[3]!, invertDiff(all))).toEqual(states[0]);
      }),
    );
  });

  test('holds each record in one of its maps only, and is valid by its schema', () => {
    fc.assert(
      fc.property(histories, ({ diffs: [first, second] }) => {
        const squashed = diffSchema.parse(squashDiffs(first, second));
        const all = [squashed.added, squashed.updated, squashed.removed].flatMap((map) =>
          Object.keys(map),
        );
        expect(new Set(all).size).toBe(all.length);
      }),
    );
  });

  test('changes neither the records nor the diffs it is used with', () => {
    fc.assert(
      fc.property(histories, ({ states, diffs: [first, second] }) => {
        const before = structuredClone([states[0], first, second]);
        squashDiffs(first, second);
        invertDiff(first);
        applyDiff(states[0]!, first);
        expect([states[0], first, second]).toEqual(before);
      }),
    );
  });

  test('that adds and then removes a record changes nothing', () => {
    const cat = category('a', 'cat');
    expect(isEmptyDiff(squashDiffs(addition(cat), removal(cat)))).toBe(true);
    expect(isEmptyDiff(addition(cat))).toBe(false);
  });
});

describe('a diff that does not fit is refused as a conflict', () => {
  const [cat, dog] = [category('a', 'cat'), category('a', 'dog')];
  const none: Records = new Map();
  test.each([
    ['adding what exists', new Map([['a', cat]]), addition(dog), /Cannot add category a/],
    ['updating what does not exist', none, replacement(cat, dog), /Cannot update record a/],
    ['removing what does not exist', none, removal(cat), /Cannot remove record a/],
  ] satisfies [string, Records, Diff, RegExp][])('%s', (_, records, diff, message) => {
    expect(() => applyDiff(records, diff)).toThrow(message);
    expect(() => applyDiff(records, diff)).toThrow(expect.objectContaining({ code: 'conflict' }));
  });

  test('as is a replacement by another record', () => {
    expect(() => replacement(cat, category('b', 'cat'))).toThrow(/keeps its id/);
  });
});

test('a diff that changes only the times of records changes nothing', () => {
  const before = item('d', 'a cat');
  const again: Item = { ...item('d', 'a cat'), updatedAtMs: before.updatedAtMs + 1 };
  expect(changesNothing(emptyDiff())).toBe(true);
  expect(changesNothing(replacement(before, again))).toBe(true);
  expect(changesNothing(replacement(before, item('d', 'a dog')))).toBe(false);
  expect(changesNothing(addition(before))).toBe(false);
  expect(changesNothing(removal(before))).toBe(false);
});
