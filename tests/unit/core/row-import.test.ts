import fc from 'fast-check';
import { squashDiffs } from '../../../core/diff.ts';
import { describe, expect, test } from 'vitest';
import type { AnnotationRow, DatasetRow, ImageRow } from '../../../core/formats/dataset-row.ts';
import {
  ExistingAnnotations,
  type ExistingPolicy,
} from '../../../core/formats/existing-annotations.ts';
import type { DatasetFiles } from '../../../core/formats/dataset-files.ts';
import type { ImportOutcome } from '../../../core/formats/format.ts';
import { rowImporter } from '../../../core/formats/row-import.ts';
import { imageFinder } from '../../../core/project/image-names.ts';
import { wordsOfText } from '../../../core/project/make-item.ts';
import { makeCategory } from '../../../core/project/category-names.ts';
import type {
  Annotation,
  Category,
  ImageRecord,
  Keypoint,
  ProjectRecord,
} from '../../../core/records.ts';
import { makeImage } from '../../support/test-editor.ts';

interface Project {
  readonly images: readonly ImageRecord[];
  readonly categories?: readonly Category[];
  readonly annotations?: readonly Annotation[];
  readonly existing?: ExistingPolicy;
}

interface Imported extends ImportOutcome {
  readonly added: readonly ProjectRecord[];
  readonly found: readonly Annotation[];
  readonly losses: readonly string[];
  readonly doubts: readonly string[];
  /** How many annotations were removed. */
  readonly removed: number;
  /** An image as it is after the import. */
  after(image: ImageRecord): ImageRecord;
}

const files = { name: 'labels', given: null } as unknown as DatasetFiles;

async function importRows(rows: readonly DatasetRow[], project: Project): Promise<Imported> {
  const reader = {
    async *read() {
      yield* rows;
    },
  };
  const dataset = await rowImporter(reader).open(files, {}, () => null);
  const { images, categories = [], annotations = [], existing = 'merge' } = project;
  const records = dataset.records(
    {
      findImage: imageFinder(images),
      categories,
      existing: new ExistingAnnotations(
        existing,
        (id) => annotations.filter(({ imageId }) => imageId === id),
        () => [],
      ),
      nowMs: 7,
    },
    () => undefined,
  );
  const added: ProjectRecord[] = [];
  for (let next = await records.next(); ; next = await records.next()) {
    if (!next.done) {
      added.push(...next.value);
      continue;
    }
    const outcome = next.value;
    const told = (isLoss: boolean) =>
      outcome.notes
        .filter((note) => note.isLoss === isLoss)
        .map(({ place, error }) => `${place}: ${error.message}`);
    const rest = [...outcome.rest].reduce(squashDiffs);
    const all = [...added, ...Object.values(rest.added)];
    return {
      ...outcome,
      added: all,
      found: all.filter((record) => record.kind === 'annotation'),
      losses: told(true),
      doubts: told(false),
      removed: Object.keys(rest.removed).length,
      after: (image) => (rest.updated[image.id]?.[1] as ImageRecord) ?? image,
    };
  }
}

const photo = (path: string, size: Partial<ImageRecord> = {}): ImageRecord => ({
  ...makeImage(),
  id: `id of ${path}`,
  path,
  width: 100,
  height: 50,
  state: 'untouched',
  split: null,
  extra: {},
  ...size,
});

const imageRow = (fileName: string, more: Partial<ImageRow> = {}): ImageRow => ({
  kind: 'image',
  place: `image ${fileName}`,
  key: fileName,
  fileName,
  size: { width: 100, height: 50 },
  ...more,
});

const boxRow = (image: string, more: Partial<AnnotationRow> = {}): AnnotationRow => ({
  kind: 'annotation',
  place: 'row 1',
  image,
  category: 'cat',
  shape: { kind: 'box', box: [10, 10, 20, 20] },
  ...more,
});

