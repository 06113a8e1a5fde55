import { describe, expect, test } from 'vitest';
import { mergeLicenses } from '../../../../core/formats/coco/about.ts';
import { cocoPanoptic } from '../../../../core/formats/coco-panoptic/format.ts';
import { cvat } from '../../../../core/formats/cvat/format.ts';
import { datumaro } from '../../../../core/formats/datumaro/format.ts';
import { describedCategories } from '../../../../core/formats/described-categories.ts';
import { greyPng, indexedPng, vocColor } from '../../../../core/formats/label-image.ts';
import { labelStudio } from '../../../../core/formats/label-studio/format.ts';
import { maskPngFormat } from '../../../../core/formats/mask-png/format.ts';
import { openImagesFormat } from '../../../../core/formats/open-images/format.ts';
import { vocFormat } from '../../../../core/formats/voc/format.ts';
import { yoloFormat } from '../../../../core/formats/yolo/format.ts';
import { encode } from 'fast-png';
import { importText } from '../datasets.ts';
import { makeImage } from '../datasets.ts';
import { readDataset, type ReadDataset } from './row-source.ts';

const lossesOf = ({ notes }: ReadDataset): string[] =>
  notes.filter(({ isLoss }) => isLoss).map(({ place, problem }) => `${place}: ${problem.message}`);
const categoriesOf = ({ annotations }: ReadDataset) => annotations.map(({ category }) => category);

