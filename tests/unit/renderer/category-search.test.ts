import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { searchCategories } from '../../../renderer/editor/category-search.ts';
import { makeCategory, makeImage, TestEditor } from '../../support/test-editor.ts';

const names = ['traffic light', 'car', 'scar tissue', 'race car', 'Carriage', 'tree'];
const categories = names.map((name) => makeCategory(name));
const search = (typed: string, recent: readonly string[] = []) => {
  const { found, ...rest } = searchCategories(typed, categories, recent);
  return { names: found.map(({ name }) => name), ...rest };
};

describe('the search for a category', () => {
  it('puts the same name first, then beginnings, words, parts, and letters in order', () => {
    expect(search('car').names).toEqual(['car', 'Carriage', 'race car', 'scar tissue']);
    expect(search('CAR ')).toMatchObject({ isKnown: true, isLikely: true });
    expect(search('tl')).toEqual({ names: ['traffic light'], isKnown: false, isLikely: false });
    expect(search('ca')).toMatchObject({ isKnown: false, isLikely: true });
    expect(search('zebra')).toEqual({ names: [], isKnown: false, isLikely: false });
  });

  it('puts what was used last before the others', () => {
    expect(search('', ['tree', 'car']).names.slice(0, 3)).toEqual(['tree', 'car', 'traffic light']);
    expect(search('ca', ['Carriage']).names[0]).toBe('Carriage');
  });

  it('finds every name by any of its letters in order', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 12 }).filter((name) => name.trim() !== ''),
        fc.infiniteStream(fc.boolean()),
        (name, kept) => {
          const letters = Array.from(name.trim().toLowerCase())
            .filter(() => kept.next().value as boolean)
            .join('')
            .trim();
          const { found } = searchCategories(letters, [makeCategory(name)]);
          expect(found).toHaveLength(1);
        },
      ),
    );
  });
});

describe('locked categories', () => {
  it('let no new one in by a proposal, a shape or a choice, and say so', async () => {
    const test = await TestEditor.open(makeImage(), makeCategory('boat'));
    const { editor } = test;
    editor.settings.change({ isTaxonomyLocked: true });
    await test.tool('box').drag([10, 10], [40, 40]).answer([10, 10, 30, 30]);
    editor.proposals.accept(editor.proposals.active!, 'ship');
    expect(editor.proposals.active).not.toBeNull();
    expect(test.failures).toHaveLength(1);
    expect(test.remedy).toEqual({ kind: 'categories' });
    editor.proposals.accept(editor.proposals.active!, 'Boat');
    expect(editor.document.annotations).toHaveLength(1);
    editor.assign(editor.regions.selection, 'ship');
    expect(test.failures).toHaveLength(2);
    expect(editor.document.categories).toHaveLength(1);
  });

  it('are remembered in the order of their use', async () => {
    const test = (await TestEditor.open()).tool('rectangle').drag([0, 0], [60, 60]);
    for (const name of ['boat', 'buoy', 'boat']) {
      test.editor.assign(test.editor.regions.selection, name);
    }
    expect(test.editor.proposals.recentNames).toEqual(['boat', 'buoy']);
  });
});
