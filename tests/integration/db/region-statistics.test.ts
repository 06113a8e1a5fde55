import { expect, test } from 'vitest';
import { addition } from '../../../core/diff.ts';
import type { RegionStatistic } from '../../../core/project/region-statistic.ts';
import type { Annotation } from '../../../core/records.ts';
import { makeAnnotation, makeCategory, makeImage } from './make-records.ts';
import { temporaryProject } from './temporary-project.ts';

function projectOf(count: number) {
  const database = temporaryProject();
  const folder = database.addFolder('photos');
  const images = Array.from({ length: count }, () => makeImage(folder.id));
  const [cat, dog] = [makeCategory({ name: 'cat' }), makeCategory({ name: 'dog' })];
  const add = (...annotations: Annotation[]) => database.apply('Draw', addition(...annotations));
  database.apply('Add', addition(cat, dog, ...images));
  return { database, images, cat, dog, add };
}

function boxed(imageId: string, box: Annotation['bbox'], change: Partial<Annotation> = {}) {
  const area = box[2] * box[3];
  return makeAnnotation(imageId, { geometry: { kind: 'box', box }, bbox: box, area, ...change });
}

test('categories in the same image are counted once an image, and lead to those images', () => {
  const { database, images, cat, dog, add } = projectOf(3);
  const [both, cats] = [images[0]!.id, images[1]!.id];
  const of = (imageId: string, categoryId: string) => makeAnnotation(imageId, { categoryId });
  add(of(both, cat.id), of(both, cat.id), of(both, dog.id), of(cats, cat.id));
  const { together } = database.regionStatistics();
  const counted = (first: string, second: string) =>
    together.find((one) => [one.first, one.second].sort().join() === [first, second].sort().join())
      ?.images;
  expect([counted(cat.id, cat.id), counted(dog.id, dog.id)]).toEqual([2, 1]);
  expect(counted(cat.id, dog.id)).toBe(1);
  const pair = { kind: 'together', first: dog.id, second: cat.id } as const;
  expect(database.imagesOfStatistic(pair)).toEqual([both]);
});

test('regions are counted where their middle lies, by size', () => {
  const { database, images, add } = projectOf(1);
  const imageId = images[0]!.id;
  add(boxed(imageId, [0, 0, 10, 10]), boxed(imageId, [630, 470, 10, 10]));
  add(boxed(imageId, [0, 0, 640, 480]));
  expect(database.regionStatistics().places).toEqual(
    expect.arrayContaining([
      { size: 'small', column: 0, row: 0, annotations: 1 },
      { size: 'small', column: 7, row: 7, annotations: 1 },
      { size: 'large', column: 4, row: 4, annotations: 1 },
    ]),
  );
  const place = { kind: 'place', size: 'large', column: 4, row: 4 } as const;
  expect(database.imagesOfStatistic(place)).toEqual([imageId]);
  expect(database.imagesOfStatistic({ ...place, size: 'small' })).toEqual([]);
});

test('low scores, unusual sizes and doubled boxes are suspected, and nothing else', () => {
  const { database, images, cat, dog, add } = projectOf(30);
  const ids = images.map(({ id }) => id);
  const usual = ids
    .slice(0, 25)
    .map((id, index) => boxed(id, [10, 10, 40 + (index % 3), 40], { categoryId: cat.id }));
  const model = { id: 'm', hash: 'h' };
  const request = { task: 'segment', text: null, regions: [] } as const;
  const scored = (score: number): Partial<Annotation> => ({
    provenance: {
      source: 'model',
      model,
      request: { ...request, regions: [] },
      threshold: 0.5,
      score,
    },
  });
  add(...usual);
  add(boxed(ids[25]!, [10, 10, 600, 400], { categoryId: cat.id }));
  add(boxed(ids[26]!, [0, 0, 50, 50], scored(0.2)), boxed(ids[27]!, [0, 0, 50, 50], scored(0.9)));
  add(boxed(ids[28]!, [100, 100, 50, 50], { categoryId: dog.id }));
  add(boxed(ids[28]!, [101, 100, 50, 50], { categoryId: dog.id }));
  add(boxed(ids[29]!, [100, 100, 50, 50], { categoryId: dog.id }));
  add(boxed(ids[29]!, [100, 100, 50, 50], { categoryId: cat.id }));
  add(boxed(ids[29]!, [120, 100, 50, 50], { categoryId: dog.id }));
  expect(database.regionStatistics().suspects).toEqual({ score: 1, size: 1, duplicate: 1 });
  const of = (suspect: 'score' | 'size' | 'duplicate') =>
    database.imagesOfStatistic({ kind: 'suspect', suspect });
  expect([of('score'), of('size'), of('duplicate')]).toEqual([[ids[26]], [ids[25]], [ids[28]]]);
});

test('a category, an area and a number of regions lead to the images that they count', () => {
  const { database, images, cat, add } = projectOf(3);
  const [first, second, third] = images.map(({ id }) => id) as [string, string, string];
  add(boxed(first, [0, 0, 8, 8], { categoryId: cat.id }), boxed(first, [0, 0, 16, 8]));
  add(boxed(second, [0, 0, 8, 8], { categoryId: cat.id }));
  const imagesOf = (of: RegionStatistic) => database.imagesOfStatistic(of).toSorted();
  expect(imagesOf({ kind: 'category', categoryId: cat.id })).toEqual([first, second].toSorted());
  expect(imagesOf({ kind: 'category', categoryId: null })).toEqual([first]);
  expect(imagesOf({ kind: 'area', from: 64 })).toEqual([first, second].toSorted());
  expect(imagesOf({ kind: 'area', from: 128 })).toEqual([first]);
  expect(imagesOf({ kind: 'count', annotations: 2 })).toEqual([first]);
  expect(imagesOf({ kind: 'count', annotations: 0 })).toEqual([third]);
});

test('a person has what stands that they made', () => {
  const { database, images } = projectOf(1);
  const person = { id: 'ann', name: 'Ann' };
  const hers = database.by({ window: 'w', person, others: () => [] });
  const by = { source: 'person', by: person.id } as const;
  hers.apply('Draw', addition(makeAnnotation(images[0]!.id, { provenance: by })));
  hers.apply('Draw', addition(makeAnnotation(images[0]!.id, { provenance: by })));
  hers.apply('Draw', addition(makeAnnotation(images[0]!.id)));
  expect(database.regionStatistics().people).toMatchObject([
    { id: 'ann', name: 'Ann', annotations: 2, images: 1 },
  ]);
});