describe('a key with several meanings leaves out all that has it', () => {
  test.each([
    ['names: {0: cat, 1: owl, 0: dog}', 'cat" and "dog'],
    ['names: [cat, owl]\nnames: [dog, owl]', 'cat" and "dog'],
  ])('the number of a class in data.yaml: %s', async (names, said) => {
    const read = await readDataset(yoloFormat, {
      'data.yaml': `train: images\n${names}\n`,
      'images/a.jpg': '',
      'labels/a.txt': '0 0.5 0.5 0.2 0.4\n1 0.5 0.5 0.2 0.4\n',
    });
    expect(read.categories).toEqual(['owl']);
    expect(categoriesOf(read)).toEqual(['owl']);
    const reason = `several classes have the number 0: "${said}"; it cannot be told which of them is meant`;
    expect(lossesOf(read)).toEqual([
      `data.yaml class 0: ${reason}`,
      `labels/a.txt line 1: ${reason}`,
    ]);
  });

  test('a label of Open Images', async () => {
    const header =
      'ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside\n';
    const read = await readDataset(openImagesFormat, {
      'class-descriptions.csv': '/m/1,Cat\n/m/2,Owl\n/m/1,Dog\n/m/2,Owl\n',
      'train-annotations-bbox.csv': `${header}a,x,/m/1,1,0,1,0,1,0,0,0,0,0\na,x,/m/2,1,0,1,0,1,0,0,0,0,0\n`,
    });
    expect(read.categories).toEqual(['Owl']);
    expect(categoriesOf(read)).toEqual(['Owl']);
    expect(lossesOf(read)).toHaveLength(2);
    expect(lossesOf(read)[0]).toContain('several classes have the label /m/1: "Cat" and "Dog"');
  });

  test('a value and a colour of masks', async () => {
    const values = await readDataset(maskPngFormat, {
      'classes.csv': 'index,name\n0,background\n1,cat\n2,owl\n1,dog\n',
      'masks/a.png': greyPng(4, 1, Uint8Array.of(0, 1, 2, 2)),
    });
    expect(values.categories).toEqual(['owl']);
    expect(categoriesOf(values)).toEqual(['owl']);
    expect(lossesOf(values).at(-1)).toContain('several classes have the value 1: "cat" and "dog"');
    const colors = await readDataset(maskPngFormat, {
      'classes.csv': 'name,r,g,b\ncat,255,0,0\nowl,0,255,0\ndog,255,0,0\n',
      'masks/a.png': encode({
        ...{ width: 2, height: 1, channels: 3, depth: 8 },
        data: Uint8Array.of(255, 0, 0, 0, 255, 0),
      }),
    });
    expect(categoriesOf(colors)).toEqual(['owl']);
    expect(lossesOf(colors).at(-1)).toContain('several classes have the color #ff0000');
  });

  test('a colour in the labelmap of VOC, unless the place in the palette tells the classes apart', async () => {
    const palette = Array.from({ length: 256 }, (_, index) => vocColor(index));
    palette[3] = palette[1]!;
    const text = (color: number) => [color >> 16, (color >> 8) & 255, color & 255].join(',');
    const [first, second] = [text(palette[1]!), text(palette[2]!)];
    const mask = (values: number[]) => indexedPng(4, 1, Uint8Array.from(values), palette);
    const files = (classes: string, values: number[]) => ({
      'labelmap.txt': `background:0,0,0::\n${classes}`,
      'SegmentationClass/a.png': mask(values),
      'JPEGImages/a.jpg': '',
    });
    const placed = files(`cat:${first}::\nowl:${second}::\ndog:${first}::\n`, [0, 1, 2, 3]);
    expect(categoriesOf(await readDataset(vocFormat, placed))).toEqual(['cat', 'owl', 'dog']);
    const shared = files(`owl:${second}::\ncat:${first}::\ndog:${first}::\n`, [0, 1, 2, 2]);
    const read = await readDataset(vocFormat, shared);
    expect(categoriesOf(read)).toEqual(['owl']);
    expect(lossesOf(read)).toEqual([expect.stringContaining('"cat" and "dog"')]);
  });

  test('the id of segments in a panoptic picture', async () => {
    const segment = (id: number, category: number) => ({ id, category_id: category, iscrowd: 0 });
    const read = await readDataset(cocoPanoptic, {
      'panoptic.json': JSON.stringify({
        images: [{ id: 1, file_name: 'a.jpg', width: 3, height: 1 }],
        categories: [
          { id: 1, name: 'cat' },
          { id: 2, name: 'dog' },
        ],
        annotations: [
          {
            image_id: 1,
            file_name: 'a.png',
            segments_info: [segment(1, 1), segment(2, 2), segment(1, 2)],
          },
        ],
      }),
      'a.png': encode({
        ...{ width: 3, height: 1, channels: 3, depth: 8 },
        data: Uint8Array.of(1, 0, 0, 1, 0, 0, 2, 0, 0),
      }),
    });
    expect(categoriesOf(read)).toEqual(['dog']);
    const reason = 'several segments of its picture have the id 1; the pixels cannot be assigned';
    expect(lossesOf(read)).toEqual(
      [0, 2].map((index) => `panoptic.json annotations[0].segments_info[${index}]: ${reason}`),
    );
  });

  test('the id of regions in a task of Label Studio', async () => {
    const region = (id: string, x: number, type: string, label: string) => ({
      ...{ id, type, original_width: 100, original_height: 100 },
      value: { x, y: 10, width: 5, height: 5, rotation: 0, ...(label && { [type]: [label] }) },
    });
    const result = [
      region('a', 10, 'rectanglelabels', 'cat'),
      region('a', 50, 'rectanglelabels', 'dog'),
      region('b', 10, 'rectangle', ''),
      region('b', 10, 'rectanglelabels', 'owl'),
    ];
    const tasks = JSON.stringify([{ data: { image: 'a.jpg' }, annotations: [{ result }] }]);
    const read = await readDataset(labelStudio, { 'a.json': tasks });
    expect(categoriesOf(read)).toEqual(['owl']);
    expect(lossesOf(read)).toHaveLength(2);
    expect(lossesOf(read)[0]).toContain('several regions of its task have the id "a"');
  });

  test('the number of a licence, which its images lose', async () => {
    const named = { id: 1, name: 'CC0' };
    const merged = mergeLicenses([], [named, { id: 1, name: 'MIT' }, { id: 2, name: 'BSD' }]);
    expect(merged.licenses).toEqual([{ id: 2, name: 'BSD' }]);
    expect([...merged.renumbered]).toEqual([['1', null]]);
    expect(mergeLicenses([], [named, named]).licenses).toEqual([named]);
    const images = [{ id: 1, file_name: 'a.jpg', license: 1, flickr: 'x' }];
    const imported = await importText(
      JSON.stringify({ images, annotations: [] }),
      [makeImage('a', 6, 5)],
      [],
      { licenses: merged.renumbered },
    );
    expect(imported.images[0]!.extra).toEqual({ id: 1, flickr: 'x' });
    expect(imported.report.warnings.map(({ reason }) => reason)).toEqual([
      'several licences of the file have its license 1; the key is left out',
    ]);
  });
});

