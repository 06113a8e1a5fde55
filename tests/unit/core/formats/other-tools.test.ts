import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { cocoCaptions } from '../../../../core/formats/coco-captions/format.ts';
import { cocoKeypoints } from '../../../../core/formats/coco-keypoints/format.ts';
import { cocoPanoptic } from '../../../../core/formats/coco-panoptic/format.ts';
import { cocoResults } from '../../../../core/formats/coco-results/format.ts';
import { isLabelled } from '../../../../core/project/keypoints.ts';
import { cvat } from '../../../../core/formats/cvat/format.ts';
import type {
  AnnotationRow,
  CategoryRow,
  DatasetRow,
  ImageRow,
  NoteRow,
} from '../../../../core/formats/dataset-row.ts';
import { datumaro } from '../../../../core/formats/datumaro/format.ts';
import type { DatasetFormat } from '../../../../core/formats/format.ts';
import { labelStudio } from '../../../../core/formats/label-studio/format.ts';
import { labelme } from '../../../../core/formats/labelme/format.ts';
import { rleArea, rleBox } from '../../../../core/geometry/rle.ts';
import { rowsOf } from '../../../support/dataset-source.ts';
import { memoryFiles } from '../../../support/memory-dataset.ts';

const fixtures = fileURLToPath(new URL('../../../fixtures/formats', import.meta.url));
const interop = fileURLToPath(new URL('../../../../../shared/fixtures/interop', import.meta.url));
const hasInterop = existsSync(interop);
if (!hasInterop) console.log('skipped: the interop fixtures beside the checkout are absent');

type AnyFormat = DatasetFormat<never, never>;

interface Read {
  readonly likeness: string;
  readonly categories: readonly CategoryRow[];
  readonly images: readonly ImageRow[];
  readonly annotations: readonly AnnotationRow[];
  readonly losses: readonly string[];
  readonly doubts: readonly string[];
}

async function read(
  format: AnyFormat,
  files: Record<string, string | Uint8Array>,
  choices: object = {},
): Promise<Read> {
  const dataset = memoryFiles('dataset', files);
  const options = format.readOptions!.parse(choices) as never;
  const rows = await rowsOf(format.reader!.read(dataset, options));
  const of = <Row extends DatasetRow>(kind: Row['kind']): Row[] =>
    rows.filter((row): row is Row => row.kind === kind);
  const notes = of<NoteRow>('note');
  return {
    likeness: await format.detect(dataset),
    categories: of('category'),
    images: of('image'),
    annotations: of('annotation'),
    losses: notes.filter(({ isLoss }) => isLoss).map(({ problem }) => problem.message),
    doubts: notes.filter(({ isLoss }) => !isLoss).map(({ problem }) => problem.message),
  };
}

function fixture(name: string): string {
  return readFileSync(join(fixtures, name), 'utf8');
}

/** The files of a folder of the interop fixtures, without its photos. */
function filesIn(folder: string): Record<string, Uint8Array> {
  const root = join(interop, folder);
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' });
  const files = paths.filter(
    (path) => statSync(join(root, path)).isFile() && !/\.jpg$/i.test(path),
  );
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(root, path))]));
}

describe('a task of CVAT', () => {
  const load = () => read(cvat as AnyFormat, { 'train.xml': fixture('cvat-task.xml') });

  test('comes in with typed attributes, marks and order', async () => {
    const { likeness, categories, images, annotations } = await load();
    expect(likeness).toBe('certain');
    expect(categories.map(({ name }) => name)).toEqual(['label1', 'label2']);
    expect(images.map(({ fileName, size }) => [fileName, size])).toEqual([
      ['img0.jpg', { width: 8, height: 8 }],
      ['img1.jpg', { width: 10, height: 10 }],
    ]);
    expect(annotations).toMatchObject([
      {
        category: 'label1',
        shape: { kind: 'box', box: [0, 2, 4, 2] },
        zOrder: 1,
        attributes: { occluded: true, a1: true, a2: 'v3', a3: '0003', a4: 2.4 },
      },
      { category: null, shape: { kind: 'polyline', points: [1, 2, 3, 4, 5, 6, 7, 8] } },
      { category: null, shape: { kind: 'polygon', parts: [{ outer: [1, 2, 3, 4, 6, 5] }] } },
    ]);
  });

  test('keeps what has no area, with a word about it', async () => {
    const { images, doubts, losses } = await load();
    expect(losses).toEqual([]);
    expect(doubts.filter((doubt) => doubt.includes('has no area'))).toHaveLength(1);
    expect(images[1]!.extra).toMatchObject({ cvat_shapes: [{ element: 'points' }] });
  });

  test('of a project has its subsets as splits', async () => {
    const { images } = await read(cvat as AnyFormat, { 'a.xml': fixture('cvat-project.xml') });
    expect(images.map(({ split }) => split)).toEqual([
      ...['test', 'test', 'train', 'train', 'validation', 'validation'],
    ]);
    expect(new Set(images.map(({ key }) => key)).size).toBe(6);
  });
});

