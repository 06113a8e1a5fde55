import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  categoryKeys,
  giveCategoryKeys,
  moveCategoryKey,
  ownerOf,
  type KeysOfCategories,
} from '../../../core/category-keys.ts';

const names = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`);

describe('a category', () => {
  test('gets the first free key when it is made, and none when all are taken', () => {
    const keys = giveCategoryKeys({}, names(11));
    expect(Object.values(keys)).toEqual([...categoryKeys, null]);
    expect(giveCategoryKeys(keys, names(11))).toBe(keys);
  });

  test('gets the key of one that is gone only when no other is left', () => {
    const keys = giveCategoryKeys({}, names(3));
    expect(giveCategoryKeys(keys, ['c0', 'c2', 'new'])['new']).toBe('4');
    const full = giveCategoryKeys({}, names(10));
    const without = names(10).filter((id) => id !== 'c4');
    expect(giveCategoryKeys(full, [...without, 'new'])['new']).toBe('5');
  });

  test('changes places with the one whose key it is given', () => {
    const keys = giveCategoryKeys({}, names(11));
    const moved = moveCategoryKey(keys, 'c10', '3', names(11));
    expect([moved['c10'], moved['c2']]).toEqual(['3', null]);
    const swapped = moveCategoryKey(keys, 'c0', '2', names(11));
    expect([swapped['c0'], swapped['c1']]).toEqual(['2', '1']);
    const none = moveCategoryKey(keys, 'c0', null, names(11));
    expect([none['c0'], giveCategoryKeys(none, names(11))]).toEqual([null, none]);
  });
});

test('no key moves while categories are made, removed, undone and done again', () => {
  const act = fc.constantFrom('make', 'make', 'remove', 'undo', 'undo', 'redo');
  fc.assert(
    fc.property(fc.array(fc.tuple(act, fc.nat()), { maxLength: 60 }), (acts) => {
      /** The categories that there are after each step of the journal. */
      let steps: string[][] = [[]];
      let at = 0;
      let made = 0;
      let keys: KeysOfCategories = {};
      const first = new Map<string, unknown>();
      const take = (ids: string[]) => (steps = [...steps.slice(0, ++at), ids]);
      for (const [what, choice] of acts) {
        const ids = steps[at]!;
        if (what === 'make') take([...ids, `c${made++}`]);
        else if (what === 'remove') take(ids.filter((_, i) => i !== choice % ids.length));
        else if (what === 'undo') at = Math.max(0, at - 1);
        else at = Math.min(steps.length - 1, at + 1);
        const present = steps[at]!;
        keys = giveCategoryKeys(keys, present);
        for (const id of present) {
          if (!first.has(id)) first.set(id, keys[id]);
          expect(keys[id]).toBe(first.get(id));
          if (keys[id] !== null) expect(ownerOf(keys, keys[id]!, present)).toBe(id);
        }
      }
    }),
    { numRuns: 500 },
  );
});
