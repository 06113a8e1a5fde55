import { describe, expect, test } from 'vitest';
import { cocoReader } from '../../../../core/formats/coco/reader.ts';
import { readCocoHead } from '../../../../core/formats/coco-head.ts';
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

  test('has number and text ids apart in a file of regions, and as one in other formats', async () => {
    const rows = await rowsOf(cocoReader.read(files, {}));
    const images = rows.filter((row) => row.kind === 'image');
    expect(images).toMatchObject([
      { fileName: 'a.jpg', split: null },
      { fileName: 'b.jpg', split: 'validation', splitName: 'val2017' },
    ]);
    const head = await readCocoHead(files, 'file.json');
    expect(head.images.size).toBe(0);
    expect(head.notes.map(({ place }) => place)).toEqual(
      ['images[0]', 'images[1]', 'images[2]', 'categories[1]'].map((row) => `file.json ${row}`),
    );
  });

  test('keeps the first of the categories with one id, and its color', async () => {
    const rows = await rowsOf(cocoReader.read(files, {}));
    const categories = rows.filter((row) => row.kind === 'category');
    expect(categories).toMatchObject([{ name: 'cat', color: '#ff0000', extra: {} }]);
    expect(rows.filter((row) => row.kind === 'annotation')).toMatchObject([{ category: 'cat' }]);
    expect(rows.filter((row) => row.kind === 'note').map(({ place }) => place)).toEqual([
      'images[2]',
      'categories[1]',
    ]);
  });
});

test('a supercategory "none" is no category', async () => {
  const files = filesOf({
    images: [],
    categories: [{ id: 1, name: 'cat', supercategory: 'none' }],
  });
  const { categories } = await readCocoHead(files, 'file.json');
  expect([...categories.values()]).toMatchObject([{ name: 'cat', parent: null }]);
});