describe('XML of CVAT', () => {
  const image = (inside: string): string =>
    `<annotations><version>1.1</version><image id="0" name="a.png" width="20" height="20">${inside}</image></annotations>`;
  const load = (inside: string): Promise<Read> =>
    read(cvat as AnyFormat, { 'a.xml': image(inside) });

  test('turns a box about its centre, clockwise', async () => {
    const { annotations } = await load(
      '<box label="a" xtl="4" ytl="4" xbr="14" ybr="12" rotation="45"/>',
    );
    const { shape } = annotations[0]!;
    const corners = shape.kind === 'polygon' ? shape.parts[0]!.outer : [];
    const expected = [8.29, 1.64, 15.36, 8.71, 9.71, 14.36, 2.64, 7.29];
    expect(corners.map((value) => Math.round(value * 100) / 100)).toEqual(expected);
  });

  test('has masks whose runs go along the rows of a box', async () => {
    const { annotations } = await load(
      '<mask label="a" rle="1, 2, 3" left="5" top="6" width="3" height="2"/>',
    );
    const { shape } = annotations[0]!;
    expect(shape.kind === 'mask' && rleBox(shape.rle)).toEqual([6, 6, 2, 1]);
  });

  test.each([
    ['<mask label="a" rle="1, 2" left="5" top="6" width="3" height="2"/>', /must sum to 6/],
    ['<box label="a" xtl="x" ytl="4" xbr="14" ybr="12"/>', /its xtl must be a number/],
    ['<polygon label="a" points="1,2;3"/>', /its points must be/],
    ['<star label="a"/>', /its type <star> is unknown/],
  ])('with a bad %s loses that one alone, with the reason', async (bad, reason) => {
    const { annotations, losses } = await load(
      `${bad}<box label="a" xtl="1" ytl="1" xbr="2" ybr="2"/>`,
    );
    expect(annotations).toHaveLength(1);
    expect(losses).toEqual([expect.stringMatching(reason)]);
  });

  test('with entities of its own is refused, not expanded', async () => {
    const bomb = `<!DOCTYPE annotations [<!ENTITY a "aaaa">]>${image('<box label="&a;"/>')}`;
    await expect(read(cvat as AnyFormat, { 'a.xml': bomb })).rejects.toMatchObject({
      code: 'dataset-invalid',
      message: expect.stringMatching(/a\.xml is not valid XML: .*undefined entity/i),
    });
  });

  test('that ends early is refused', async () => {
    const cut = image('').slice(0, -20);
    await expect(read(cvat as AnyFormat, { 'a.xml': cut })).rejects.toThrow(/is not valid XML/);
  });

  test('of videos says that it has tracks', async () => {
    const video = '<annotations><track id="0" label="a"><box frame="0"/></track></annotations>';
    const { losses } = await read(cvat as AnyFormat, { 'a.xml': video });
    expect(losses).toEqual([expect.stringMatching(/its 1 video tracks/)]);
  });
});