describe('images of a dataset', () => {
  const a = photo('a.jpg');

  test('are found whatever the order of the rows', async () => {
    const { found, losses } = await importRows([boxRow('a.jpg'), imageRow('a.jpg')], {
      images: [a],
    });
    expect([found.length, losses]).toEqual([1, []]);
    expect(found[0]).toMatchObject({
      imageId: a.id,
      bbox: [10, 10, 20, 20],
      area: 400,
      provenance: { source: 'import', file: 'labels' },
    });
  });

  test('that may be several photos are left out with all of their regions', async () => {
    const images = [photo('x/a.jpg'), photo('y/a.jpg'), photo('b.jpg')];
    const rows = [imageRow('a.jpg'), boxRow('a.jpg'), imageRow('b.jpg'), boxRow('b.jpg')];
    const { found, losses } = await importRows(rows, { images });
    expect(found.map(({ imageId }) => imageId)).toEqual(['id of b.jpg']);
    const reason = 'the file name "a.jpg" fits 2 images of the project: x/a.jpg, y/a.jpg';
    expect(losses).toEqual([
      `image a.jpg: ${reason}`,
      `row 1: its image "a.jpg" was left out: ${reason}`,
    ]);
  });

  test('that share a key are all left out, unless they are one photo', async () => {
    const shared = [imageRow('a.jpg', { key: '1' }), imageRow('b.jpg', { key: '1' }), boxRow('1')];
    const both = await importRows(shared, { images: [a, photo('b.jpg')] });
    expect([both.found, both.losses.length]).toEqual([[], 3]);
    expect(both.losses[0]).toContain('several images of the dataset have the name "1"');
    const twice = [imageRow('a.jpg', { key: '1' }), imageRow('a.jpg', { key: '1' }), boxRow('1')];
    const one = await importRows(twice, { images: [a] });
    expect([one.found.length, one.losses]).toEqual([1, []]);
    expect(one.doubts).toEqual([
      'image a.jpg: the dataset lists the image "1" twice; this row is ignored',
    ]);
  });

  test('with another size on disk scale their regions, or refuse them', async () => {
    const large = photo('a.jpg', { width: 200, height: 100 });
    const scaled = await importRows([imageRow('a.jpg'), boxRow('a.jpg')], { images: [large] });
    expect(scaled.found[0]!.bbox).toEqual([20, 20, 40, 40]);
    expect(scaled.doubts[0]).toContain('shapes are scaled to the size on disk');
    const turned = photo('a.jpg', { width: 50, height: 100 });
    const refused = await importRows([imageRow('a.jpg'), boxRow('a.jpg')], { images: [turned] });
    expect([refused.found, refused.losses.length]).toEqual([[], 2]);
    expect(refused.losses[1]).toContain('with another aspect ratio');
  });

  test('are known by an alike name, which is noted', async () => {
    const { found, doubts } = await importRows([imageRow('A.JPG'), boxRow('A.JPG')], {
      images: [a],
    });
    expect(found).toHaveLength(1);
    expect(doubts).toEqual([
      'image A.JPG: no image of the project has exactly the file name "A.JPG"; a.jpg is used',
    ]);
  });

  test('keep a known split, and are done only where the dataset says so and something sound is left', async () => {
    const b = photo('b.jpg', { split: 'test' });
    const [c, d, e] = ['c.jpg', 'd.jpg', 'e.jpg'].map((path) => photo(path));
    const rows = [
      imageRow('a.jpg', { state: 'done', split: 'train' }),
      boxRow('a.jpg'),
      imageRow('b.jpg', { split: 'train' }),
      boxRow('b.jpg'),
      imageRow('c.jpg', { state: 'done' }),
      boxRow('c.jpg', { shape: { kind: 'box', box: [NaN, 0, 1, 1] } }),
      imageRow('d.jpg', { state: 'reviewed-empty' }),
      imageRow('e.jpg', { state: 'reviewed-empty' }),
      boxRow('e.jpg'),
    ];
    const { after, doubts } = await importRows(rows, { images: [a, b, c!, d!, e!] });
    const of = (image: ImageRecord) => [after(image).state, after(image).split];
    expect(of(a)).toEqual(['done', 'train']);
    expect(of(b)).toEqual(['to-check', 'test']);
    expect(of(c!)).toEqual(['untouched', null]);
    expect(of(d!)).toEqual(['reviewed-empty', null]);
    expect(of(e!)).toEqual(['to-check', null]);
    expect(doubts).toEqual([
      'row 1: it is marked as empty but has regions; its state becomes "to check"',
    ]);
  });

  test('get texts and unknown keys', async () => {
    const rows = [
      imageRow('a.jpg', {
        texts: [{ kind: 'description', text: 'a cat' }],
        extra: { weather: 'sun' },
      }),
    ];
    const { after, added, annotations } = await importRows(rows, { images: [a] });
    expect(after(a)).toMatchObject({ extra: { weather: 'sun' } });
    expect(added).toMatchObject([
      {
        kind: 'item',
        task: 'description',
        imageId: a.id,
        segments: [],
        content: { text: 'a cat' },
        provenance: { source: 'import' },
      },
    ]);
    expect(annotations).toBe(1);
  });
});

