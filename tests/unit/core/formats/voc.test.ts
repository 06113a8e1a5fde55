import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rleArea } from '../../../../core/geometry/rle.ts';
import { indexedPng, vocColor } from '../../../../core/formats/label-image.ts';
import { vocFormat } from '../../../../core/formats/voc/format.ts';
import { memoryFiles } from '../../../support/memory-dataset.ts';
import { makeAnnotation, makeCategory, makeImage } from '../datasets.ts';
import {
  drawnProjects,
  noteTexts,
  readDataset,
  roundTripFaults,
  writeDataset,
  type Drawn,
} from './row-source.ts';

const object = (name: string, edges: readonly number[], more = ''): string =>
  `<object><name>${name}</name>${more}<bndbox><xmin>${edges[0]}</xmin><ymin>${edges[1]}</ymin>` +
  `<xmax>${edges[2]}</xmax><ymax>${edges[3]}</ymax></bndbox></object>`;

const xml = (objects: string, more = '', root = ''): string =>
  `<annotation${root}><filename>a.jpg</filename>${more}` +
  `<size><width>8</width><height>4</height><depth>3</depth></size>${objects}</annotation>`;

const palette = Array.from({ length: 256 }, (_, index) => vocColor(index));

describe('the reader of Pascal VOC', () => {
  test('counts pixels from 1 where the file says that it is VOC, and from 0 elsewhere', async () => {
    const boxOf = async (text: string, pixels: 'auto' | 'from-0' | 'from-1' = 'auto') => {
      const { annotations } = await readDataset(
        vocFormat,
        { 'Annotations/a.xml': text },
        { pixels },
      );
      const { shape } = annotations[0]!;
      return shape.kind === 'box' ? shape.box : null;
    };
    const source = '<source><annotation>PASCAL VOC2007</annotation></source>';
    expect(await boxOf(xml(object('cat', [1, 2, 3, 4]), source))).toEqual([0, 1, 3, 3]);
    expect(await boxOf(xml(object('cat', [1, 2, 3, 4])))).toEqual([1, 2, 2, 2]);
    expect(await boxOf(xml(object('cat', [1, 2, 3, 4])), 'from-1')).toEqual([0, 1, 3, 3]);
    expect(await boxOf(xml(object('cat', [1, 2, 3, 4]), source), 'from-0')).toEqual([1, 2, 2, 2]);
  });

  test('reads attributes, actions, parts, entities of XML and what LabelImg marks as checked', async () => {
    const more =
      '<pose>Left</pose><truncated>1</truncated><difficult>0</difficult>' +
      '<actions><jumping>1</jumping></actions>' +
      '<attributes><attribute><name>age</name><value>3</value></attribute></attributes>' +
      '<part><name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></part>';
    const read = await readDataset(vocFormat, {
      'Annotations/a.xml': xml(
        object('salt &amp; &#x7c73;', [0, 0, 3, 4], more),
        '',
        ' verified="yes"',
      ),
      'Annotations/b.xml': xml('', '', ' verified="yes"').replace('a.jpg', 'b.jpg'),
      'ImageSets/Main/train.txt': 'a\n',
      'ImageSets/Main/val.txt': 'b  1\n',
      'ImageSets/Main/cat_val.txt': 'a -1\n',
      'ImageSets/Main/test.txt': 'c\n',
    });
    expect(read.images.map(({ fileName, split, state }) => [fileName, split, state])).toEqual([
      ['a.jpg', 'train', 'done'],
      ['b.jpg', 'validation', 'reviewed-empty'],
      ['c', 'test', undefined],
    ]);
    expect(read.annotations[0]).toMatchObject({
      category: 'salt & 米',
      attributes: { pose: 'Left', truncated: true, difficult: false, jumping: true, age: 3 },
    });
    expect(read.annotations[1]).toMatchObject({ category: 'head', categoryParent: 'salt & 米' });
    expect(noteTexts(read.notes)).toEqual([
      'note Annotations/a.xml object 1: its 1 parts become separate regions, with categories below its own',
    ]);
  });

  test('gives an object the mask of its number, and leaves the border out', async () => {
    const classes = Uint8Array.from('00000000011112000111120000000000', Number);
    const objects = Uint8Array.from('00000000022221000222210000000000', Number);
    classes[31] = objects[31] = 255;
    classes.forEach((value, index) => {
      if (value === 1) classes[index] = 8;
      if (value === 2) classes[index] = 15;
    });
    const read = await readDataset(vocFormat, {
      'Annotations/a.xml': xml(object('person', [5, 1, 6, 3]) + object('cat', [1, 1, 5, 3])),
      'SegmentationClass/a.png': indexedPng(8, 4, classes, palette),
      'SegmentationObject/a.png': indexedPng(8, 4, objects, palette),
      'JPEGImages/a.jpg': '',
    });
    expect(noteTexts(read.notes)).toEqual([]);
    expect(
      read.annotations.map(({ category, shape }) => [
        category,
        shape.kind === 'mask' && rleArea(shape.rle),
      ]),
    ).toEqual([
      ['person', 2],
      ['cat', 8],
    ]);
    expect(read.images[0]).toMatchObject({
      fileName: 'JPEGImages/a.jpg',
      size: { width: 8, height: 4 },
    });
  });

  test('expands no entities of a file, keeps what is well beside them, and names what is wrong', async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaa">]>${xml(object('&a;', [1, 1, 3, 3]))}`;
    const { annotations, notes } = await readDataset(vocFormat, {
      'Annotations/a.xml': bomb,
      'Annotations/b.xml': xml(
        object('cat', [1, 1, 3, 3]) +
          '<object><name>cat</name></object>' +
          object('cat', [3, 3, 3, 3]) +
          object('cat', [NaN, 1, 2, 3]) +
          object('', [1, 1, 3, 3]),
      ),
      'Annotations/c.xml': '<annotation><object>',
      'Annotations/d.xml': '<html></html>',
      'SegmentationObject/b.png': Uint8Array.of(1, 2, 3),
    });
    expect(annotations.map(({ category }) => category)).toEqual(['cat', null]);
    expect(noteTexts(notes)).toMatchSnapshot();
  });

  test('reads Roboflow, where XML lies beside photos', async () => {
    const { images } = await readDataset(vocFormat, {
      'train/a.jpg': '',
      'train/a.xml': xml(object('cat', [1, 1, 3, 3])),
      'valid/b.jpg': '',
      'valid/b.xml': xml(object('cat', [1, 1, 3, 3])).replace('a.jpg', 'b.jpg'),
    });
    expect(images.map(({ fileName, split }) => [fileName, split])).toEqual([
      ['train/a.jpg', 'train'],
      ['valid/b.jpg', 'validation'],
    ]);
  });
});

