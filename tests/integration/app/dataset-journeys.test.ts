import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compareSides } from '../../../app/features/dataset/compare-datasets.ts';
import { datasetSide, projectSide } from '../../../app/features/dataset/compared-side.ts';
import { exportDataset } from '../../../app/features/dataset/dataset-export.ts';
import { importDataset } from '../../../app/features/dataset/dataset-import.ts';
import { openDataset } from '../../../app/files/dataset-on-disk.ts';
import { replacements } from '../../../core/diff.ts';
import { formatById, parseOptions } from '../../../core/formats/registry.ts';
import { readShape } from '../../../core/formats/row-shape.ts';
import type { Annotation, ImageRecord } from '../../../core/records.ts';
import { createProjectDatabase, type ProjectDatabase } from '../../../db/project-database.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';

// Labels that other tools wrote come in, are corrected, and leave in the format of each of the
// others. Photos are drawn in the sizes that the files give.

const fixtures = fileURLToPath(new URL('../../fixtures/formats', import.meta.url));
const context = () => ({
  jobId: crypto.randomUUID(),
  signal: new AbortController().signal,
  progress: () => undefined,
});

interface Journey {
  readonly format: string;
  /** The path given to the import, relative to the folder. */
  readonly given: string;
  readonly files: Readonly<Record<string, string | { readonly fixture: string }>>;
}

const yoloSize = { width: 64, height: 48 };

const journeys: Readonly<Record<string, Journey>> = {
  CVAT: {
    format: 'cvat',
    given: 'annotations.xml',
    files: { 'annotations.xml': { fixture: 'cvat-task.xml' } },
  },
  'Label Studio': {
    format: 'label-studio',
    given: 'export.json',
    files: { 'export.json': { fixture: 'label-studio.json' } },
  },
  labelme: {
    format: 'labelme',
    given: '',
    files: {
      'a.json': JSON.stringify({
        version: '5.5.0',
        flags: {},
        shapes: [
          labelmeShape('cup', 'rectangle', [
            [4, 5],
            [30, 25],
          ]),
          labelmeShape('hat', 'polygon', [
            [34, 20],
            [60, 22],
            [50, 44],
          ]),
        ],
        imagePath: 'a.png',
        imageData: null,
        imageHeight: 48,
        imageWidth: 64,
      }),
    },
  },
  'Roboflow-COCO': {
    format: 'coco',
    given: '_annotations.coco.json',
    files: { '_annotations.coco.json': { fixture: 'roboflow.coco.json' } },
  },
  ultralytics: {
    format: 'yolo',
    given: '',
    files: {
      'data.yaml': 'path: .\ntrain: images/train\nval: images/val\nnames:\n  0: cup\n  1: hat\n',
      'labels/train/a.txt': '0 0.1 0.1 0.5 0.1 0.5 0.5 0.1 0.5\n1 0.6 0.6 0.9 0.6 0.75 0.95\n',
      'labels/val/b.txt': '1 0.25 0.25 0.75 0.25 0.75 0.75 0.25 0.75\n',
      'images/train/a.png': '',
      'images/val/b.png': '',
    },
  },
};

function labelmeShape(label: string, shape_type: string, points: number[][]) {
  return { label, points, group_id: null, description: '', shape_type, flags: {}, mask: null };
}

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
let database: ProjectDatabase;

beforeEach(async () => {
  folders = await makeApplicationFolders();
  database = createProjectDatabase(join(folders.folder, 'p.pixelsail'), 'p');
});

afterEach(async () => {
  expect(database.check()).toEqual([]);
  database.close();
  await folders.remove();
});

async function draw(path: string, size: { width: number; height: number }): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const picture = sharp({ create: { ...size, channels: 3, background: '#4477aa' } });
  await picture.toFile(path);
}

/** Writes the files of a journey, and a photo for each image that they name. */
async function prepare({ format: id, given, files }: Journey): Promise<string> {
  const folder = join(folders.folder, 'given');
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    if (typeof content !== 'string') await cp(join(fixtures, content.fixture), join(folder, path));
    else if (path.endsWith('.png')) await draw(join(folder, path), yoloSize);
    else await writeFile(join(folder, path), content);
  }
  const format = formatById(id);
  const source = await openDataset(join(folder, given));
  const options = parseOptions(format, format.readOptions, {});
  for await (const row of format.reader!.read(source, options)) {
    if (row.kind !== 'image' || !row.size) continue;
    const name = row.fileName.replace(/^.*[/\\?=]/, '');
    await draw(join(folder, name), row.size);
  }
  return join(folder, given);
}

/** Moves the first region by a pixel, and gives the last one the category of another. */
function correct(): void {
  const images = Array.from(database.exportImages(), ({ image }) => image);
  const all = images.flatMap((image) =>
    database.annotations(image.id).map((each) => [image, each] as const),
  );
  const [image, first] = all[0]!;
  const [, last] = all.at(-1)!;
  const other = database.categories().find(({ id }) => id !== last.categoryId)!;
  const relabelled = { ...last, categoryId: other.id };
  const base = first.id === last.id ? relabelled : first;
  const moved = movedByOne(base, image);
  const pairs =
    first.id === last.id
      ? ([[first, moved]] as const)
      : ([
          [first, moved],
          [last, relabelled],
        ] as const);
  database.apply('Correct', replacements(pairs));
}

function movedByOne(annotation: Annotation, image: ImageRecord): Annotation {
  const { geometry } = annotation;
  if (geometry.kind !== 'box' && geometry.kind !== 'polygon') return annotation;
  const step = annotation.bbox[0] + annotation.bbox[2] + 1 <= image.width ? 1 : -1;
  const shape =
    geometry.kind === 'box'
      ? {
          kind: 'box' as const,
          box: geometry.box.with(0, geometry.box[0] + step) as typeof geometry.box,
        }
      : {
          kind: 'polygon' as const,
          parts: geometry.parts.map(({ outer, holes }) => ({
            outer: shifted(outer, step),
            holes: holes.map((hole) => shifted(hole, step)),
          })),
        };
  return { ...annotation, ...readShape(shape, 'pixel', image, null, () => undefined) };
}

function shifted(ring: readonly number[], step: number): number[] {
  return ring.map((value, index) => (index % 2 === 0 ? value + step : value));
}

describe.each(Object.entries(journeys))('a dataset of %s', (_, journey) => {
  test('comes in, is corrected, and leaves as each of the others', async () => {
    const given = await prepare(journey);
    const report = await importDataset(
      database,
      { path: given, format: journey.format },
      context(),
    );
    expect(report.annotations).toBeGreaterThan(0);
    correct();
    for (const { format } of Object.values(journeys)) {
      const path = join(folders.folder, `out-${format}${format === 'coco' ? '.json' : ''}`);
      const exported = await exportDataset(database, { path, format }, context());
      expect([format, exported.proof.ok]).toEqual([format, true]);
      const side = await datasetSide(path);
      const { regions } = await compareSides(projectSide(database), side, { minimumIou: 0.5 });
      expect([format, regions]).toEqual([
        format,
        {
          same: exported.annotations,
          added: 0,
          moved: 0,
          relabelled: 0,
          removed: lost(exported.annotations),
        },
      ]);
    }
  });

  /** Regions of the project that an export left out, which it named. */
  function lost(written: number): number {
    return database.annotationCount() - written;
  }
});
