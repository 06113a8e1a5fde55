import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CocoProfile } from '../../../core/formats/coco/profiles.ts';
import type { DatasetFormat } from '../../../core/formats/format.ts';
import { openImagesFormat } from '../../../core/formats/open-images/format.ts';
import { vocFormat } from '../../../core/formats/voc/format.ts';
import { yoloFormat } from '../../../core/formats/yolo/format.ts';
import { rasterizeParts } from '../../../core/geometry/raster.ts';
import { encodeRle } from '../../../core/geometry/rle.ts';
import type { Part, Ring } from '../../../core/geometry/shapes.ts';
import type { Geometry, ImageRecord } from '../../../core/records.ts';
import {
  exportText,
  makeAnnotation,
  makeCategory,
  makeImage,
  makeSource,
} from '../../unit/core/datasets.ts';
import { writeDataset, type Drawn } from '../../unit/core/formats/row-source.ts';

// Readings of exported datasets by other tools. The readings are stored, so that a change is
// detected without the tools, and a new version of a tool is detected with it.

const script = fileURLToPath(new URL('../../fixtures/formats/read_dataset.py', import.meta.url));
const readings = fileURLToPath(new URL('../../fixtures/formats/readings', import.meta.url));
const python = process.env['PIXELSAIL_READERS'] ?? process.env['PIXELSAIL_PYTHON'] ?? 'python3';

const root = mkdtempSync(join(tmpdir(), 'pixel-sail-formats-'));
afterAll(() => rmSync(root, { recursive: true }));

/** A dataset of every kind of region. */
function drawn(): Drawn {
  const images = [
    makeImage('a', 64, 48, { split: 'train' }),
    makeImage('b', 80, 60, { split: 'train' }),
    makeImage('c', 50, 40, { split: 'validation' }),
    makeImage('d', 40, 40, { split: 'validation', state: 'reviewed-empty' }),
  ];
  const [a, b, c] = images as [ImageRecord, ImageRecord, ImageRecord];
  const square = (left: number, top: number, side: number): Ring => [
    ...[left, top, left + side, top, left + side, top + side, left, top + side],
  ];
  const mask = (image: ImageRecord, ...parts: Part[]): Geometry => ({
    kind: 'mask',
    rle: encodeRle(rasterizeParts(parts, image.width, image.height)),
  });
  const ring = { outer: square(5, 5, 30), holes: [square(15, 15, 10)] };
  const pair = [square(2, 2, 10), square(30, 30, 8)].map((outer) => ({ outer, holes: [] }));
  const triangle: Part = { outer: [10.5, 10.25, 60.2, 20.7, 30.1, 50.4], holes: [] };
  const geometries: readonly [ImageRecord, Geometry][] = [
    [a, mask(a, ring)],
    [a, { kind: 'box', box: [40, 5, 20, 30] }],
    [b, mask(b, ...pair)],
    [b, { kind: 'polygon', parts: [triangle] }],
    [c, { kind: 'polygon', parts: [{ outer: [20, 5, 35, 20, 20, 35, 5, 20], holes: [] }] }],
  ];
  const categories = [makeCategory('cat'), makeCategory('red light'), makeCategory('类')];
  return {
    images,
    categories,
    annotations: geometries.map(([image, geometry], index) =>
      makeAnnotation(String(index), image, geometry, {
        categoryId: categories[index % 3]!.id,
        zOrder: index,
      }),
    ),
  };
}

async function writeToDisk<Write>(
  format: DatasetFormat<never, Write> | DatasetFormat<unknown, Write>,
  folder: string,
  options: Partial<Write>,
): Promise<void> {
  const dataset = drawn();
  const { files } = await writeDataset(format as DatasetFormat<unknown, Write>, dataset, options);
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    const image = dataset.images.find(({ id }) => id === content);
    if (!image || !path.endsWith('.jpg')) writeFileSync(target, content);
    else {
      const { width, height } = image;
      await sharp({ create: { width, height, channels: 3, background: '#808080' } }).toFile(target);
    }
  }
}

/** COCO files as CocoDetection wants them: the photos in a folder of their own. */
async function writeCoco(folder: string, profile: CocoProfile): Promise<void> {
  const { images, categories, annotations } = drawn();
  const { text } = exportText(makeSource(images, categories, annotations), { profile });
  mkdirSync(join(folder, 'images'), { recursive: true });
  writeFileSync(join(folder, 'instances.json'), text);
  for (const { path, width, height } of images) {
    const photo = sharp({ create: { width, height, channels: 3, background: '#808080' } });
    await photo.toFile(join(folder, 'images', path));
  }
}

