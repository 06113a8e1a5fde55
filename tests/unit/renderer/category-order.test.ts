import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyDiff, type Records } from '../../../core/diff.ts';
import type { Category } from '../../../core/records.ts';
import { inPlace, moveAmongSiblings, moveBeside } from '../../../renderer/editor/category-order.ts';
import { makeCategory } from '../../support/test-editor.ts';

const named = (...names: string[]) => names.map((name) => makeCategory(name));
const after = (categories: readonly Category[], diff: Parameters<typeof applyDiff>[1]) => {
  const records: Records = new Map(categories.map((each) => [each.id, each]));
  return inPlace([...applyDiff(records, diff).values()] as Category[]);
};
const namesOf = (categories: readonly Category[]) => categories.map(({ name }) => name).join('');

describe('the order of categories', () => {
  it('takes any number of moves, each to where it was dropped', () => {
    const move = fc.record({
      from: fc.nat(5),
      to: fc.nat(5),
      side: fc.constantFrom('before' as const, 'after' as const),
    });
    fc.assert(
      fc.property(fc.array(move, { maxLength: 80 }), (moves) => {
        let categories: readonly Category[] = named('a', 'b', 'c', 'd', 'e', 'f');
        let expected = [...namesOf(categories)];
        for (const { from, to, side } of moves) {
          const [moved, target] = [categories[from]!, categories[to]!];
          categories = after(categories, moveBeside(moved, target, side, categories));
          if (moved.id !== target.id) {
            expected = expected.filter((name) => name !== moved.name);
            const index = expected.indexOf(target.name) + Number(side === 'after');
            expected = expected.toSpliced(index, 0, moved.name);
          }
          expect(namesOf(categories)).toBe(expected.join(''));
        }
      }),
    );
  });

  it('changes one record, once all have a place', () => {
    const [a, b, c] = named('a', 'b', 'c') as [Category, Category, Category];
    const first = moveBeside(c, a, 'before', [a, b, c]);
    expect(Object.keys(first.updated)).toHaveLength(3);
    const ordered = after([a, b, c], first);
    const second = moveAmongSiblings(ordered[0]!, 1, ordered);
    expect(Object.keys(second.updated)).toHaveLength(1);
    expect(namesOf(after(ordered, second))).toBe('acb');
  });

  it('takes a category under the parent of the one beside which it is put, never under itself', () => {
    const [a, b] = named('a', 'b') as [Category, Category];
    const child = makeCategory('c', { parentId: a.id });
    const all = [a, b, child];
    const moved = after(all, moveBeside(b, child, 'before', all));
    expect(moved.find(({ id }) => id === b.id)!.parentId).toBe(a.id);
    expect(after(all, moveBeside(a, child, 'before', all))).toEqual(all);
  });
});
