import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ExistingPolicy } from '../../../core/formats/existing-annotations.ts';
import { geometryRle } from '../../../core/geometry/region.ts';
import { makeItem, oneSegment } from '../../../core/project/make-item.ts';
import type { Annotation, Geometry, Item } from '../../../core/records.ts';
import {
  annotationsOf,
  exportText,
  importText,
  makeAnnotation,
  makeCategory,
  makeImage,
  makeSource,
  textsOf,
} from './datasets.ts';

const image = makeImage('a', 200, 100, { state: 'untouched' });
const cat = makeCategory('cat');
const dog = makeCategory('dog');

function ring(left: number, top: number, width: number, height: number): number[] {
  return [left, top, left + width, top, left + width, top + height, left, top + height];
}

function polygon(left: number, top: number, width = 20, height = 20): Geometry {
  return { kind: 'polygon', parts: [{ outer: ring(left, top, width, height), holes: [] }] };
}

/** A file with two images and these annotations, of the category cat. */
function fileWith(...rows: object[]): string {
  return JSON.stringify({
    images: [
      { id: 1, file_name: 'a.jpg' },
      { id: 2, file_name: 'b.jpg' },
    ],
    categories: [{ id: 1, name: 'cat' }],
    annotations: rows.map((row, index) => ({
      id: index + 1,
      image_id: 1,
      category_id: 1,
      ...row,
    })),
  });
}

function importOver(
  text: string,
  held: readonly Annotation[],
  policy: ExistingPolicy = 'merge',
  heldItems: readonly Item[] = [],
) {
  const images = [image, makeImage('b', 200, 100, { state: 'untouched' })];
  return importText(text, images, [cat, dog], { policy, held, heldItems });
}