test('an item is left out whose region may be several', async () => {
  const image = photo('a.jpg');
  const segments = [{ tag: 'x', annotation: 'r', role: 'target' as const }];
  const item = {
    ...{ kind: 'item' as const, image: 'a.jpg', segments },
    words: wordsOfText({ kind: 'referring', text: 'the cat' }),
  };
  const shape: AnnotationRow['shape'] = { kind: 'box', box: [40, 10, 20, 20] };
  const regions = [boxRow('a.jpg', { key: 'r' }), boxRow('a.jpg', { key: 's', shape })];
  const sound = await importRows([imageRow('a.jpg'), ...regions, { ...item, place: 'item' }], {
    images: [image],
  });
  expect(sound.losses).toEqual([]);
  const shared = await importRows(
    [
      imageRow('a.jpg'),
      ...regions.map((row) => ({ ...row, key: 'r' })),
      { ...item, place: 'item' },
    ],
    { images: [image] },
  );
  expect(shared.losses).toEqual(['item: several regions of its image may be its region "x"']);
  expect(shared.found).toHaveLength(2);
});

describe('regions of a dataset', () => {
  const a = photo('a.jpg');
  const rowsOf = (...rows: Partial<AnnotationRow>[]): DatasetRow[] => [
    imageRow('a.jpg'),
    ...rows.map((row, index) => boxRow('a.jpg', { place: `row ${index + 1}`, ...row })),
  ];

  test('may be in fractions or percents of the photo', async () => {
    const box = [0.1, 0.2, 0.5, 0.5] as const;
    const { found } = await importRows(
      rowsOf(
        { unit: 'fraction', shape: { kind: 'box', box: [...box] } },
        { unit: 'percent', shape: { kind: 'box', box: [10, 20, 50, 50] } },
        {
          unit: 'fraction',
          shape: { kind: 'polygon', parts: [{ outer: [0, 0, 0.5, 0, 0.5, 1], holes: [] }] },
        },
      ),
      { images: [a] },
    );
    expect(found[0]!.bbox).toEqual([10, 10, 50, 25]);
    expect(found[1]!.bbox).toEqual([10, 10, 50, 25]);
    expect(found[2]!.geometry).toMatchObject({ parts: [{ outer: [0, 0, 50, 0, 50, 50] }] });
  });

  test('lose a bad ring, not the sound ones beside it', async () => {
    const square = [10, 10, 30, 10, 30, 30, 10, 30];
    const parts = [
      { outer: square, holes: [[15, 15, 20]] },
      { outer: [1, 2, NaN, 4, 5, 6], holes: [] },
    ];
    const { found, doubts, losses } = await importRows(
      rowsOf(
        { shape: { kind: 'polygon', parts } },
        { shape: { kind: 'polygon', parts: [] } },
        { shape: { kind: 'mask', rle: { size: [4, 4], counts: '0' } } },
      ),
      { images: [a] },
    );
    expect(found[0]!.geometry).toEqual({ kind: 'polygon', parts: [{ outer: square, holes: [] }] });
    expect(doubts).toEqual([
      'row 1: part 0 has 3 numbers; a polygon needs at least 6; it is left out',
      'row 1: part 1 has a value that is not a finite number; it is left out',
    ]);
    expect(losses).toEqual([
      'row 2: it has no outline',
      'row 3: its mask has 4 x 4 pixels but its image has 100 x 50',
    ]);
  });

  test('never go missing because of a bad neighbour', async () => {
    const rows = fc.array(fc.tuple(fc.boolean(), fc.nat(60)), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(rows, fc.boolean(), async (given, isImageLast) => {
        const bad: Partial<AnnotationRow>[] = [
          { shape: { kind: 'box', box: [0, 0, -1, 4] } },
          { image: 'none.jpg' },
          { shape: { kind: 'polygon', parts: [{ outer: [1, 1], holes: [] }] } },
          { shape: { kind: 'box', box: [500, 500, 4, 4] } },
        ];
        const regions = given.map(([isSound, x], index) =>
          boxRow('a.jpg', {
            place: `row ${index}`,
            ...(isSound
              ? {
                  shape: {
                    kind: 'box' as const,
                    box: [x, 1, 5, 5] as [number, number, number, number],
                  },
                }
              : bad[x % bad.length]),
          }),
        );
        const order = isImageLast
          ? [...regions, imageRow('a.jpg')]
          : [imageRow('a.jpg'), ...regions];
        const { found, losses, annotations } = await importRows(order, { images: [a] });
        const sound = given.filter(([isSound]) => isSound);
        expect(found.map(({ bbox }) => bbox[0])).toEqual(sound.map(([, x]) => x));
        expect(annotations).toBe(sound.length);
        expect(losses.map((loss) => loss.split(':')[0])).toEqual(
          given.flatMap(([isSound], index) => (isSound ? [] : [`row ${index}`])),
        );
      }),
    );
  });

  test('find the categories of the project, and keep two of one name under two parents apart', async () => {
    const cat = makeCategory('Cat', 0);
    const rows: DatasetRow[] = [
      { kind: 'category', place: 'c 1', name: 'wheel', parent: 'car' },
      { kind: 'category', place: 'c 2', name: 'wheel', parent: 'bicycle', color: '#00FF00' },
      ...rowsOf(
        { category: 'cat' },
        { category: 'wheel', categoryParent: 'car' },
        { category: 'wheel', categoryParent: 'bicycle' },
        { category: 'wheel' },
        { category: 'new' },
        { category: null },
      ),
    ];
    const { found, added, doubts } = await importRows(rows, { images: [a], categories: [cat] });
    const categories = added.filter((record) => record.kind === 'category');
    const nameOf = (id: string | null) =>
      [cat, ...categories].find((category) => category.id === id)?.name ?? null;
    expect(found.map(({ categoryId }) => nameOf(categoryId))).toEqual([
      ...['Cat', 'wheel', 'wheel (bicycle)', 'wheel', 'new', null],
    ]);
    expect(
      categories.map(({ name, parentId, color }) => [name, nameOf(parentId), color === '#00ff00']),
    ).toEqual([
      ['wheel', 'car', false],
      ['wheel (bicycle)', 'bicycle', true],
      ['car', null, false],
      ['bicycle', null, false],
      ['new', null, false],
    ]);
    expect(doubts).toEqual([
      'c 2: another category of the dataset has the name "wheel"; this one is renamed to "wheel (bicycle)"',
      'row 6: it has no category; it is kept without a category',
    ]);
  });

  test('are merged with, put in place of, or left out for those that are there', async () => {
    const first = await importRows(rowsOf({}), { images: [a] });
    const categories = first.added.filter((record) => record.kind === 'category');
    const project = { images: [a], categories, annotations: first.found };
    const more = rowsOf({}, { shape: { kind: 'box', box: [60, 10, 20, 20] } });
    const counts = async (existing: ExistingPolicy) => {
      const { annotations, removed } = await importRows(more, { ...project, existing });
      return [annotations, removed];
    };
    expect(await counts('merge')).toEqual([1, 0]);
    expect(await counts('replace')).toEqual([2, 1]);
    expect(await counts('skip')).toEqual([0, 0]);
  });

  test('by the hundred thousand say one reason so many times, then count', async () => {
    const bad = boxRow('a.jpg', { shape: { kind: 'box', box: [0, 0, 0, 0] } });
    const rows = [imageRow('a.jpg'), ...Array.from({ length: 30_000 }, () => bad)];
    const { losses } = await importRows(rows, { images: [a] });
    expect(losses).toHaveLength(20_001);
    expect(losses.at(-1)).toContain('10000 more for a similar reason: its box [0,0,0,0]');
  });
});

