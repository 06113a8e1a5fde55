import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode } from 'fast-png';
import { afterAll, describe, expect, test } from 'vitest';
import { cocoCaptions } from '../../../core/formats/coco-captions/format.ts';
import { cocoKeypoints } from '../../../core/formats/coco-keypoints/format.ts';
import { cocoPanoptic } from '../../../core/formats/coco-panoptic/format.ts';
import { cocoResults } from '../../../core/formats/coco-results/format.ts';
import { cvat } from '../../../core/formats/cvat/format.ts';
import type { DatasetSource, RowShape } from '../../../core/formats/dataset-row.ts';
import { datumaro } from '../../../core/formats/datumaro/format.ts';
import type { DatasetFormat } from '../../../core/formats/format.ts';
import { labelStudio } from '../../../core/formats/label-studio/format.ts';
import { labelme } from '../../../core/formats/labelme/format.ts';
import type { Category } from '../../../core/records.ts';
import { datasetSource, maskOfPixels, type AnnotationSpec } from '../../support/dataset-source.ts';
import { memoryOutput } from '../../support/memory-dataset.ts';

/**
 * Exports as the programs that they are for read them. The readings are kept in
 * tests/fixtures/formats/readings; where a reader is not installed, what it read when they were
 * made is compared with what we say that it must find.
 */

const python = process.env['PIXELSAIL_READERS'] ?? process.env['PIXELSAIL_PYTHON'] ?? 'python3';
const script = fileURLToPath(new URL('../../fixtures/formats/read_formats.py', import.meta.url));
const readings = fileURLToPath(new URL('../../fixtures/formats/readings', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'pixel-sail-formats-'));
afterAll(() => rmSync(folder, { recursive: true }));

function canImport(module: string): boolean {
  try {
    execFileSync(python, ['-c', `import ${module}`], { stdio: 'ignore' });
    return true;
  } catch {
    console.log(
      `skipped: ${python} cannot import ${module}, so its kept readings are taken; ` +
        'PIXELSAIL_READERS can name a Python that can',
    );
    return false;
  }
}

const [width, height] = [60, 40];
const square = (x: number, y: number, side: number): number[] => [
  ...[x, y, x + side, y],
  ...[x + side, y + side, x, y + side],
];
const disc = Array.from({ length: width * height }, (_, index) => {
  const [x, y] = [(index % width) - 40, Math.floor(index / width) - 25];
  return x * x + y * y < 90 && (x + y) % 5 !== 0 ? 1 : 0;
});

const polygon = (
  ...parts: { outer: number[]; holes: number[][] }[]
): AnnotationSpec['geometry'] => ({
  kind: 'polygon',
  parts,
});

const regions: readonly AnnotationSpec[] = [
  {
    geometry: { kind: 'box', box: [1.5, 2, 10.25, 8] },
    category: 0,
    attributes: { occluded: true, colour: 'light "red" & <blue>', count: 3 },
    texts: [{ kind: 'description', text: '一个 "red" <box>' }],
  },
  { geometry: polygon({ outer: [20, 1, 30.5, 1, 25, 9.75], holes: [] }), category: 1 },
  {
    geometry: polygon(
      { outer: square(1, 20, 6), holes: [] },
      { outer: square(10, 20, 5), holes: [] },
    ),
    category: 1,
  },
  {
    geometry: polygon({ outer: square(1, 28, 10), holes: [square(4, 31, 4)] }),
    category: 2,
    crowd: true,
  },
  { geometry: { kind: 'mask', rle: maskOfPixels(width, height, disc as (0 | 1)[]) }, category: 2 },
];

