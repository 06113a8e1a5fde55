import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rleArea } from '../../../../core/geometry/rle.ts';
import { greyPng, indexedPng, readLabelImage } from '../../../../core/formats/label-image.ts';
import { maskPngFormat } from '../../../../core/formats/mask-png/format.ts';
import { encode } from 'fast-png';
import { memoryFiles } from '../../../support/memory-dataset.ts';
import { makeAnnotation, makeCategory, makeImage } from '../datasets.ts';
import {
  drawnProjects,
  noteTexts,
  readDataset,
  roundTripFaults,
  writeDataset,
  type Drawn,
  type ReadDataset,
} from './row-source.ts';

const regionsOf = ({ annotations }: ReadDataset) =>
  annotations.map(({ category, shape }) => [
    category,
    shape.kind === 'mask' ? rleArea(shape.rle) : shape.kind,
  ]);

const grey = (...values: number[]) => greyPng(values.length, 1, Uint8Array.from(values));

describe('the reader of masks', () => {
  test('says what is wrong with a table that is nested without end', async () => {
    const { notes } = await readDataset(maskPngFormat, {
      'classes.json': `[{"name": ${'['.repeat(50_000)}${']'.repeat(50_000)}}]`,
      'masks/a.png': grey(0, 1),
    });
    expect(noteTexts(notes).join()).toContain('it is nested more than 100 levels deep');
  });

  test('gives one region for each class of a semantic mask, by a table of any kind', async () => {
    const tables: Record<string, string> = {
      'classes.csv':
        'index,name,color\n0,background,#000000\n1,cat,#ff0000\n2,"dog, big",#00ff00\n',
      'class_dict.csv': 'name,r,g,b\nbackground,0,0,0\ncat,255,0,0\n"dog, big",0,255,0\n',
      'labels.txt': 'background\ncat\ndog, big\n',
      'labelmap.txt': '# label:color_rgb\nbackground:0,0,0::\ncat:255,0,0::\ndog, big:0,255,0::\n',
      'label_map.txt': '__ignore__\n_background_\ncat\ndog, big\n',
      'classes.json': '{"1": "cat", "2": "dog, big"}',
      'labels.json':
        '[{"name": "cat", "id": 1, "color": [255, 0, 0]}, {"name": "dog, big", "id": 2}]',
      'palette.json': '{"cat": [255, 0, 0], "dog, big": [0, 255, 0]}',
    };
    for (const [name, table] of Object.entries(tables)) {
      const palette = [0, 0xff0000, 0x00ff00, ...Array.from({ length: 253 }, () => 0x010203)];
      const read = await readDataset(maskPngFormat, {
        [name]: table,
        'masks/train/a.png': indexedPng(6, 1, Uint8Array.of(0, 1, 1, 2, 255, 0), palette),
      });
      expect(regionsOf(read), name).toEqual([
        ['cat', 2],
        ['dog, big', 1],
      ]);
      expect(read.categories, name).toEqual(['cat', 'dog, big']);
      expect(noteTexts(read.notes)).toEqual([]);
      expect(read.images[0]).toMatchObject({
        fileName: 'images/train/a',
        split: 'train',
        size: { width: 6, height: 1 },
      });
    }
  });

  test('reads objects of Cityscapes in 16 bits, and finds their photos', async () => {
    const values = Uint16Array.of(0, 1001, 1001, 1002, 2000, 7);
    const read = await readDataset(maskPngFormat, {
      'classes.json': '["background", "cat", "dog"]',
      'gtFine/val/x/a_gtFine_instanceIds.png': greyPng(6, 1, values),
      'gtFine/val/x/a_gtFine_labelIds.png': grey(0, 1, 1, 1, 2, 7),
      'gtFine/val/x/a_gtFine_color.png': grey(0),
      'leftImg8bit/val/x/a_leftImg8bit.png': grey(0),
    });
    expect(read.images.map(({ fileName }) => fileName)).toEqual([
      'leftImg8bit/val/x/a_leftImg8bit.png',
    ]);
    expect(regionsOf(read)).toEqual([
      [null, 1],
      ['cat', 2],
      ['cat', 1],
      ['dog', 1],
    ]);
    expect(read.annotations[0]!.extra).toEqual({ mask_value: 7 });
    expect(noteTexts(read.notes)[0]).toContain('the class table does not list its value 7');
  });

  test('reads colours, and leaves out those of no class with their count', async () => {
    const data = Uint8Array.of(255, 0, 0, 255, 0, 0, 0, 0, 0, 9, 9, 9);
    const read = await readDataset(maskPngFormat, {
      'class_dict.csv': 'name,r,g,b\ncat,255,0,0\n',
      'a_mask.png': encode({ width: 4, height: 1, data, channels: 3 }),
      'a.jpg': '',
    });
    expect(regionsOf(read)).toEqual([['cat', 2]]);
    expect(read.images[0]!.fileName).toBe('a.jpg');
    expect(noteTexts(read.notes)).toEqual([
      'lost a_mask.png: 1 of its colours (1 pixels) belong to no class; they are left out',
    ]);
  });

  test('takes a mask that is all background for a reviewed image without objects', async () => {
    const { images } = await readDataset(maskPngFormat, {
      'labels.txt': 'background\ncat\n',
      'masks/a.png': grey(0, 0),
    });
    expect(images[0]!.state).toBe('reviewed-empty');
  });

  test('goes on after a file that is no mask, and asks about a background with a name', async () => {
    const read = await readDataset(maskPngFormat, {
      'labels.txt': 'road\ncat\n',
      'masks/a.png': 'no PNG',
      'masks/b.png': grey(0, 1),
    });
    expect(regionsOf(read)).toEqual([['cat', 1]]);
    expect(noteTexts(read.notes)).toMatchSnapshot();
    const all = await readDataset(
      maskPngFormat,
      { 'labels.txt': 'road\ncat\n', 'masks/b.png': grey(0, 1) },
      { background: -1 },
    );
    expect(regionsOf(all)).toEqual([
      ['road', 1],
      ['cat', 1],
    ]);
  });

  test('names classes by their values where there is no table, and objects not at all', async () => {
    const files = { 'masks/a.png': grey(0, 3, 3, 4) };
    expect(regionsOf(await readDataset(maskPngFormat, files))).toEqual([
      ['class_3', 2],
      ['class_4', 1],
    ]);
    const objects = await readDataset(maskPngFormat, files, { kind: 'instance', divisor: 0 });
    expect(objects.annotations.map(({ category }) => category)).toEqual([null, null]);
  });

  test('reads grey pixels of 1, 2 and 4 bits', () => {
    const packed = encode({
      width: 3,
      height: 2,
      data: Uint8Array.of(0b1010_0000, 0b0110_0000),
      channels: 1,
      depth: 1,
    });
    expect([...readLabelImage(packed).values]).toEqual([1, 0, 1, 0, 1, 1]);
    const nibbles = encode({
      width: 3,
      height: 1,
      data: Uint8Array.of(0x3f, 0x70),
      channels: 1,
      depth: 4,
    });
    expect([...readLabelImage(nibbles).values]).toEqual([3, 15, 7]);
  });
});