describe('a file of Label Studio', () => {
  test('comes in with boxes and outlines, and keeps keypoints', async () => {
    const found = await read(labelStudio as AnyFormat, { 'a.json': fixture('label-studio.json') });
    expect(found.likeness).toBe('certain');
    expect(found.images).toMatchObject([
      { fileName: 'test_image1.jpg', size: { width: 500, height: 320 } },
    ]);
    expect(new Set(found.annotations.map(({ category }) => category))).toEqual(
      new Set(['rectangle_label', 'polygon_label']),
    );
    expect(found.losses).toEqual([]);
    expect(found.images[0]!.extra!['label_studio_results']).toEqual(
      expect.arrayContaining([expect.objectContaining({ type: 'keypointlabels' })]),
    );
  });

  const region = (id: string, value: object, type = 'rectanglelabels'): object => ({
    id,
    type,
    from_name: 'label',
    to_name: 'image',
    original_width: 200,
    original_height: 100,
    value,
  });
  const task = (data: object, annotations: object[]): string =>
    JSON.stringify([{ id: 1, data, annotations, predictions: [{ result: [] }] }]);
  const box = { x: 10, y: 20, width: 5, height: 10, rotation: 0, rectanglelabels: ['a'] };

  test.each([
    ['my%20photo.png', 'my photo.png'],
    ['/data/local-files/?d=folder/d%C3%A4.png', 'folder/dä.png'],
    ['http://host/x/e.png?sig=1', 'x/e.png'],
    ['/data/upload/18/0a1b2c3d-f.jpg', 'f.jpg'],
    ['s3://bucket/g.jpg', 'g.jpg'],
    ['100%.png', '100%.png'],
  ])('whose photo is %s means %s', async (address, fileName) => {
    const { images } = await read(labelStudio as AnyFormat, {
      'a.json': task({ image: address }, [{ result: [region('1', box)] }]),
    });
    expect(images.map((image) => image.fileName)).toEqual([fileName]);
  });

  test('turns a box about its first corner', async () => {
    const turned = { ...box, x: 50, y: 50, width: 10, height: 10, rotation: 90 };
    const { annotations, doubts } = await read(labelStudio as AnyFormat, {
      'a.json': task({ image: 'a.png' }, [{ result: [region('1', turned)] }]),
    });
    const { shape } = annotations[0]!;
    const corners = shape.kind === 'polygon' ? shape.parts[0]!.outer : [];
    expect(corners.map((value) => Math.round(value))).toEqual([100, 50, 100, 70, 90, 70, 90, 50]);
    expect(doubts).toEqual([expect.stringMatching(/rotated by 90 degrees/)]);
  });

  test('with several annotations gives the ground truth or the newest, and says so', async () => {
    const annotations = [
      { updated_at: '2026-02-01', result: [region('1', box)] },
      { updated_at: '2026-03-01', result: [region('2', { ...box, rectanglelabels: ['b'] })] },
    ];
    const file = { 'a.json': task({ image: 'a.png' }, annotations) };
    const newest = await read(labelStudio as AnyFormat, file);
    expect(newest.annotations.map(({ category }) => category)).toEqual(['b']);
    expect(newest.losses).toContainEqual(expect.stringMatching(/1 more annotations/));
    const all = await read(labelStudio as AnyFormat, file, { several: 'all' });
    expect(all.annotations.map(({ category }) => category)).toEqual(['a', 'b']);
    const truth = [{ ...annotations[0], ground_truth: true }, annotations[1]!];
    const best = await read(labelStudio as AnyFormat, { 'a.json': task({ image: 'a' }, truth) });
    expect(best.annotations.map(({ category }) => category)).toEqual(['a']);
    expect(best.images[0]!.state).toBe('done');
  });

  test('with an empty annotation says that nothing is there; a skipped one says nothing', async () => {
    const state = async (annotation: object) =>
      (await read(labelStudio as AnyFormat, { 'a.json': task({ image: 'a' }, [annotation]) }))
        .images[0]!.state;
    expect(await state({ result: [] })).toBe('reviewed-empty');
    expect(await state({ result: [], was_cancelled: true })).toBeUndefined();
  });

  test('of another kind is refused with what it holds', async () => {
    await expect(read(labelStudio as AnyFormat, { 'a.json': '{"a": 1}' })).rejects.toMatchObject({
      code: 'dataset-invalid',
      message: expect.stringMatching(/a list of tasks, but a\.json has {"a":1}/),
    });
  });
});

/** JSON that is nested without end. */
const endless = '['.repeat(50_000) + ']'.repeat(50_000);

describe('a file of Datumaro', () => {
  test('whose categories are nested without end says so', async () => {
    const { losses } = await read(datumaro as AnyFormat, {
      'annotations/a.json': `{"categories":${endless},"items":[]}`,
    });
    expect(losses).toEqual([
      expect.stringMatching(/^it cannot be read: it is nested 49999 levels/),
    ]);
  });

  test('of an old version comes in with what it says of whole images kept', async () => {
    const files = { 'annotations/train.json': fixture('datumaro-train.json') };
    const found = await read(datumaro as AnyFormat, files);
    expect(found.likeness).toBe('certain');
    expect(found.categories.map(({ name }) => name)).toEqual(['car', 'bicycle', 'tom', 'mary']);
    expect(found.images.map(({ fileName, split }) => [fileName, split])).toEqual([
      ['train/a.jpg', 'train'],
      ['train/b.jpg', 'train'],
    ]);
    const kinds = new Set(found.annotations.map(({ shape }) => shape.kind));
    expect([...kinds]).toEqual(['tag']);
    expect(found.losses).toEqual([
      expect.stringMatching(/whole dataset is left out: task, author/),
    ]);
  });
});