const texts = [{ kind: 'description' as const, text: 'a photo with "words"' }];
const sourceWith = (skeleton: object, keypoints: object): DatasetSource =>
  datasetSource(
    [
      { name: 'animal', extra: skeleton as Category['extra'] },
      { name: 'cat', parent: 0 },
      { name: '安全帽', color: '#ff8000' },
    ],
    [
      { fileName: 'a.png', width, height, annotations: regions, split: 'train', texts },
      {
        fileName: 'in folder/b.png',
        width,
        height,
        split: 'train',
        annotations: [
          {
            geometry: { kind: 'box', box: [3, 4, 20, 10] },
            category: 0,
            extra: keypoints as Category['extra'],
          },
        ],
        texts,
      },
      {
        fileName: 'empty.png',
        width,
        height,
        annotations: [],
        split: 'train',
        state: 'reviewed-empty',
      },
    ],
  );
/** Without keypoints, for readers that take a skeleton for another kind of region. */
const source = sourceWith({}, {});
const withKeypoints = sourceWith(
  { keypoints: ['nose', 'tail'], skeleton: [[1, 2]] },
  { keypoints: [4, 5, 2, 9, 9, 1], num_keypoints: 2 },
);

interface Region {
  readonly label?: string;
  readonly box?: readonly number[];
  readonly points?: readonly number[];
  readonly rle?: string;
}

/** The export in a folder, with photos where the format has them. */
async function exported(
  format: DatasetFormat<never, never>,
  name: string,
  choices: object = {},
): Promise<string> {
  const output = memoryOutput();
  const options = format.writeOptions!.parse(choices) as never;
  const isOfKeypoints = format.id === 'coco-keypoints';
  await format.writer!.write(isOfKeypoints ? withKeypoints : source, options, output, () => {});
  const photo = encode({ width, height, data: new Uint8Array(width * height * 3), channels: 3 });
  const target = join(folder, name);
  for (const [path, content] of output.files) {
    const isPhoto = typeof content === 'string' && content.startsWith('image-');
    mkdirSync(dirname(join(target, path)), { recursive: true });
    writeFileSync(join(target, path), isPhoto ? photo : content);
  }
  return target;
}

