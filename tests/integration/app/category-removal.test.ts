import { describe, expect, it } from 'vitest';
import { removeCategory } from '../../../app/services/category-removal.ts';
import { addition } from '../../../core/diff.ts';
import type { Category } from '../../../core/records.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import { makeAnnotation, makeCategory, makeImage } from '../db/make-records.ts';
import { temporaryProject } from '../db/temporary-project.ts';

/** A project with animal > cat > kitten and dog, and more cats than one transaction changes. */
function makeProject() {
  const database = temporaryProject();
  const age = { name: 'age', type: 'number' as const, choices: [] };
  const fur = { name: 'fur', type: 'text' as const, choices: [] };
  const animal = makeCategory({ name: 'animal' });
  const cat = makeCategory({ name: 'cat', parentId: animal.id, attributes: [age, fur] });
  const kitten = makeCategory({ name: 'kitten', parentId: cat.id });
  const dog = makeCategory({ name: 'dog', attributes: [age] });
  const image = makeImage(database.addFolder('photos').id);
  const cats = Array.from({ length: 501 }, () =>
    makeAnnotation(image.id, { categoryId: cat.id, attributes: { fur: 'red' } }),
  );
  database.apply('Add', addition(animal, cat, kitten, dog, image, ...cats));
  return { database, image, animal, cat, kitten, dog };
}

const byName = (database: ProjectDatabase, name: string): Category | undefined =>
  database.categories().find((category) => category.name === name);

describe('removing a category', () => {
  it('keeps its regions, without a category', () => {
    const { database, image, cat, animal } = makeProject();
    const input = { label: 'Delete', categoryId: cat.id, mergeInto: null };
    expect(removeCategory(database, input)).toEqual({ annotations: 501 });
    const annotations = database.annotations(image.id);
    expect(annotations).toHaveLength(501);
    expect(new Set(annotations.map(({ categoryId }) => categoryId))).toEqual(new Set([null]));
    expect(byName(database, 'cat')).toBeUndefined();
    expect(byName(database, 'kitten')?.parentId).toBe(animal.id);
    expect(database.check()).toEqual([]);
  });

  it('moves its regions and attributes into another one', () => {
    const { database, image, cat, dog } = makeProject();
    removeCategory(database, { label: 'Merge', categoryId: cat.id, mergeInto: dog.id });
    expect(database.annotationsOfCategory(dog.id, 1000)).toHaveLength(501);
    expect(database.annotations(image.id)[0]).toMatchObject({ attributes: { fur: 'red' } });
    expect(byName(database, 'dog')?.attributes.map(({ name }) => name)).toEqual(['age', 'fur']);
  });

  it('into its own child lets the child take its place in the tree', () => {
    const { database, cat, kitten, animal } = makeProject();
    removeCategory(database, { label: 'Merge', categoryId: cat.id, mergeInto: kitten.id });
    expect(byName(database, 'kitten')?.parentId).toBe(animal.id);
    expect(database.check()).toEqual([]);
  });

  it('is taken back by one undo', () => {
    const { database, image, cat, dog } = makeProject();
    const before = [database.categories(), database.annotations(image.id)];
    removeCategory(database, { label: 'Merge', categoryId: cat.id, mergeInto: dog.id });
    database.undo();
    expect([database.categories(), database.annotations(image.id)]).toEqual(before);
  });

  it('refuses a category that is not there, and merging one into itself', () => {
    const { database, cat } = makeProject();
    const remove = (categoryId: string, mergeInto: string | null) => () =>
      removeCategory(database, { label: 'Merge', categoryId, mergeInto });
    expect(remove('gone', null)).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(remove(cat.id, cat.id)).toThrow(expect.objectContaining({ code: 'invalid-input' }));
  });
});