describe('a file of labelme', () => {
  const file = (shapes: object[], others: object = {}): Record<string, string> => ({
    'labels/a.json': JSON.stringify({
      version: '5.5.0',
      flags: {},
      shapes,
      imagePath: '..\\photos\\a.png',
      imageData: null,
      imageHeight: 20,
      imageWidth: 30,
      ...others,
    }),
  });
  const triangle = [
    [1, 1],
    [9, 1],
    [5, 8],
  ];

  test('names its photo from where it lies', async () => {
    const { images, likeness } = await read(labelme as AnyFormat, file([]));
    expect(likeness).toBe('certain');
    expect(images).toMatchObject([{ fileName: 'photos/a.png', size: { width: 30, height: 20 } }]);
  });

  test('has polygons of one label and group as one region, on demand as several', async () => {
    const shapes = [
      { label: 'a', points: triangle, shape_type: 'polygon', group_id: 3 },
      { label: 'b', points: triangle, shape_type: 'polygon', group_id: 3 },
      { label: 'a', points: triangle, shape_type: 'polygon', group_id: 3 },
      { label: 'a', points: triangle, shape_type: 'polygon', group_id: null },
    ];
    const one = await read(labelme as AnyFormat, file(shapes));
    expect(
      one.annotations.map(({ shape }) => shape.kind === 'polygon' && shape.parts.length),
    ).toEqual([2, 1, 1]);
    const each = await read(labelme as AnyFormat, file(shapes), { groups: 'each' });
    expect(each.annotations).toHaveLength(4);
  });

  test('has boxes from any two corners, circles as outlines, and lines', async () => {
    const { annotations, images, doubts } = await read(
      labelme as AnyFormat,
      file(
        [
          {
            label: 'a',
            points: [
              [9, 8],
              [1, 2],
            ],
            shape_type: 'rectangle',
            flags: { torn: true },
          },
          {
            label: 'a',
            points: [
              [10, 10],
              [10, 14],
            ],
            shape_type: 'circle',
          },
          {
            label: 'a',
            points: [
              [0, 0],
              [1, 1],
            ],
            shape_type: 'line',
          },
        ],
        { flags: { blurred: true }, lineColor: [0, 255, 0, 128] },
      ),
    );
    expect(annotations[0]).toMatchObject({
      shape: { kind: 'box', box: [1, 2, 8, 6] },
      attributes: { torn: true },
    });
    expect(annotations.map(({ shape }) => shape.kind)).toEqual(['box', 'polygon', 'polyline']);
    expect(images[0]!.extra).toMatchObject({
      flags: { blurred: true },
      lineColor: [0, 255, 0, 128],
    });
    expect(doubts).toEqual([expect.stringMatching(/outline of 64 corners/)]);
  });

  test.each([
    [{ points: [[1, 1]], shape_type: 'polygon' }, /needs 3 points or more, found 1/],
    [{ points: [[1, 'x']], shape_type: 'polygon' }, /its points must be/],
    [{ points: triangle, shape_type: 'star' }, /its type "star" is unknown/],
    [
      {
        points: [
          [1, 1],
          [2, 2],
        ],
        shape_type: 'mask',
        mask: 'x',
      },
      /its mask must be a PNG/,
    ],
    [
      {
        points: [
          [1, 1],
          [2, 2],
        ],
        shape_type: 'mask',
        mask: 'QUJD',
      },
      /it is not a PNG/,
    ],
  ])('with a bad shape %j loses that one alone', async (shape, reason) => {
    const sound = { label: 'a', points: triangle, shape_type: 'polygon' };
    const { annotations, losses } = await read(
      labelme as AnyFormat,
      file([{ label: 'a', ...shape }, sound]),
    );
    expect(annotations).toHaveLength(1);
    expect(losses).toEqual([expect.stringMatching(reason)]);
  });

  test('that is no JSON does not stop the others', async () => {
    const { images, losses } = await read(labelme as AnyFormat, { ...file([]), 'b.json': '{"sha' });
    expect(images).toHaveLength(1);
    expect(losses).toEqual([expect.stringMatching(/^it cannot be read: /)]);
  });

  test('that is nested without end does not stop the others', async () => {
    for (const shapes of [`[${endless}]`, `{"a":${endless}}`]) {
      const { images, losses } = await read(labelme as AnyFormat, {
        ...file([]),
        'b.json': `{"imagePath":"b.jpg","shapes":${shapes}}`,
      });
      expect(images).toHaveLength(1);
      expect(losses).toEqual(['it cannot be read: it is nested more than 100 levels deep']);
    }
  });
});