type Reading = { readonly reading: unknown } | { readonly missing: string };

/** Which reader gets what. */
const datasets: readonly (readonly [reader: string, write: (folder: string) => Promise<void>])[] = [
  ...(['segment', 'detect', 'obb'] as const).map(
    (task) =>
      [
        `ultralytics-${task}`,
        (folder: string) => writeToDisk(yoloFormat, folder, { task, photos: true }),
      ] as const,
  ),
  ['supervision-yolo', (folder) => writeToDisk(yoloFormat, folder, { photos: true })],
  ['supervision-voc', (folder) => writeToDisk(vocFormat, folder, { photos: true })],
  ['torchvision-voc', (folder) => writeToDisk(vocFormat, folder, { photos: true })],
  ['datumaro-voc', (folder) => writeToDisk(vocFormat, folder, { photos: true })],
  ['torchvision-coco-training', (folder) => writeCoco(folder, 'training')],
  ['torchvision-coco-evaluation', (folder) => writeCoco(folder, 'evaluation')],
  // Its masks are made of polygons alone.
  ['transformers-detr', (folder) => writeCoco(folder, 'training')],
  ['datumaro-open-images', (folder) => writeToDisk(openImagesFormat, folder, { photos: true })],
];

/** Outputs of the readers, all started at once because each start takes seconds. */
let given: Readonly<Record<string, Reading>> = {};

beforeAll(async () => {
  const questions: string[] = [];
  for (const [reader, write] of datasets) {
    // torchvision wants these names.
    const folder = join(root, reader, 'VOCdevkit/VOC2012');
    await write(folder);
    questions.push(`${reader}=${folder}`);
  }
  try {
    const output = execFileSync(python, [script, ...questions], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    given = JSON.parse(output) as typeof given;
  } catch (thrown) {
    const { message } = thrown as Error;
    const hasNumpy = !message.includes('ModuleNotFoundError') && !message.includes('ENOENT');
    if (hasNumpy) throw thrown;
    given = Object.fromEntries(datasets.map(([reader]) => [reader, { missing: message }]));
  }
}, 300_000);

/** The output of a reader; null with a note if the reader is absent. */
function readingOf<Answer>(reader: string): Answer | null {
  const reading = given[reader]!;
  if ('reading' in reading) return reading.reading as Answer;
  const why = reading.missing.split('\n').at(0)!;
  console.log(`skipped ${reader}: ${why}; PIXELSAIL_READERS can name a Python that has it`);
  return null;
}

test.each(datasets)('%s reads what it read before', async (reader) => {
  const reading = readingOf(reader);
  if (reading === null) return;
  const text = `${JSON.stringify(reading, null, 1)}\n`;
  await expect(text).toMatchFileSnapshot(join(readings, `${reader}.json`));
});

test.each(['segment', 'detect', 'obb'])('ultralytics leaves out no label of %s', (task) => {
  const reading = readingOf<{ images: Record<string, { classes: string[] }> }>(
    `ultralytics-${task}`,
  );
  if (reading === null) return;
  expect(Object.values(reading.images).map(({ classes }) => classes)).toEqual([
    ['cat', 'red light'],
    ['类', 'cat'],
    ['red light'],
    [],
  ]);
});

test.each(['torchvision-coco-training', 'torchvision-coco-evaluation', 'transformers-detr'])(
  '%s finds each object of a COCO file with its pixels',
  (reader) => {
    type Found = Record<string, { classes: string[]; areas: number[] }>;
    const reading = readingOf<{ images: Found }>(reader);
    if (reading === null) return;
    const found = Object.values(reading.images);
    expect(found.map(({ classes }) => classes)).toEqual([
      ['cat', 'red light'],
      ['类', 'cat'],
      ['red light'],
      [],
    ]);
    // A ring with its hole and a box; two squares as one object and a triangle; a rhombus.
    expect(found.map(({ areas }) => areas)).toEqual([[800, 600], [164, 883], [450], []]);
  },
);

test.each(['datumaro-voc', 'datumaro-open-images'])(
  '%s finds each mask with its pixels',
  (reader) => {
    const reading = readingOf<{ images: Record<string, { type: string; area?: number }[]> }>(
      reader,
    );
    if (reading === null) return;
    const areas = Object.values(reading.images).map((rows) =>
      rows.flatMap(({ area }) => area ?? []).sort((a, b) => a - b),
    );
    // In the order of the images: a ring, two squares that a triangle covers in part for VOC, a
    // rhombus.
    expect(areas).toEqual([[800], reader === 'datumaro-voc' ? [98, 883] : [164, 883], [450], []]);
  },
);
