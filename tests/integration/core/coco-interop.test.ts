import { existsSync, readFileSync, createReadStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { squashDiffs } from '../../../core/diff.ts';
import { CocoImporter, type CocoImportReport } from '../../../core/formats/coco/import.ts';
import { ExistingAnnotations } from '../../../core/formats/existing-annotations.ts';
import { readJsonRows } from '../../../core/formats/json-stream.ts';
import { geometryRle } from '../../../core/geometry/region.ts';
import type { Annotation, ImageRecord, ProjectRecord } from '../../../core/records.ts';
import { makeImage } from '../../unit/core/datasets.ts';
import { hasPycocotools, readWithPycocotools } from './pycocotools.ts';

const interop = fileURLToPath(new URL('../../../../shared/fixtures/interop', import.meta.url));
const isPresent = existsSync(interop);
if (!isPresent) console.log('skipped: the interop fixtures beside the checkout are absent');

interface Imported {
  records: ProjectRecord[];
  images: Map<string, ImageRecord>;
  report: CocoImportReport;
}

/** Imports a file into a project that has all its images. */
async function importFile(file: string): Promise<Imported> {
  const { images: rows } = JSON.parse(readFileSync(file, 'utf8')) as {
    images: { file_name: string; width: number; height: number }[];
  };
  const images = new Map(
    rows.map((row) => [
      row.file_name,
      makeImage(row.file_name, row.width, row.height, { path: row.file_name }),
    ]),
  );
  const importer = new CocoImporter({
    file,
    findImage: (fileName) => images.get(fileName) ?? null,
    categories: [],
    existing: new ExistingAnnotations(
      'merge',
      () => [],
      () => [],
    ),
    nowMs: 0,
  });
  const records: ProjectRecord[] = [];
  const chunks = createReadStream(file, {
    encoding: 'utf8',
    highWaterMark: 1000,
  }) as AsyncIterable<string>;
  for await (const row of readJsonRows(chunks)) records.push(...importer.read(row));
  const { rest, report } = importer.finish();
  const diff = [...rest].reduce(squashDiffs);
  for (const [, to] of Object.values(diff.updated))
    images.set((to as ImageRecord).path, to as ImageRecord);
  return { records: [...records, ...Object.values(diff.added)], images, report };
}

function annotationsIn(records: readonly ProjectRecord[]): Annotation[] {
  return records.filter((record) => record.kind === 'annotation');
}

describe.skipIf(!isPresent)('files of other tools', () => {
  const cocoAp = join(interop, 'coco-ap/instances_val2014_100.json');

  test('100 photos of COCO come in without loss', async () => {
    const { records, report } = await importFile(cocoAp);
    expect(report).toMatchObject({ images: 100, annotations: 839, dropped: [] });
    // Omissions are reported: the names of the photos' licences.
    expect(report.warnings).toEqual([]);
    const annotations = annotationsIn(records);
    expect(annotations.filter(({ crowd }) => crowd)).toHaveLength(9);
    expect(annotations.filter(({ geometry }) => geometry.kind === 'mask')).toHaveLength(9);
  });

  test.skipIf(!isPresent || !hasPycocotools())(
    'with the pixels that pycocotools sees',
    async () => {
      const { records, images } = await importFile(cocoAp);
      const { masks } = readWithPycocotools(cocoAp, false);
      const ours = annotationsIn(records).map(({ geometry, imageId }) => {
        const { width, height } = images.get(imageId)!;
        return geometryRle(geometry, width, height);
      });
      const { annotations } = JSON.parse(readFileSync(cocoAp, 'utf8')) as {
        annotations: { id: number }[];
      };
      expect(ours).toEqual(annotations.map(({ id }) => masks[id]));
    },
  );

  test.each([
    ['coco', 'instances', 2, []],
    ['coco', 'captions', 2, []],
    ['coco', 'person_keypoints', 2, []],
    ['coco', 'image_info', 0, []],
    ['coco', 'stuff', 1, []],
    ['mmdet_coco', 'instances', 2, []],
    [
      'coco',
      'labels',
      0,
      [
        'it has neither a segmentation, nor a bbox, nor a caption',
        'it has neither a segmentation, nor a bbox, nor a caption',
      ],
    ],
    ['coco', 'panoptic', 0, ['it has neither a segmentation, nor a bbox, nor a caption']],
  ])('Datumaro: %s/%s', async (layout, kind, annotations, dropped) => {
    const file = join(interop, 'datumaro/coco_dataset', layout, 'annotations', `${kind}_val.json`);
    const { report } = await importFile(file);
    expect(report.annotations).toBe(annotations);
    expect(report.dropped.map(({ reason }) => reason)).toEqual(dropped);
  });

  test('Datumaro: captions become texts of the image', async () => {
    const file = join(
      interop,
      'datumaro/coco_dataset/coco_captions/annotations/captions_train.json',
    );
    const { records } = await importFile(file);
    expect(records).toMatchObject([
      { kind: 'item', task: 'description', segments: [], content: { text: 'hello' } },
    ]);
  });

  test('panoptic segments in detection form', async () => {
    const { report } = await importFile(
      join(interop, 'panoptic/panoptic_coco_detection_format.json'),
    );
    expect(report.dropped).toEqual([]);
    expect(report.annotations).toBeGreaterThan(0);
  });

  test('Label Studio: what it cannot import itself', async () => {
    const { report } = await importFile(
      join(interop, 'label-studio/test_import_coco/coco_import_input.json'),
    );
    expect(report.dropped).toEqual([]);
    expect(report.annotations).toBeGreaterThan(0);
  });

  test('boxes of a hundred photos in the two forms they come in', async () => {
    const gts = join(interop, 'hundred-photos/gts');
    const boxes = await importFile(join(gts, 'coco_format_v1/instances_default.json'));
    const rectangles = await importFile(join(gts, 'coco_format_v2/instances_v2.json'));
    expect(boxes.report).toMatchObject({
      images: 100,
      annotations: 273,
      dropped: [],
      warnings: [],
    });
    expect(rectangles.report).toMatchObject({
      images: 100,
      annotations: 273,
      dropped: [],
      warnings: [],
    });
    const sorted = ({ records }: Imported): number[] =>
      annotationsIn(records)
        .map(({ area }) => area)
        .sort((a, b) => a - b);
    expect(sorted(rectangles)).toEqual(sorted(boxes));
  });
});