test('detection knows VOC and not what LabelMe or CVAT write', async () => {
  const likeness = (files: Record<string, string>) => vocFormat.detect(memoryFiles('d', files));
  expect(await likeness({ 'Annotations/a.xml': xml('') })).toBe('certain');
  expect(await likeness({ 'SegmentationClass/a.png': '' })).toBe('certain');
  expect(
    await likeness({
      'a.xml':
        '<annotation><filename>a</filename><object><polygon></polygon></object></annotation>',
    }),
  ).toBe('none');
  expect(
    await likeness({ 'annotations.xml': '<annotations><version>1.1</version></annotations>' }),
  ).toBe('none');
});

describe('the writer of Pascal VOC', () => {
  test.each([true, false])('writes what its reader finds again, with masks: %s', async (masks) => {
    await fc.assert(
      fc.asyncProperty(drawnProjects(), async (drawn) => {
        expect(await roundTripFaults(vocFormat, drawn, { masks })).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  const image = makeImage('x/a', 8, 4, { split: 'train' });
  const categories = [makeCategory('a & <b>', { color: '#ff0000' }), makeCategory('c')];
  const drawn: Drawn = {
    images: [image, makeImage('empty', 5, 5, { state: 'reviewed-empty' })],
    categories,
    annotations: [
      makeAnnotation(
        '1',
        image,
        { kind: 'polygon', parts: [{ outer: [0, 0, 6, 0, 6, 4, 0, 4], holes: [] }] },
        {
          categoryId: 'a & <b>',
          attributes: { truncated: true, pose: 'Left', age: 3, wild: false, word: 'x' },
        },
      ),
      makeAnnotation(
        '2',
        image,
        { kind: 'polygon', parts: [{ outer: [4, 0, 8, 0, 8, 4, 4, 4], holes: [] }] },
        {
          categoryId: 'c',
          zOrder: 1,
        },
      ),
      makeAnnotation(
        '3',
        image,
        { kind: 'box', box: [0.5, 1, 2, 2] },
        { categoryId: 'c', zOrder: 2 },
      ),
    ],
  };

  test('lays out files as VOC has them, and says what it changes', async () => {
    const { files, notes } = await writeDataset(vocFormat, drawn, { photos: true });
    expect(Object.keys(files)).toEqual([
      'labelmap.txt',
      'Annotations/x/a.xml',
      'SegmentationClass/x/a.png',
      'SegmentationObject/x/a.png',
      'JPEGImages/x/a.jpg',
      'Annotations/empty.xml',
      'JPEGImages/empty.jpg',
      'ImageSets/Main/train.txt',
      'ImageSets/Main/trainval.txt',
      'ImageSets/Segmentation/train.txt',
      'ImageSets/Segmentation/trainval.txt',
    ]);
    expect(files['Annotations/x/a.xml']).toMatchSnapshot();
    expect(files['labelmap.txt']).toMatchSnapshot();
    expect(
      notes.map(
        ({ what, isLoss, problem }) => `${isLoss ? 'lost' : 'note'} ${what}: ${problem.message}`,
      ),
    ).toMatchSnapshot();
  });

  test('brings back attributes, splits, states and colours', async () => {
    const { files } = await writeDataset(vocFormat, drawn);
    const read = await readDataset(vocFormat, files);
    expect(read.images.map(({ fileName, split, state }) => [fileName, split, state])).toEqual([
      ['empty.jpg', null, 'reviewed-empty'],
      ['x/a.jpg', 'train', 'done'],
    ]);
    expect(read.annotations[0]!.attributes).toEqual({
      truncated: true,
      occluded: false,
      difficult: false,
      pose: 'Left',
      age: 3,
      wild: false,
      word: 'x',
    });
    expect(read.rows.filter(({ kind }) => kind === 'category')).toMatchObject([
      { name: 'a & <b>', color: '#ff0000' },
      { name: 'c', color: '#336699' },
    ]);
  });

  test.each([true, false])(
    'keeps photos apart that differ in their ending only, with photos: %s',
    async (photos) => {
      const twin = makeImage('twin', 8, 4, { path: 'x/a.png' });
      const both: Drawn = {
        ...drawn,
        images: [...drawn.images, twin],
        annotations: [
          ...drawn.annotations,
          makeAnnotation('4', twin, { kind: 'box', box: [1, 1, 2, 2] }, { categoryId: 'c' }),
        ],
      };
      expect(await roundTripFaults(vocFormat, both, { photos })).toEqual([]);
    },
  );
});
