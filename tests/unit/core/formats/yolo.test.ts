import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DatasetRow } from '../../../../core/formats/dataset-row.ts';
import { fractionText } from '../../../../core/formats/fraction-text.ts';
import { yoloFormat } from '../../../../core/formats/yolo/format.ts';
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

const yaml = 'train: images/train\nval: images/val\nnames: [cat, dog]\n';

describe('the reader of YOLO datasets', () => {
  test('gives classes, splits, boxes and outlines of an ultralytics folder', async () => {
    const read = await readDataset(yoloFormat, {
      'data.yaml': yaml,
      'images/train/a.jpg': '',
      'images/val/sub/b.png': '',
      'labels/train/a.txt': '1 0.5 0.5 0.2 0.4\n',
      'labels/val/sub/b.txt': '0 0.1 0.1 0.9 0.1 0.9 0.9\n',
    });
    expect(read.categories).toEqual(['cat', 'dog']);
    expect(read.images.map(({ fileName, split }) => [fileName, split])).toEqual([
      ['images/train/a.jpg', 'train'],
      ['images/val/sub/b.png', 'validation'],
    ]);
    const [box, outline] = read.annotations;
    expect(box).toMatchObject({ category: 'dog', unit: 'fraction', image: 'images/train/a.jpg' });
    expect(box!.shape).toEqual({ kind: 'box', box: [0.4, 0.3, 0.6 - 0.4, 0.7 - 0.3] });
    expect(outline!.shape).toEqual({
      kind: 'polygon',
      parts: [{ outer: [0.1, 0.1, 0.9, 0.1, 0.9, 0.9], holes: [] }],
    });
    expect(read.notes).toEqual([]);
  });

  test('gives its classes and images alone without opening any labels', async () => {
    const content = {
      'data.yaml': yaml,
      'images/train/a.jpg': '',
      'labels/train/a.txt': '1 0.5 0.5 0.2 0.4\n',
      'labels/val/b.txt': '',
    };
    const { categories, images } = await readDataset(yoloFormat, content);
    const opened: string[] = [];
    const files = memoryFiles('dataset', content);
    const text = (path: string) => {
      opened.push(path);
      return files.text(path);
    };
    const head: DatasetRow[] = [];
    for await (const row of yoloFormat.reader!.readHead!({ ...files, text }, {})) head.push(row);
    expect(opened).toEqual(['data.yaml']);
    expect(head.flatMap((row) => (row.kind === 'category' ? [row.name] : []))).toEqual(categories);
    expect(head.flatMap((row) => (row.kind === 'image' ? [row] : []))).toEqual(
      images.map((image) => expect.objectContaining({ key: image.key, split: image.split })),
    );
  });

  test('takes an empty file for a reviewed image without objects, and a missing one for nothing said', async () => {
    const { images } = await readDataset(yoloFormat, {
      'data.yaml': yaml,
      'images/train/a.jpg': '',
      'images/train/b.jpg': '',
      'labels/train/a.txt': '\n',
    });
    expect(images.map(({ state }) => state)).toEqual(['reviewed-empty', undefined]);
  });

  test('reads names written as numbers, words that YAML 1.1 takes for booleans, and a map with gaps', async () => {
    const names = async (card: string) =>
      (await readDataset(yoloFormat, { 'data.yaml': `train: images\n${card}` })).categories;
    expect(await names('names: [yes, 007, 1e3, null]')).toEqual(['yes', '007', '1e3', 'null']);
    expect(await names('names:\n  0: a\n  2: c\n')).toEqual(['a', 'c']);
    expect(await names('nc: 2\n')).toEqual(['class_0', 'class_1']);
  });

  test('finds the folders that Roboflow writes with ../ and calls valid', async () => {
    const { images, notes } = await readDataset(yoloFormat, {
      'data.yaml': 'train: ../train/images\nval: ../valid/images\nnames: [a]\n',
      'train/images/a.jpg': '',
      'train/labels/a.txt': '0 0.5 0.5 0.1 0.1',
      'val/images/b.jpg': '',
      'val/labels/b.txt': '0 0.5 0.5 0.1 0.1',
    });
    expect(images.map(({ split }) => split)).toEqual(['train', 'validation']);
    expect(noteTexts(notes)).toEqual([]);
  });

  test('reads lists of images as splits, and says which are in two', async () => {
    const { images, notes } = await readDataset(yoloFormat, {
      'data.yaml': 'train: train.txt\nval: val.txt\nnames: [a]\n',
      'train.txt': './images/a.jpg\n./images/b.jpg\n',
      'val.txt': '/home/x/set/images/c.jpg\n./images/b.jpg\n',
      'images/a.jpg': '',
      'images/b.jpg': '',
      'images/c.jpg': '',
    });
    expect(images.map(({ split }) => split)).toEqual(['train', null, 'validation']);
    expect(noteTexts(notes)).toEqual([
      'note data.yaml: it assigns 1 images to two splits; these images get no split',
    ]);
  });

  test('takes the split from the name of a folder that is both train and val', async () => {
    const splitOf = async (folder: string) => {
      const { images } = await readDataset(yoloFormat, {
        'data.yaml': `train: ${folder}\nval: ${folder}\nnames: [a]\n`,
        [`${folder}/a.jpg`]: '',
      });
      return images[0]!.split;
    };
    expect(await splitOf('images/train2017')).toBe('train');
    expect(await splitOf('images')).toBe(null);
  });

  test('reads Darknet, flat folders and labels without photos', async () => {
    const darknet = await readDataset(yoloFormat, {
      'obj.data': 'classes = 2',
      'obj.names': 'cat\ndog\n',
      'train.txt': 'data/obj_train_data/1.jpg\n',
      'obj_train_data/1.jpg': '',
      'obj_train_data/1.txt': '1 0.5 0.5 0.2 0.2',
    });
    expect(darknet.images[0]).toMatchObject({ split: 'train', fileName: 'obj_train_data/1.jpg' });
    expect(darknet.annotations[0]!.category).toBe('dog');
    const flat = await readDataset(yoloFormat, {
      'classes.txt': 'cat\n',
      'a.txt': '0 0.5 0.5 0.2 0.2',
      'README.txt': 'words',
    });
    expect(flat.images.map(({ fileName }) => fileName)).toEqual(['a']);
    const mirrored = await readDataset(yoloFormat, { 'labels/train/x/a.txt': '0 0.5 0.5 0.2 0.2' });
    expect(mirrored.images[0]).toMatchObject({ fileName: 'images/train/x/a', split: 'train' });
    expect(mirrored.annotations[0]!.category).toBe('class_0');
    expect(noteTexts(mirrored.notes)[0]).toMatch(/^note dataset: the dataset has neither/);
  });

  test('leaves out wrong lines with a reason each and keeps the others', async () => {
    const lines = [
      '0 0.5 0.5 0.2 0.2',
      '0 0.5 0.5 0.2',
      '0 0.5 nan 0.2 0.2',
      '0.5 0.5 0.5 0.2 0.2',
      '7 0.5 0.5 0.2 0.2',
      '1 320 240 100 80',
      '1 0.5 0.5 0 0.2',
      '1 0.1 0.1 1.2 0.1 0.5 0.9',
      '0 0.5 0.5 0.2 0.2',
      '1 0.5 0.5 0.2 0.2 0.83',
    ];
    const { annotations, notes } = await readDataset(yoloFormat, {
      'data.yaml': yaml,
      'labels/train/a.txt': lines.join('\n'),
    });
    expect(annotations.map(({ place, category }) => [place, category])).toEqual([
      ['labels/train/a.txt line 1', 'cat'],
      ['labels/train/a.txt line 5', null],
      ['labels/train/a.txt line 8', 'dog'],
      ['labels/train/a.txt line 9', 'cat'],
      ['labels/train/a.txt line 10', 'dog'],
    ]);
    expect(annotations[1]!.extra).toEqual({ yolo_class: 7 });
    expect(annotations[4]!.extra).toEqual({ score: 0.83 });
    expect(noteTexts(notes)).toMatchSnapshot();
  });

  test('reads labels of DOTA in pixels by the names of their classes', async () => {
    const { annotations } = await readDataset(yoloFormat, {
      'data.yaml': yaml,
      'labelTxt/a.txt': 'imagesource:x\ngsd:1\n0 0 0 2 2 2 2 0 small-vehicle 1\n',
      'images/a.jpg': '',
    });
    expect(annotations[0]).toMatchObject({
      category: 'small-vehicle',
      unit: 'pixel',
      attributes: { difficult: true },
      shape: { kind: 'polygon', parts: [{ outer: [0, 0, 0, 2, 2, 2, 2, 0] }] },
    });
  });

  test('keeps keypoints of pose datasets', async () => {
    const { annotations, notes } = await readDataset(yoloFormat, {
      'data.yaml': `${yaml}kpt_shape: [2, 3]\n`,
      'labels/a.txt': '0 0.5 0.5 0.2 0.2 0.1 0.1 2 0.3 0.3 0',
    });
    expect(annotations[0]!.shape.kind).toBe('box');
    expect(annotations[0]!.extra).toEqual({ yolo_keypoints: [0.1, 0.1, 2, 0.3, 0.3, 0] });
    expect(noteTexts(notes).join()).toContain('it has 2 keypoints');
  });

  test('gives nobody the labels that two photos of one name share', async () => {
    const { annotations, notes } = await readDataset(yoloFormat, {
      'classes.txt': 'cat',
      'images/train/a.jpg': '',
      'images/train/a.png': '',
      'labels/train/a.txt': '0 0.5 0.5 0.2 0.2',
    });
    expect(annotations).toEqual([]);
    expect(noteTexts(notes)).toEqual([
      'lost labels/train/a.txt: its name fits 2 photos: images/train/a.jpg, images/train/a.png',
    ]);
  });

  test('goes on after labels that are not UTF-8 and a card that is no YAML', async () => {
    const { annotations, notes } = await readDataset(yoloFormat, {
      'data.yaml': 'names: [a\n',
      'classes.txt': 'cat',
      'labels/a.txt': Uint8Array.of(0xff, 0xfe, 0xff),
      'labels/b.txt': '0 0.5 0.5 0.2 0.2',
    });
    expect(annotations.map(({ category }) => category)).toEqual(['cat']);
    expect(notes.map(({ place, isLoss }) => [place, isLoss])).toEqual([
      ['data.yaml', false],
      ['labels/a.txt', true],
    ]);
  });
});