describe('merging', () => {
  test('gives a category that has no skeleton that of the file, and keeps another one', async () => {
    const skeleton = { keypoints: ['nose', 'tail'], skeleton: [[1, 2]] };
    const file = JSON.stringify({
      images: [{ id: 1, file_name: 'a.jpg' }],
      categories: [{ id: 1, name: 'cat', ...skeleton }],
      annotations: [],
    });
    const { categories, report } = await importText(file, [image], [cat, dog]);
    const own = { keypoints: ['nose', 'tail'], edges: [[0, 1]] };
    expect(categories).toEqual([{ ...cat, skeleton: own }]);
    expect(report.warnings).toEqual([]);
    const other = { ...cat, skeleton: { keypoints: ['ear'], edges: [] } };
    const second = await importText(file, [image], [other, dog]);
    expect([second.categories, second.report.warnings.length]).toEqual([[], 1]);
  });

  test('loses no keypoints of a region that is there without, or with others', async () => {
    const held = makeAnnotation('1', image, polygon(10, 10));
    const file = fileWith({
      segmentation: [ring(10, 10, 20, 20)],
      keypoints: [12, 14, 2, 0, 0, 0],
    });
    const imported = await importOver(file, [held]);
    const [added] = annotationsOf(imported);
    expect(added!.keypoints).toEqual([
      [12, 14, 2],
      [0, 0, 0],
    ]);
    const again = await importOver(file, [held, added!]);
    expect([annotationsOf(again), again.counts.alreadyThere]).toEqual([[], 1]);
    const without = fileWith({ segmentation: [ring(10, 10, 20, 20)] });
    expect((await importOver(without, [added!])).counts.alreadyThere).toBe(1);
  });

  test('adds what is not there yet and counts what is', async () => {
    const held = [makeAnnotation('1', image, polygon(10, 10))];
    const file = fileWith(
      { segmentation: [ring(10, 10, 20, 20)] },
      { segmentation: [ring(60, 10, 20, 20)] },
      { image_id: 2, segmentation: [ring(10, 10, 20, 20)] },
    );
    const imported = await importOver(file, held);
    expect(annotationsOf(imported).map(({ imageId, bbox }) => [imageId, bbox[0]])).toEqual([
      ['a', 60],
      ['b', 10],
    ]);
    expect(imported).toMatchObject({
      removed: [],
      counts: { alreadyThere: 1, replaced: 0, skipped: 0 },
      report: { annotations: 2 },
    });
  });

  test('takes the same pixels for the same region, written as polygon, mask or with a vertex more', async () => {
    const mask: Geometry = { kind: 'mask', rle: geometryRle(polygon(10, 10, 60, 60), 200, 100) };
    const file = fileWith({ segmentation: [[10, 10, 40, 10, ...ring(10, 10, 60, 60).slice(2)]] });
    const imported = await importOver(file, [makeAnnotation('1', image, mask)]);
    expect(annotationsOf(imported)).toEqual([]);
    expect(imported.images).toEqual([]);
  });

  test.each([
    ['another category', makeAnnotation('1', image, polygon(10, 10), { categoryId: 'dog' })],
    ['none', makeAnnotation('1', image, polygon(10, 10), { categoryId: null })],
    ['a region that is a little larger', makeAnnotation('1', image, polygon(10, 10, 20, 21))],
    ['a region of the same size beside it', makeAnnotation('1', image, polygon(11, 10))],
  ])('adds a region where the project has it with %s', async (_, held) => {
    const imported = await importOver(fileWith({ segmentation: [ring(10, 10, 20, 20)] }), [held]);
    expect(annotationsOf(imported)).toHaveLength(1);
  });

  test('finds a region by its pixels where the file names no category', async () => {
    const held = [makeAnnotation('1', image, polygon(10, 10), { categoryId: 'dog' })];
    const row = { segmentation: [ring(10, 10, 20, 20)], category_id: undefined };
    const imported = await importOver(fileWith(row), held);
    expect(annotationsOf(imported)).toEqual([]);
    expect(imported).toMatchObject({ counts: { alreadyThere: 1 } });
  });

  test('leaves two alike objects of the file alike, where none was there', async () => {
    const twice = { segmentation: [ring(60, 10, 20, 20)] };
    const imported = await importOver(fileWith(twice, twice), [
      makeAnnotation('1', image, polygon(10, 10)),
    ]);
    expect(annotationsOf(imported)).toHaveLength(2);
  });

  test('gives an annotation the texts that it lacks, and only these', async () => {
    const held = [makeAnnotation('1', image, polygon(10, 10))];
    const subject = { imageId: image.id, segments: oneSegment('description', '1') };
    const words = { task: 'description', content: { text: 'a cat' } } as const;
    const heldItems = [makeItem(words, subject, { source: 'person' })];
    const row = { segmentation: [ring(10, 10, 20, 20)] };
    const same = await importOver(fileWith({ ...row, caption: 'a cat' }), held, 'merge', heldItems);
    expect(textsOf(same, '1')).toEqual([]);
    const other = await importOver(
      fileWith({ ...row, caption: 'a cat' }, { ...row, caption: 'asleep' }),
      held,
      'merge',
      heldItems,
    );
    expect(textsOf(other, '1')).toEqual([{ kind: 'description', text: 'asleep' }]);
  });

  test('does not write the caption of an image twice', async () => {
    const file = JSON.stringify({
      images: [{ id: 1, file_name: 'a.jpg' }],
      annotations: [{ id: 1, image_id: 1, caption: 'a cat' }],
    });
    const first = await importText(file, [image]);
    const heldItems = first.added.filter((record) => record.kind === 'item');
    const again = await importText(file, [image], [], { heldItems });
    expect(again).toMatchObject({ added: [], images: [], counts: { alreadyThere: 1 } });
  });

  test('adds nothing of what this project exported, in any profile', async () => {
    const place = fc.record({
      left: fc.integer({ min: 0, max: 150 }),
      top: fc.integer({ min: 0, max: 60 }),
      width: fc.integer({ min: 1, max: 49 }),
      height: fc.integer({ min: 1, max: 39 }),
      kind: fc.constantFrom('polygon', 'mask', 'box'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(place, { minLength: 1, maxLength: 6 }),
        fc.constantFrom('evaluation', 'training'),
        async (places, profile) => {
          const held = places.map(({ left, top, width, height, kind }, index) => {
            const outline = polygon(left, top, width, height);
            const geometries: Record<string, Geometry> = {
              polygon: outline,
              mask: { kind: 'mask', rle: geometryRle(outline, 200, 100) },
              box: { kind: 'box', box: [left, top, width, height] },
            };
            return makeAnnotation(`${index}`, image, geometries[kind]!);
          });
          const { text } = exportText(makeSource([image], [cat], held), { profile });
          const imported = await importOver(text, held);
          expect(annotationsOf(imported)).toEqual([]);
          expect(imported.counts.alreadyThere).toBe(held.length);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('replacing', () => {
  test("puts the file's annotations in the place of all that an image held", async () => {
    const held = [
      makeAnnotation('1', image, polygon(10, 10)),
      makeAnnotation('2', image, polygon(90, 10), { categoryId: 'dog' }),
    ];
    const file = fileWith(
      { segmentation: [ring(10, 10, 20, 20)] },
      { segmentation: [ring(60, 10, 20, 20)] },
    );
    const imported = await importOver(file, held, 'replace');
    expect(annotationsOf(imported)).toHaveLength(2);
    expect(imported).toMatchObject({
      removed: ['1', '2'],
      counts: { alreadyThere: 0, replaced: 2, skipped: 0 },
    });
  });

  test('keeps what an image holds while the file has nothing usable for it', async () => {
    const held = [makeAnnotation('1', image, polygon(10, 10))];
    const imported = await importOver(fileWith({ segmentation: [[1, 2]] }), held, 'replace');
    expect(imported.removed).toEqual([]);
    expect(imported.report.dropped).toHaveLength(1);
  });
});

test('skipping leaves images with annotations as they are, words and unknown keys included', async () => {
  const file = JSON.stringify({
    images: [
      { id: 1, file_name: 'a.jpg', license: 3 },
      { id: 2, file_name: 'b.jpg' },
    ],
    categories: [{ id: 1, name: 'cat' }],
    annotations: [
      { id: 1, image_id: 1, category_id: 1, segmentation: [ring(60, 10, 20, 20)] },
      { id: 2, image_id: 1, caption: 'a cat' },
      { id: 3, image_id: 2, category_id: 1, segmentation: [ring(60, 10, 20, 20)] },
    ],
  });
  const held = [makeAnnotation('1', image, polygon(10, 10))];
  const imported = await importOver(file, held, 'skip');
  expect(annotationsOf(imported).map(({ imageId }) => imageId)).toEqual(['b']);
  expect(imported.images.map(({ id }) => id)).toEqual(['b']);
  expect(imported).toMatchObject({
    removed: [],
    counts: { alreadyThere: 0, replaced: 0, skipped: 2 },
  });
});