test('detection wants a table of classes or names of masks', async () => {
  const likeness = (files: Record<string, string | Uint8Array>) =>
    maskPngFormat.detect(memoryFiles('d', files));
  expect(await likeness({ 'labels.txt': 'a', 'masks/a.png': grey(0) })).toBe('certain');
  expect(await likeness({ 'masks/a.png': grey(0) })).toBe('possible');
  expect(await likeness({ 'labels.txt': 'a', 'a.png': grey(0) })).toBe('possible');
  expect(await likeness({ 'a.png': grey(0) })).toBe('none');
});

describe('the writer of masks', () => {
  test.each(['semantic', 'instance'] as const)(
    'writes what its reader finds again, for %s masks',
    async (kind) => {
      await fc.assert(
        fc.asyncProperty(drawnProjects(), async (drawn) => {
          expect(await roundTripFaults(maskPngFormat, drawn, { kind }, { kind })).toEqual([]);
        }),
        { numRuns: 60 },
      );
    },
  );

  test('says which pixels later regions have, and what becomes one', async () => {
    const image = makeImage('a', 4, 1, { split: 'train' });
    const box = (id: string, left: number, width: number, zOrder: number) =>
      makeAnnotation(id, image, { kind: 'box', box: [left, 0, width, 1] }, { zOrder });
    const drawn: Drawn = {
      images: [image],
      categories: [makeCategory('cat')],
      annotations: [box('1', 0, 3, 0), box('2', 2, 2, 1), box('3', 1, 1, 2), box('0', 1, 1, -1)],
    };
    const { files, notes } = await writeDataset(maskPngFormat, drawn);
    expect(Object.keys(files)).toEqual(['classes.csv', 'masks/train/a.png']);
    expect(files['classes.csv']).toBe(
      'index,name,color,parent\n0,background,#000000,\n1,cat,#336699,\n',
    );
    expect(
      notes.map(
        ({ what, isLoss, problem }) => `${isLoss ? 'lost' : 'note'} ${what}: ${problem.message}`,
      ),
    ).toMatchSnapshot();
  });

  test('writes more than 254 classes in 16 bits', async () => {
    const image = makeImage('a', 300, 1);
    const categories = Array.from({ length: 300 }, (_, index) => makeCategory(`c${index}`));
    const annotations = categories.map(({ id }, index) =>
      makeAnnotation(
        id,
        image,
        { kind: 'box', box: [index, 0, 1, 1] },
        { categoryId: id, zOrder: index },
      ),
    );
    const drawn = { images: [image], categories, annotations };
    expect(await roundTripFaults(maskPngFormat, drawn, {}, { kind: 'semantic' })).toEqual([]);
  });
});