test('what rows of one category describe differently is not taken over, nor are its keypoints', async () => {
  const skeleton = (...keypoints: string[]) => ({ keypoints, edges: [] });
  const category = (place: string, ...names: string[]): DatasetRow => ({
    ...{ kind: 'category', place, name: 'cat', color: '#ff0000', skeleton: skeleton(...names) },
    extra: { kind: 'pet' },
  });
  const keypoints: Keypoint[] = [
    [10, 10, 2],
    [20, 20, 2],
  ];
  const rows = [imageRow('a.jpg'), boxRow('a.jpg', { keypoints })];
  const images = [photo('a.jpg')];
  const described = [category('first', 'eye', 'ear'), category('second', 'ear', 'eye')];
  const different = await importRows([...described, ...rows], { images });
  expect(different.added.find(({ kind }) => kind === 'category')).toMatchObject({
    ...{ name: 'cat', color: '#ff0000', extra: { kind: 'pet' } },
  });
  expect(different.added.find(({ kind }) => kind === 'category')).not.toHaveProperty('skeleton');
  expect(different.found[0]).not.toHaveProperty('keypoints');
  expect(different.doubts).toEqual([
    'second: "cat" is described in several ways; where they differ, nothing is taken over: skeleton',
    'row 1: the dataset describes the keypoints of "cat" in several ways; they are left out',
  ]);
  const same = await importRows([described[0]!, described[0]!, ...rows], { images });
  expect(same.doubts).toEqual([]);
  expect(same.found[0]).toHaveProperty('keypoints');
});

test('a part that only one row of a category describes is taken over, and keypoints with it', async () => {
  const category = { kind: 'category', name: 'cat' } as const;
  const skeleton = { keypoints: ['eye', 'ear'], edges: [] };
  const bare: DatasetRow = { ...category, place: 'bare', color: '#ff0000' };
  const full: DatasetRow = { ...category, place: 'full', skeleton, extra: { kind: 'pet' } };
  const keypoints: Keypoint[] = [
    [10, 10, 2],
    [20, 20, 2],
  ];
  const rows = [imageRow('a.jpg'), boxRow('a.jpg', { keypoints })];
  for (const described of [
    [bare, full],
    [full, bare],
  ]) {
    const read = await importRows([...described, ...rows], { images: [photo('a.jpg')] });
    expect(read.added.find(({ kind }) => kind === 'category')).toMatchObject({
      ...{ name: 'cat', color: '#ff0000', skeleton, extra: { kind: 'pet' } },
    });
    expect(read.found[0]).toMatchObject({ keypoints });
    expect(read.doubts).toEqual([]);
  }
});