async function readingOf(reader: string, module: string, target: string): Promise<unknown> {
  const kept = join(readings, `${reader}.json`);
  if (!canImport(module)) return JSON.parse(readFileSync(kept, 'utf8')) as unknown;
  const output = execFileSync(python, [script, reader, target], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const reading = JSON.parse(output) as unknown;
  await expect(`${JSON.stringify(reading, null, 1)}\n`).toMatchFileSnapshot(kept);
  return reading;
}

/** The expected polygons of an image, part by part. */
function expectedOf(
  format: DatasetFormat<never, never>,
  data: DatasetSource,
  index: number,
): Region[] {
  const image = [...data.images()][index]!;
  return image.annotations().flatMap((annotation): Region[] => {
    const options = format.writeOptions!.parse({}) as never;
    const shape = format.writer!.expected(annotation, image, options);
    const label = annotation.category!.category.name;
    return shape === null ? [] : regionsOf(shape).map((region) => ({ label, ...region }));
  });
}

function regionsOf(shape: RowShape): Region[] {
  switch (shape.kind) {
    case 'box':
      return [{ box: shape.box }];
    case 'mask':
      return [{ rle: shape.rle.counts }];
    case 'polygon':
      return shape.parts.map(({ outer }) => ({ points: outer }));
    case 'polyline':
      return [{ points: shape.points }];
    case 'tag':
      return [];
  }
}

/** Readers round coordinates to two digits, and some list boxes and masks apart. */
function comparable(found: readonly Region[]): string[] {
  const rounded = (values: readonly number[] | undefined): number[] | undefined =>
    values?.map((value) => Math.round(value * 100) / 100 + 0);
  return found
    .map(({ label, box, points, rle }) =>
      JSON.stringify({ label, box: rounded(box), points: rounded(points), rle }),
    )
    .sort();
}

const plain: readonly [
  reader: string,
  module: string,
  format: DatasetFormat<never, never>,
  keys: readonly string[],
  /** Readers that look for the photos find them. */
  choices?: object,
][] = [
  ['labelme', 'labelme._label_file', labelme as never, ['a.png', 'in folder/b.png', 'empty.png']],
  ['datumaro', 'datumaro', datumaro as never, ['a', 'in folder/b', 'empty']],
  ['cvat', 'datumaro', cvat as never, ['a', 'in folder/b', 'empty'], { photos: true }],
  [
    'label-studio',
    'label_studio_sdk.converter',
    labelStudio as never,
    ['a.png', 'in%20folder/b.png', 'empty.png'].map((name) => `/data/local-files/?d=${name}`),
  ],
];

describe.each(
  plain.map(([reader, module, format, keys, choices]) => ({
    ...{ reader, module, format, keys, choices },
  })),
)('what $reader reads of an export', ({ reader, module, format, keys, choices }) => {
  test('is what was written', { timeout: 120_000 }, async () => {
    const reading = (await readingOf(
      reader,
      module,
      await exported(format, reader, choices),
    )) as Record<string, Region[]>;
    expect(Object.keys(reading).sort()).toEqual([...keys].sort());
    keys.forEach((key, index) => {
      const isRegion = ({ box, points, rle }: Region) => Boolean(box ?? points ?? rle);
      const found = reading[key]!.filter(isRegion);
      expect(comparable(found)).toEqual(comparable(expectedOf(format, source, index)));
    });
  });
});

describe('what else reads exports', () => {
  test('the SDK of CVAT finds its masks', async () => {
    const reading = (await readingOf(
      'cvat-sdk',
      'cvat_sdk.masks',
      await exported(cvat as never, 'cvat-sdk'),
    )) as Record<string, Region[]>;
    const masks = expectedOf(cvat as never, source, 0).filter(({ rle }) => rle !== undefined);
    expect(masks).toHaveLength(3);
    expect(comparable(reading['a.png']!)).toEqual(comparable(masks));
  });

  test('panopticapi finds pictures and rows that agree', async () => {
    const target = await exported(cocoPanoptic as never, 'coco-panoptic');
    expect(await readingOf('coco-panoptic', 'panopticapi.evaluation', target)).toEqual({
      pq: 1,
      segments: 6,
    });
  });

  test('Datumaro finds the segments of a panoptic file', async () => {
    const target = await exported(cocoPanoptic as never, 'coco-panoptic-datumaro', {
      photos: true,
    });
    const reading = (await readingOf('coco-panoptic-datumaro', 'datumaro', target)) as Record<
      string,
      Region[]
    >;
    const expected = expectedOf(cocoPanoptic as never, source, 0);
    expect(comparable(reading['a']!)).toEqual(comparable(expected));
  });

  test('Datumaro finds captions', async () => {
    const output = memoryOutput();
    await cocoCaptions.writer!.write(source, {}, output, () => {});
    const target = join(folder, 'coco-captions/annotations');
    mkdirSync(target, { recursive: true });
    mkdirSync(join(dirname(target), 'images/train'), { recursive: true });
    writeFileSync(join(target, 'captions_train.json'), output.files.get('captions.json')!);
    const reading = (await readingOf('coco-captions', 'datumaro', dirname(target))) as Record<
      string,
      object[]
    >;
    expect(reading['a']).toEqual([{ caption: 'a photo with "words"' }]);
  });

  test('pycocotools loads results and matches them', async () => {
    const reading = (await readingOf(
      'coco-results',
      'pycocotools.coco',
      await exported(cocoResults as never, 'coco-results'),
    )) as { precision: number; images: Record<string, Region[]> };
    expect(reading.precision).toBeCloseTo(1);
    const expected = expectedOf(cocoResults as never, source, 0);
    expect(comparable(reading.images['a.png']!)).toEqual(comparable(expected));
  });

  test('pycocotools matches keypoints', async () => {
    const target = await exported(cocoKeypoints as never, 'coco-keypoints');
    const reading = await readingOf('coco-keypoints', 'pycocotools.coco', target);
    expect(reading).toEqual({ rows: 2, precision: expect.closeTo(1) });
  });
});