describe('what is described in several ways is left out, and the category stays', () => {
  const label = (color: string, type = 'checkbox') =>
    `<label><name>cat</name><color>${color}</color><attributes><attribute><name>wet</name>` +
    `<input_type>${type}</input_type></attribute></attributes></label>`;
  const box =
    '<image name="a.jpg" width="6" height="5"><box label="cat" xtl="1" ytl="1" xbr="3" ybr="3"><attribute name="wet">true</attribute></box></image>';
  const labels = (...given: string[]) => `<labels>${given.join('')}</labels>`;
  const file = (task: string, project = '') =>
    `<annotations><meta><task>${task}</task><project>${project}</project></meta>${box}</annotations>`;

  test.each([
    ['twice in a file', { 'a.xml': file(labels(label('#ff0000')), labels(label('#00ff00'))) }],
    [
      'in two files',
      { 'a.xml': file(labels(label('#ff0000'))), 'b.xml': file(labels(label('#00ff00'))) },
    ],
  ])('a label of CVAT %s', async (_, files) => {
    const [described, ...others] = describedCategories(
      (await readDataset(cvat, files)).rows.filter((row) => row.kind === 'category'),
    );
    expect(others).toEqual([]);
    expect(described).toMatchObject({ differing: ['color'], others: [expect.any(String)] });
    expect(described!.row).not.toHaveProperty('color');
    expect(described!.row).toMatchObject({ name: 'cat', extra: { cvat_attributes: [{}] } });
  });

  test('an attribute of CVAT with two types is text', async () => {
    const two = labels(label('#ff0000'), label('#ff0000', 'text'));
    const read = await readDataset(cvat, { 'a.xml': file(two) });
    expect(read.annotations[0]!.attributes).toEqual({ wet: 'true' });
    const one = await readDataset(cvat, { 'a.xml': file(labels(label('#ff0000'))) });
    expect(one.annotations[0]!.attributes).toEqual({ wet: true });
  });

  test('a colour and the keypoints of a label of Datumaro', async () => {
    const color = (g: number) => ({ label_id: 0, r: 255, g, b: 0 });
    const points = (...names: string[]) => ({ label_id: 0, labels: names });
    const read = async (colormap: object[], items: object[]) =>
      readDataset(datumaro, {
        'annotations/default.json': JSON.stringify({
          categories: {
            label: { labels: [{ name: 'cat' }] },
            mask: { colormap },
            points: { items },
          },
          items: [],
        }),
      });
    const different = await read([color(0), color(1)], [points('eye'), points('ear')]);
    expect(different.categories).toEqual(['cat']);
    const problem = '"cat" is described in several ways; where they differ, nothing is taken over';
    expect(lossesOf(different)).toEqual([
      `annotations/default.json categories.mask label_id 0: ${problem}: mask`,
      `annotations/default.json categories.points label_id 0: ${problem}: points`,
    ]);
    expect(lossesOf(await read([color(0), color(0)], [points('eye'), points('eye')]))).toEqual([]);
  });

  test('a key of data.yaml', async () => {
    const read = await readDataset(yoloFormat, {
      'data.yaml': 'names: [cat]\ntrain: a\ntrain: b\nval: images\nval: images\n',
      'images/a.jpg': '',
      'labels/a.txt': '0 0.5 0.5 0.2 0.4\n',
    });
    expect(lossesOf(read)).toEqual([
      'data.yaml train: the key "train" is given several times with different values; none of them is used',
    ]);
    expect(read.images.map(({ split }) => split)).toEqual(['validation']);
  });
});

test('a mask of Open Images that several rows have is given to none of them', async () => {
  const masks = 'MaskPath,ImageID,LabelName,BoxXMin,BoxXMax,BoxYMin,BoxYMax\n';
  const row = (label: string) => `m.png,a,${label},0,1,0,1\n`;
  const read = async (table: string) =>
    readDataset(openImagesFormat, {
      'class-descriptions.csv': '/m/1,Cat\n/m/2,Owl\n',
      'train-annotations-object-segmentation.csv': masks + table,
      'masks/m.png': greyPng(2, 1, Uint8Array.of(1, 0)),
    });
  const kinds = ({ annotations }: ReadDataset) => annotations.map(({ shape }) => shape.kind);
  expect(kinds(await read(row('/m/1')))).toEqual(['mask']);
  const shared = await read(row('/m/1') + row('/m/2'));
  expect(kinds(shared)).toEqual(['box', 'box']);
  expect(shared.notes.map(({ problem }) => problem.message)).toEqual(
    Array<string>(2).fill(
      '2 rows have the mask m.png; its pixels cannot be assigned, so the box is used',
    ),
  );
});

test('a panoptic segment without an id is called that', async () => {
  const read = await readDataset(cocoPanoptic, {
    'panoptic.json': JSON.stringify({
      images: [{ id: 1, file_name: 'a.jpg', width: 1, height: 1 }],
      categories: [{ id: 1, name: 'cat' }],
      annotations: [
        {
          image_id: 1,
          file_name: 'a.png',
          segments_info: [{ category_id: 1 }, { category_id: 1 }, { id: 1, category_id: 1 }],
        },
      ],
    }),
    'a.png': encode({
      ...{ width: 1, height: 1, channels: 3, depth: 8 },
      data: Uint8Array.of(1, 0, 0),
    }),
  });
  expect(categoriesOf(read)).toEqual(['cat']);
  expect(lossesOf(read)).toEqual(
    [0, 1].map(
      (index) =>
        `panoptic.json annotations[0].segments_info[${index}]: its id must be a whole number, found nothing`,
    ),
  );
});

test('licences without a number are all kept, for no image names them', () => {
  const { licenses, renumbered } = mergeLicenses(
    [],
    [{ name: 'CC0' }, { name: 'MIT' }, { id: null, name: 'BSD' }],
  );
  expect(licenses.map(({ name }) => name)).toEqual(['CC0', 'MIT', 'BSD']);
  expect(renumbered.size).toBe(0);
});
