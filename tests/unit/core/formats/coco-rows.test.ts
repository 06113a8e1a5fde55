import { describe, expect, test } from 'vitest';
import { cocoReader } from '../../../../core/formats/coco/reader.ts';
import { imageOfId, readCocoHead } from '../../../../core/formats/coco-head.ts';
import { readKeypoints } from '../../../../core/formats/coco-keypoints/read.ts';
import { readResults } from '../../../../core/formats/coco-results/read.ts';
import type { DatasetFiles } from '../../../../core/formats/dataset-files.ts';
import type { DatasetRow } from '../../../../core/formats/dataset-row.ts';
import { detectFormat } from '../../../../core/formats/registry.ts';
import { rowsOf } from '../../../support/dataset-source.ts';
import { memoryFiles } from '../../../support/memory-dataset.ts';

const square = (id: number, image: number) => ({
  ...{ id, image_id: image, category_id: 1, iscrowd: 0 },
  ...{ segmentation: [[0, 0, 4, 0, 4, 4, 0, 4]], bbox: [0, 0, 4, 4] },
});
const image = (id: number, name: string) => ({ id, file_name: name, width: 8, height: 8 });
const filesOf = (file: object): DatasetFiles => ({
  ...memoryFiles('file.json', { 'file.json': JSON.stringify(file) }),
  given: 'file.json',
});

describe('the rows of a COCO file', () => {
  test('give no region to images that share an id, whichever comes last', async () => {
    const file = {
      images: [image(1, 'a.jpg'), image(2, 'b.jpg'), image(1, 'c.jpg'), image(1, 'd.jpg')],
      categories: [{ id: 1, name: 'cat' }],
      annotations: [square(1, 1), square(2, 2)],
    };
    const rows = await rowsOf(cocoReader.read(filesOf(file), {}));
    const ofKind = (kind: DatasetRow['kind']) => rows.filter((row) => row.kind === kind);
    expect(ofKind('image')).toMatchObject([{ fileName: 'b.jpg' }]);
    expect(ofKind('annotation')).toMatchObject([{ image: '2' }]);
    expect(ofKind('note').map(({ place }) => place)).toEqual([
      'images[0]',
      'images[2]',
      'images[3]',
      'annotations[0]',
    ]);
  });

  test('are recognised as COCO where captions stand before regions', async () => {
    const captions = [{ id: 1, image_id: 1, caption: 'a cat '.repeat(20_000) }];
    const files = filesOf({
      images: [image(1, 'a.jpg')],
      annotations: [...captions, square(2, 1)],
      categories: [{ id: 1, name: 'cat' }],
    });
    const [first] = await detectFormat(files);
    expect(first?.format.id).toBe('coco');
  });
});

describe('the head of a COCO file', () => {
  const files = filesOf({
    images: [image(1, 'a.jpg'), { ...image(2, 'b.jpg'), id: '1', split: 'val2017' }, 7],
    categories: [
      { id: 1, name: 'cat', color: '#FF0000' },
      { id: 1, name: 'dog' },
    ],
    annotations: [{ ...square(1, 1), image_id: '1' }],
  });

  test('has number and text ids apart, as the file writes them', async () => {
    const rows = await rowsOf(cocoReader.read(files, {}));
    const images = rows.filter((row) => row.kind === 'image');
    expect(images).toMatchObject([
      { fileName: 'a.jpg', split: null },
      { fileName: 'b.jpg', split: 'validation', splitName: 'val2017' },
    ]);
    expect(new Set(images.map(({ key }) => key)).size).toBe(2);
    const head = await readCocoHead(files, 'file.json');
    expect([...head.images.values()].map(({ fileName }) => fileName)).toEqual(['a.jpg', 'b.jpg']);
    expect(imageOfId('1', head)).toMatchObject({ fileName: 'b.jpg' });
    expect(head.notes.map(({ place }) => place)).toEqual(
      ['images[2]', 'categories[0]', 'categories[1]'].map((row) => `file.json ${row}`),
    );
  });

  test('leaves out all categories with one id, and the annotations with it', async () => {
    const rows = await rowsOf(cocoReader.read(files, {}));
    expect(rows.filter((row) => row.kind === 'category')).toEqual([]);
    expect(rows.filter((row) => row.kind === 'annotation')).toEqual([]);
    const notes = rows.filter((row) => row.kind === 'note');
    expect(notes.map(({ place }) => place)).toEqual([
      'images[2]',
      'categories[0]',
      'categories[1]',
      'annotations[0]',
    ]);
    for (const { problem } of notes.slice(1)) {
      expect(problem.message).toContain('several categories have the id 1: "cat" and "dog"');
    }
  });

  test('has a category once whose row is repeated, and says so', async () => {
    const repeated = filesOf({
      images: [image(1, 'a.jpg')],
      categories: [
        { id: 1, name: 'cat', color: '#FF0000' },
        { id: 1, name: 'cat', supercategory: 'none' },
      ],
      annotations: [square(1, 1)],
    });
    const rows = await rowsOf(cocoReader.read(repeated, {}));
    const categories = rows.filter((row) => row.kind === 'category');
    expect(categories).toMatchObject([{ name: 'cat', color: '#ff0000', extra: {} }]);
    expect(rows.filter((row) => row.kind === 'annotation')).toMatchObject([{ category: 'cat' }]);
    expect(rows.filter((row) => row.kind === 'note')).toMatchObject([{ place: 'categories[1]' }]);
  });
});

describe('a category id that means two categories leaves out its annotations', () => {
  const head = {
    images: [image(1, 'a.jpg')],
    categories: [
      { id: 1, name: 'cat', keypoints: ['nose'], skeleton: [] },
      { id: 1, name: 'cat', keypoints: ['tail'], skeleton: [] },
      { id: 2, name: 'dog', keypoints: ['nose'], skeleton: [] },
    ],
  };
  const keypoints = { keypoints: [1, 1, 2], num_keypoints: 1 };
  const annotations = [
    { ...square(1, 1), ...keypoints },
    { ...square(2, 1), ...keypoints, category_id: 2 },
  ];

  test('of keypoints, also where only their skeletons differ', async () => {
    const rows = await rowsOf(readKeypoints(filesOf({ ...head, annotations })));
    expectDogAlone(rows);
  });

  test('of results', async () => {
    const results = annotations.map((row) => ({ ...row, score: 0.5 }));
    const files = memoryFiles('results', {
      'instances.json': JSON.stringify({ ...head, annotations: [] }),
      'results.json': JSON.stringify(results),
    });
    expectDogAlone(await rowsOf(readResults(files)));
  });

  function expectDogAlone(rows: readonly DatasetRow[]): void {
    expect(rows.filter((row) => row.kind === 'annotation')).toMatchObject([{ category: 'dog' }]);
    const losses = rows.filter((row) => row.kind === 'note' && row.isLoss);
    expect(losses).toHaveLength(3);
    const [said] = losses.map((row) => (row.kind === 'note' ? row.problem.message : ''));
    expect(said).toContain('several categories have the id 1: "cat"');
  }
});

test('a supercategory "none" is no category', async () => {
  const files = filesOf({
    images: [],
    categories: [{ id: 1, name: 'cat', supercategory: 'none' }],
  });
  const { categories } = await readCocoHead(files, 'file.json');
  expect([...categories.values()]).toMatchObject([{ name: 'cat', parent: null }]);
});
