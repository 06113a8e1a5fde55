import { describe, expect, it } from 'vitest';
import type { Annotation, Category } from '../../../core/records.ts';
import {
  addCategory,
  attributesOf,
  categoryTree,
  isNameTaken,
  possibleParents,
  setAttributes,
} from '../../../renderer/editor/category-changes.ts';
import { makeCategory, TestEditor } from '../../support/test-editor.ts';

const animal = makeCategory('animal');
const cat = { ...makeCategory('cat'), parentId: animal.id };
const kitten = { ...makeCategory('kitten'), parentId: cat.id };
const car = makeCategory('car');
const all = [kitten, car, cat, animal];

describe('the tree of categories', () => {
  it('lists each category before those under it', () => {
    expect(categoryTree(all).map(({ category, depth }) => [category.name, depth])).toEqual([
      ['car', 0],
      ['animal', 0],
      ['cat', 1],
      ['kitten', 2],
    ]);
  });

  it('offers as parents all but the category and what is under it', () => {
    const names = (of: Category) => possibleParents(of, all).map(({ name }) => name);
    expect(names(cat)).toEqual(['car', 'animal']);
    expect(names(animal)).toEqual(['car']);
    expect(names(kitten)).toEqual(['car', 'animal', 'cat']);
  });

  it('hands attributes down, and lets a category define one anew', () => {
    const legs = { name: 'legs', type: 'number' as const, choices: [] };
    const fur = { name: 'fur', type: 'text' as const, choices: [] };
    const furry = { name: 'fur', type: 'choice' as const, choices: ['long'] };
    const parent = { ...animal, attributes: [legs, fur] };
    expect(attributesOf({ ...cat, attributes: [furry] }, [parent])).toEqual([legs, furry]);
  });
});

describe('names of categories', () => {
  it('are taken whatever the case of their letters', () => {
    expect([isNameTaken(' CAT ', all), isNameTaken('ca', all)]).toEqual([true, false]);
  });

  it('get a number when they are taken', () => {
    expect(addCategory('cat', [...all, makeCategory('Cat 2')]).name).toBe('cat 3');
  });
});

describe('values of attributes', () => {
  it('are set, replaced and taken away, each as one step', async () => {
    const test = (await TestEditor.open()).tool('rectangle').drag([0, 0], [60, 60]);
    const { editor } = test;
    const set = (name: string, value: string | number | null) =>
      editor.commit('Set', setAttributes([editor.regions.selected as Annotation], name, value));
    set('legs', 3);
    set('fur', 'long');
    set('legs', 4);
    expect(editor.regions.selected?.attributes).toEqual({ fur: 'long', legs: 4 });
    set('fur', null);
    await editor.travel('undo');
    expect(editor.regions.selected?.attributes).toEqual({ fur: 'long', legs: 4 });
  });
});
