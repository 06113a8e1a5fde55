import { describe, expect, it } from 'vitest';
import type { Annotation, Category } from '../../../core/records.ts';
import {
  addCategory,
  attributesOf,
  categoryTree,
  isNameTaken,
  nest,
  possibleParents,
  setAttributes,
  startingValues,
} from '../../../renderer/editor/category-changes.ts';
import { attributeValueOf } from '../../../renderer/editor/attribute-value.ts';
import { english as text } from '../../../renderer/i18n/en.ts';
import { makeCategory, makeImage, TestEditor } from '../../support/test-editor.ts';

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

describe('a value that is needed, or that a region starts with', () => {
  const dark = { name: 'dark', type: 'boolean' as const, choices: [], default: false };
  const age = { name: 'age', type: 'number' as const, choices: [], required: true };

  it('comes from the category and those above it', () => {
    const parent = { ...animal, attributes: [dark] };
    expect(startingValues(cat.id, [parent, cat])).toEqual({ dark: false });
    expect(startingValues(null, [parent, cat])).toEqual({});
  });

  it('is given to a drawn region, and keeps an image from being done until it is there', async () => {
    const category = { ...makeCategory('cat'), attributes: [dark, age] };
    const test = await TestEditor.open(makeImage(), category);
    test.editor.proposals.lastName = 'cat';
    test.tool('rectangle').drag([10, 10], [50, 50]);
    const [region] = test.editor.document.annotations;
    expect(region!.attributes).toEqual({ dark: false });
    test.editor.setImageState('done');
    expect(test.failures).toEqual([text.categoryDialog.missing('cat', 'age')]);
    expect([test.editor.document.image?.state, test.editor.regions.selectedId]).toEqual([
      'untouched',
      region!.id,
    ]);
    test.editor.commit('Set', setAttributes([region!], 'age', 3));
    test.editor.setImageState('done');
    expect(test.editor.document.image?.state).toBe('done');
  });

  it('is read as a value of its type, or not at all', () => {
    const read = (type: 'number' | 'boolean' | 'choice' | 'text', typed: string) =>
      attributeValueOf({ type, choices: ['red'] }, typed);
    expect([read('number', ' 3 '), read('number', 'x'), read('boolean', 'TRUE')]).toEqual([
      3,
      null,
      true,
    ]);
    expect([read('choice', 'red'), read('choice', 'blue'), read('text', ' ')]).toEqual([
      'red',
      null,
      null,
    ]);
  });
});

describe('nesting a category', () => {
  it('puts it under another one, but never under itself or what is under it', () => {
    expect(nest(car, animal.id, all)?.updated[car.id]?.[1]).toMatchObject({ parentId: animal.id });
    expect(nest(kitten, null, all)?.updated[kitten.id]?.[1]).toMatchObject({ parentId: null });
    expect([
      nest(animal, kitten.id, all),
      nest(cat, cat.id, all),
      nest(cat, animal.id, all),
    ]).toEqual([null, null, null]);
  });
});