describe('detection', () => {
  const likeness = (files: Record<string, string>) => yoloFormat.detect(memoryFiles('d', files));

  test('is certain of a data.yaml, of Darknet and of a list of classes beside labels', async () => {
    expect(await likeness({ 'data.yaml': yaml })).toBe('certain');
    expect(await likeness({ 'obj.names': 'a', '1.txt': '' })).toBe('certain');
    expect(await likeness({ 'classes.txt': 'a', 'a.txt': '0 0.5 0.5 0.2 0.2' })).toBe('certain');
  });

  test('thinks a folder of labels possible, and texts of other kinds not', async () => {
    expect(await likeness({ 'labels/a.txt': '0 0.5 0.5 0.2 0.2' })).toBe('possible');
    expect(await likeness({ 'labels/a.txt': 'a cat' })).toBe('none');
    expect(await likeness({ 'config.yaml': 'names: x' })).toBe('none');
  });
});

describe('the writer of YOLO datasets', () => {
  test.each(['segment', 'detect', 'obb'] as const)(
    'writes what its reader finds again, for %s',
    async (task) => {
      await fc.assert(
        fc.asyncProperty(drawnProjects(), async (drawn) => {
          expect(await roundTripFaults(yoloFormat, drawn, { task })).toEqual([]);
        }),
        { numRuns: 60 },
      );
    },
  );

  test('writes fractions that come back on the same fifth of a pixel within a millionth', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (size, at) => {
          const coordinate = Math.round(at * size * 10) / 10;
          const back = Number(fractionText(coordinate, size)) * size;
          expect(Math.abs(back - coordinate)).toBeLessThan(1e-6);
          expect(Math.trunc(5 * back + 0.5)).toBe(Math.trunc(5 * coordinate + 0.5));
        },
      ),
    );
  });

  const image = makeImage('a', 100, 50, { split: 'train' });
  const square = makeAnnotation('1', image, { kind: 'box', box: [10, 10, 20, 20] });
  const drawn: Drawn = {
    images: [image],
    categories: [makeCategory('cat')],
    annotations: [square],
  };

  test('lays out files as ultralytics wants them', async () => {
    const { files, notes } = await writeDataset(yoloFormat, drawn, {
      task: 'detect',
      photos: true,
    });
    expect(files).toMatchInlineSnapshot(`
      {
        "data.yaml": "# Test, from Pixel-SAIL Studio
      train: images/train
      val: images/train
      nc: 1
      names:
        - cat
      ",
        "images/train/a.jpg": "a",
        "labels/train/a.txt": "0 0.2 0.4 0.2 0.4
      ",
      }
    `);
    expect(notes).toEqual([]);
  });

  test('quotes names that PyYAML would take for something else', async () => {
    const categories = ['no', '1', 'a: b', '#x', '12:30:00', '"'].map((name) => makeCategory(name));
    const { files } = await writeDataset(yoloFormat, { images: [], categories, annotations: [] });
    expect(files['data.yaml']).toMatchInlineSnapshot(`
      "# Test, from Pixel-SAIL Studio
      train: images/unsplit
      val: images/unsplit
      nc: 6
      names:
        - "no"
        - "1"
        - "a: b"
        - "#x"
        - "12:30:00"
        - '"'
      "
    `);
  });

  test('says what it leaves out and what it changes', async () => {
    const tiny = makeImage('c', 8, 8);
    const annotations = [
      makeAnnotation('1', image, square.geometry, { attributes: { pose: 'left' }, crowd: true }),
      makeAnnotation('2', image, square.geometry, { categoryId: null }),
      makeAnnotation('3', image, { kind: 'box', box: [90, 10, 20, 20] }),
      makeAnnotation('4', tiny, {
        kind: 'polygon',
        parts: [{ outer: [1, 1, 5, 1, 5, 5], holes: [] }],
      }),
    ];
    const { notes } = await writeDataset(
      yoloFormat,
      { images: [image, tiny], categories: [makeCategory('cat')], annotations },
      { task: 'detect' },
    );
    expect(
      notes.map(
        ({ what, isLoss, problem }) => `${isLoss ? 'lost' : 'note'} ${what}: ${problem.message}`,
      ),
    ).toMatchSnapshot();
  });

  test('keeps the labels of photos apart that differ in their ending only', async () => {
    const twin = makeImage('a2', 100, 50, { split: 'train', path: 'a.png' });
    const both: Drawn = {
      ...drawn,
      images: [image, twin],
      annotations: [square, makeAnnotation('2', twin, { kind: 'box', box: [0, 0, 5, 5] })],
    };
    const { files } = await writeDataset(yoloFormat, both, { photos: true });
    expect(Object.keys(files)).toEqual([
      'data.yaml',
      'labels/train/a.jpg.txt',
      'images/train/a.jpg.jpg',
      'labels/train/a.png.txt',
      'images/train/a.png.png',
    ]);
    expect(await roundTripFaults(yoloFormat, both, { photos: true })).toEqual([]);
    expect(await roundTripFaults(yoloFormat, both)).toEqual([]);
  });
});
