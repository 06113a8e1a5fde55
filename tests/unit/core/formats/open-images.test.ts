import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openImagesFormat } from '../../../../core/formats/open-images/format.ts';
import { greyPng } from '../../../../core/formats/label-image.ts';
import { memoryFiles } from '../../../support/memory-dataset.ts';
import { makeAnnotation, makeCategory, makeImage } from '../datasets.ts';
import {
  drawnProjects,
  noteTexts,
  readDataset,
  roundTripFaults,
  writeDataset,
} from './row-source.ts';

const boxHeader =
  'ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside\n';
const maskHeader =
  'MaskPath,ImageID,LabelName,BoxID,BoxXMin,BoxXMax,BoxYMin,BoxYMax,PredictedIoU,Clicks\n';

describe('the reader of Open Images', () => {
  test('joins boxes, masks, names, the tree and the splits', async () => {
    const read = await readDataset(openImagesFormat, {
      'annotations/class-descriptions.csv': '/m/1,Animal\n/m/2,"Cat, wild"\n',
      'annotations/bbox_labels_600_hierarchy.json': JSON.stringify({
        LabelName: '/m/0bl9f',
        Subcategory: [{ LabelName: '/m/1', Subcategory: [{ LabelName: '/m/2' }] }],
      }),
      'annotations/train-annotations-bbox.csv': `${boxHeader}a,xclick,/m/2,1,0.25,1,0,0.5,1,0,1,-1,-1\nb,xclick,/m/9,0.7,0,1,0,1,-1,-1,0,0,0\n`,
      'annotations/train-annotations-object-segmentation.csv': `${maskHeader}a_m2_1.png,a,/m/2,1,0.2500001,1,0,0.5,0.8,\n`,
      'annotations/validation-annotations-human-imagelabels.csv':
        'ImageID,Source,LabelName,Confidence\nc,verification,/m/1,1\n',
      'masks/a_m2_1.png': greyPng(2, 2, Uint8Array.of(0, 255, 0, 0)),
      'images/train/b.jpg': '',
    });
    expect(read.rows.filter(({ kind }) => kind === 'category')).toMatchObject([
      { name: 'Animal' },
      { name: 'Cat, wild', parent: 'Animal', extra: { open_images_label: '/m/2' } },
    ]);
    expect(read.images.map(({ fileName, split, size }) => [fileName, split, size])).toEqual([
      ['a', 'train', { width: 2, height: 2 }],
      ['images/train/b.jpg', 'train', null],
      ['c', 'validation', null],
    ]);
    const [cat, other] = read.annotations;
    expect(cat).toMatchObject({
      category: 'Cat, wild',
      categoryParent: 'Animal',
      crowd: true,
      attributes: { occluded: true, truncated: false },
      shape: { kind: 'mask' },
    });
    expect(other).toMatchObject({
      category: '/m/9',
      extra: { score: 0.7 },
      unit: 'fraction',
      shape: { kind: 'box', box: [0, 0, 1, 1] },
    });
    expect(noteTexts(read.notes)).toEqual([
      'note annotations/train-annotations-bbox.csv line 3: the class descriptions do not list /m/9; it keeps this name',
      'lost annotations/validation-annotations-human-imagelabels.csv: it has 1 image-level labels, which are not regions; they are left out',
    ]);
  });

  test('takes the box where a mask is missing, broken, empty or of another size, and says so', async () => {
    const rows = ['none', 'broken', 'empty', 'other', 'sound'].map(
      (name, index) => `${name}.png,a,/m/1,${index},0.${index},1,0,1,,\n`,
    );
    const read = await readDataset(openImagesFormat, {
      'class-descriptions.csv': 'LabelName,DisplayName\n/m/1,Cat\n',
      'train-annotations-object-segmentation.csv': maskHeader + rows.join(''),
      'masks/empty.png': greyPng(2, 1, Uint8Array.of(0, 0)),
      'masks/broken.png': 'no PNG',
      'masks/other.png': greyPng(3, 1, Uint8Array.of(1, 1, 1)),
      'masks/sound.png': greyPng(2, 1, Uint8Array.of(0, 1)),
    });
    expect(read.annotations.map(({ shape }) => shape.kind)).toEqual([
      'box',
      'box',
      'box',
      'box',
      'mask',
    ]);
    expect(noteTexts(read.notes)).toMatchSnapshot();
  });

  test('leaves out rows and tables that cannot be read, with a reason each', async () => {
    const read = await readDataset(openImagesFormat, {
      'train-annotations-bbox.csv': `${boxHeader}a,x,/m/1,1,0.1,x,0,1\na,x,/m/1,1,0.5,0.5,0,1\na,x,/m/1,1,10,200,0,1\n`,
      'validation-annotations-bbox.csv': 'ImageID,LabelName\na,/m/1\n',
    });
    expect(read.annotations).toEqual([]);
    expect(noteTexts(read.notes)).toMatchSnapshot();
  });
});

test('detection goes by the names and headers of the tables', async () => {
  const likeness = (files: Record<string, string>) =>
    openImagesFormat.detect(memoryFiles('d', files));
  expect(await likeness({ 'train-annotations-bbox.csv': boxHeader })).toBe('certain');
  expect(await likeness({ 'image_ids_and_rotation.csv': 'ImageID,Subset\n' })).toBe('possible');
  expect(await likeness({ 'x.csv': 'ImageID\n' })).toBe('none');
});

describe('the writer of Open Images', () => {
  test.each([true, false])('writes what its reader finds again, with masks: %s', async (masks) => {
    await fc.assert(
      fc.asyncProperty(drawnProjects(), async (drawn) => {
        expect(await roundTripFaults(openImagesFormat, drawn, { masks })).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('brings back the tree, labels of its own, marks and splits, and says what it changes', async () => {
    const image = makeImage('a', 10, 10, { split: 'validation' });
    const drawn = {
      images: [image, makeImage('b', 5, 5, { state: 'reviewed-empty' })],
      categories: [
        makeCategory('animal', { extra: { open_images_label: '/m/0jbk' } }),
        makeCategory('cat', { parentId: 'animal' }),
      ],
      annotations: [
        makeAnnotation(
          '1',
          image,
          { kind: 'box', box: [1, 2, 3, 4] },
          {
            categoryId: 'cat',
            crowd: true,
            attributes: { occluded: true, inside: false, age: 3 },
          },
        ),
        makeAnnotation(
          '2',
          image,
          { kind: 'polygon', parts: [{ outer: [0, 0, 5, 0, 5, 5], holes: [] }] },
          {
            categoryId: 'animal',
          },
        ),
      ],
    };
    const { files, notes } = await writeDataset(openImagesFormat, drawn);
    expect(Object.keys(files)).toMatchSnapshot();
    const table = files['annotations/validation-annotations-bbox.csv'] as Uint8Array;
    expect(new TextDecoder().decode(table)).toMatchSnapshot();
    expect(
      notes.map(
        ({ what, isLoss, problem }) => `${isLoss ? 'lost' : 'note'} ${what}: ${problem.message}`,
      ),
    ).toMatchSnapshot();
    const read = await readDataset(openImagesFormat, files);
    expect(read.rows.filter(({ kind }) => kind === 'category')).toMatchObject([
      { name: 'animal', extra: { open_images_label: '/m/0jbk' } },
      { name: 'cat', parent: 'animal' },
    ]);
    expect(read.annotations[0]).toMatchObject({
      crowd: true,
      attributes: { occluded: true, inside: false },
    });
  });
});
