import { describe, expect, it } from 'vitest';
import { removeCategory } from '../../../app/features/categories/category-removal.ts';
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
  it('keeps its regions, without a category', async () => {
    const { database, image, cat, animal } = makeProject();
    const input = { label: 'Delete', categoryId: cat.id, mergeInto: null };
    expect(await removeCategory(database, input)).toEqual({ annotations: 501 });
    const annotations = database.annotations(image.id);
    expect(annotations).toHaveLength(501);
    expect(new Set(annotations.map(({ categoryId }) => categoryId))).toEqual(new Set([null]));
    expect(byName(database, 'cat')).toBeUndefined();
    expect(byName(database, 'kitten')?.parentId).toBe(animal.id);
    expect(database.check()).toEqual([]);
  });

  it('moves its regions and attributes into another one', async () => {
    const { database, image, cat, dog } = makeProject();
    await removeCategory(database, { label: 'Merge', categoryId: cat.id, mergeInto: dog.id });
    expect(database.annotationsOfCategory(dog.id, 1000)).toHaveLength(501);
    expect(database.annotations(image.id)[0]).toMatchObject({ attributes: { fur: 'red' } });
    expect(byName(database, 'dog')?.attributes.map(({ name }) => name)).toEqual(['age', 'fur']);
  });

  it('into its own child lets the child take its place in the tree', async () => {
    const { database, cat, kitten, animal } = makeProject();
    await removeCategory(database, { label: 'Merge', categoryId: cat.id, mergeInto: kitten.id });
    expect(byName(database, 'kitten')?.parentId).toBe(animal.id);
    expect(database.check()).toEqual([]);
  });

  it('is taken back by one undo', async () => {
    const { database, image, cat, dog } = makeProject();
    const before = [database.categories(), database.annotations(image.id)];
    await removeCategory(database, { label: 'Merge', categoryId: cat.id, mergeInto: dog.id });
    database.undo();
    expect([database.categories(), database.annotations(image.id)]).toEqual(before);
  });

  it('refuses a category that is not there, and merging one into itself', async () => {
    const { database, cat } = makeProject();
    const remove = (categoryId: string, mergeInto: string | null) =>
      removeCategory(database, { label: 'Merge', categoryId, mergeInto });
    await expect(remove('gone', null)).rejects.toMatchObject({ code: 'not-found' });
    await expect(remove(cat.id, cat.id)).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('leaves the project as it was when it is cancelled on its way, and others answered', async () => {
    const { database, image, cat, dog } = makeProject();
    const before = [database.categories(), database.annotations(image.id)];
    const stop = new AbortController();
    const seen: [done: number, total: number | null, stored: number][] = [];
    const progress = (done: number, total: number | null) => {
      seen.push([done, total, database.annotationCount()]);
      if (done === 500) stop.abort();
    };
    const input = { label: 'Merge', categoryId: cat.id, mergeInto: dog.id };
    const context = { signal: stop.signal, progress };
    await expect(removeCategory(database, input, context)).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(seen).toEqual([
      [250, 501, 501],
      [500, 501, 501],
    ]);
    expect([database.categories(), database.annotations(image.id)]).toEqual(before);
    expect(database.history()).toHaveLength(1);
  });
});