describe.skipIf(!hasInterop)('datasets of other tools', () => {
  test('panoptic files of COCO have all pixels of each segment', async () => {
    const found = await read(cocoPanoptic as AnyFormat, filesIn('panoptic'), {});
    expect(found.likeness).toBe('certain');
    const { annotations: rows } = JSON.parse(
      readFileSync(join(interop, 'panoptic/panoptic_examples.json'), 'utf8'),
    ) as { annotations: { segments_info: { area: number; bbox: number[] }[] }[] };
    const segments = rows.flatMap(({ segments_info: each }) => each);
    const areas = found.annotations.map(({ shape }) => shape.kind === 'mask' && rleArea(shape.rle));
    expect(areas).toEqual(segments.map(({ area }) => area));
    expect(found.losses).toEqual([]);
  });

  test('panoptic files of Datumaro come in', async () => {
    const found = await read(
      cocoPanoptic as AnyFormat,
      filesIn('datumaro/coco_dataset/coco_panoptic'),
    );
    expect(found.images.map(({ fileName, split }) => [fileName, split])).toEqual([
      ['a.jpg', 'train'],
      ['b.jpg', 'validation'],
    ]);
    expect(found.annotations.length).toBeGreaterThan(1);
  });

  test('keypoints come in with their regions', async () => {
    const folder = 'datumaro/coco_dataset/coco_person_keypoints';
    const found = await read(cocoKeypoints as AnyFormat, filesIn(folder));
    expect(found.likeness).toBe('certain');
    const labelled = found.annotations.map(({ keypoints }) => keypoints?.filter(isLabelled).length);
    expect(labelled).toContain(3);
    expect(found.annotations.some(({ crowd }) => crowd)).toBe(true);
    expect(found.losses).toEqual([]);
  });

  test('captions come in as texts of their images', async () => {
    const folder = 'datumaro/coco_dataset/coco_captions';
    const found = await read(cocoCaptions as AnyFormat, filesIn(folder));
    expect(found.likeness).toBe('certain');
    expect(found.images.flatMap(({ texts }) => texts ?? [])).toContainEqual({
      kind: 'description',
      text: 'world',
    });
    expect(found.losses).toEqual([]);
  });

  test('results of COCO come in by the images of the file beside them', async () => {
    const files = filesIn('coco-ap');
    const truth = files['instances_val2014_100.json']!;
    for (const name of ['fakesegm100', 'fakebbox100']) {
      const path = `instances_val2014_${name}_results.json`;
      const found = await read(cocoResults as AnyFormat, {
        [path]: files[path]!,
        'truth.json': truth,
      });
      const rows = JSON.parse(new TextDecoder().decode(files[path]!)) as object[];
      expect(found.likeness).toBe('certain');
      expect(found.annotations).toHaveLength(rows.length);
      expect(found.losses).toEqual([]);
      expect(found.annotations.every(({ category }) => category !== null)).toBe(true);
    }
  });

  test('files of one tool are not taken for those of another', async () => {
    const folders: Readonly<Record<string, readonly string[]>> = {
      'datumaro/coco_dataset/coco_instances': [],
      'datumaro/coco_dataset/coco_captions': ['coco-captions'],
      'datumaro/coco_dataset/coco_panoptic': ['coco-panoptic'],
      'datumaro/coco_dataset/coco_person_keypoints': ['coco-keypoints'],
      'datumaro/cvat_dataset/for_images/export_project': ['cvat'],
      'datumaro/datumaro_dataset/legacy': ['datumaro'],
      'datumaro/labelme_dataset': [],
      'datumaro/voc_dataset/voc_dataset1': [],
      'label-studio/test_export_yolo': ['label-studio'],
      'label-studio/test_import_coco': [],
      'coco-ap': ['coco-results'],
      panoptic: ['coco-panoptic'],
    };
    const formats = [
      ...[labelme, cvat, labelStudio, datumaro],
      ...[cocoCaptions, cocoKeypoints, cocoPanoptic, cocoResults],
    ] as AnyFormat[];
    for (const [folder, ids] of Object.entries(folders)) {
      const files = memoryFiles('dataset', filesIn(folder));
      const certain: string[] = [];
      for (const format of formats) {
        if ((await format.detect(files)) === 'certain') certain.push(format.id);
      }
      expect([folder, certain]).toEqual([folder, ids]);
    }
  });
});
