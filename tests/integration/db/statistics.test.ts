import { expect, test } from 'vitest';
import { addition, replacement } from '../../../core/diff.ts';
import type { Geometry } from '../../../core/records.ts';
import { makeAnnotation, makeCategory, makeImage } from './make-records.ts';
import { temporaryProject } from './temporary-project.ts';

test('counts name every category, the sizes of objects and how many an image has', () => {
  const database = temporaryProject();
  const folderId = database.addFolder('photos').id;
  const [cat, dog] = [makeCategory(), makeCategory({ name: 'dog' })];
  const [first, second, third] = ['done', 'done', 'untouched'].map((state) =>
    makeImage(folderId, { state: state as 'done' | 'untouched' }),
  );
  const annotations = [
    makeAnnotation(first!.id, { categoryId: cat.id, area: 1 }),
    makeAnnotation(first!.id, { categoryId: cat.id, area: 1023 }),
    makeAnnotation(second!.id, { categoryId: cat.id, area: 1024 }),
    makeAnnotation(second!.id, { categoryId: null, area: 2047 }),
    makeAnnotation(second!.id, { categoryId: null, area: 0 }),
  ];
  database.apply('Add', addition(cat, dog, first!, second!, third!, ...annotations));
  expect(database.counts()).toEqual({
    images: { untouched: 1, 'to-check': 0, 'reviewed-empty': 0, done: 2 },
    categories: [
      { categoryId: cat.id, annotations: 3, images: 2 },
      { categoryId: null, annotations: 2, images: 1 },
      { categoryId: dog.id, annotations: 0, images: 0 },
    ],
    areas: [
      { from: 1, annotations: 1 },
      { from: 512, annotations: 1 },
      { from: 1024, annotations: 2 },
    ],
    perImage: [
      { annotations: 0, images: 1 },
      { annotations: 2, images: 1 },
      { annotations: 3, images: 1 },
    ],
  });
  expect(database.categoryCounts()).toEqual(database.counts().categories);
});

test('the journal tells how the states of images changed, without what is undone', () => {
  const database = temporaryProject();
  const image = makeImage(database.addFolder('photos').id);
  database.apply('Add', addition(image));
  database.apply('Draw', addition(makeAnnotation(image.id)));
  database.apply('Mark', replacement(image, { ...image, state: 'done' }));
  const changes = () => [...database.stateChanges()].map(({ change }) => change);
  expect(changes()).toEqual([
    { untouched: 1, 'to-check': 0, 'reviewed-empty': 0, done: 0 },
    { untouched: -1, 'to-check': 0, 'reviewed-empty': 0, done: 1 },
  ]);
  database.undo();
  expect(changes()).toHaveLength(1);
});

test('a model can learn from outlines of a category, in images that are done where any is', () => {
  const database = temporaryProject();
  const folderId = database.addFolder('photos').id;
  const category = makeCategory();
  const images = Array.from({ length: 4 }, () => makeImage(folderId));
  const [outlined, another, boxed, unnamed] = images;
  const geometry: Geometry = {
    kind: 'polygon',
    parts: [{ outer: [0, 0, 4, 0, 4, 4], holes: [] }],
  };
  database.apply(
    'Add',
    addition(
      category,
      ...images,
      makeAnnotation(outlined!.id, { categoryId: category.id, geometry }),
      makeAnnotation(another!.id, { categoryId: category.id, geometry }),
      makeAnnotation(boxed!.id, {
        categoryId: category.id,
        geometry: { kind: 'box', box: [0, 0, 4, 4] },
      }),
      makeAnnotation(unnamed!.id, { categoryId: null, geometry }),
    ),
  );
  expect(database.trainableImages()).toBe(2);
  database.apply('Mark', replacement(outlined!, { ...outlined!, state: 'done' }));
  expect(database.trainableImages()).toBe(1);
});
