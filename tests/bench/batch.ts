import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { annotateBatch } from '../../app/features/annotation/batch-annotation.ts';
import type { BatchTask } from '../../app/features/annotation/batch-questions.ts';
import { openJobModel } from '../../app/engine/job-model.ts';
import { importFolder } from '../../app/features/images/image-import.ts';
import { askModel } from '../../models/ask-model.ts';
import type { JobModel } from '../../app/jobs/job-kind.ts';
import type { ModelRequest } from '../../core/prompt.ts';
import { createProjectDatabase, type ProjectDatabase } from '../../db/project-database.ts';
import { convertCheckpoint } from '../../models/families/pixel-sail/convert/convert.ts';
import { decodeImage } from '../../models/image/decode.ts';
import { loadModel } from '../../models/load-model.ts';
import { milliseconds, type BenchRow } from './statistics.ts';

const tinyCheckpoint = fileURLToPath(new URL('../fixtures/parity-small', import.meta.url));
const compared = 40;
const smallBatch = 100;
const neverAborted = new AbortController().signal;

/**
 * Times whole-project annotation: the real model's rate against the same model asked about the
 * same images that are decoded already, and a tiny model's rate on 100 images against that on
 * many, which shows the cost of the project.
 */
export async function benchBatch(options: {
  readonly directory: string;
  readonly threads: number;
  readonly images: number;
}): Promise<BenchRow[]> {
  const { directory, threads, images } = options;
  const folder = await mkdtemp(join(tmpdir(), 'pixel-sail-bench-'));
  try {
    const real = await compareWithBare(join(folder, 'real'), directory, threads);
    const tinyPackage = join(folder, 'tiny');
    const about = { precision: 'fp32', id: 'tiny', title: 'Tiny' } as const;
    await convertCheckpoint(tinyCheckpoint, tinyPackage, about);
    const tiny = await openEngine(tinyPackage, threads);
    const few = await annotateRate(join(folder, 'few'), tiny, smallBatch, {
      width: 64,
      height: 48,
    });
    const many = await annotateRate(join(folder, 'many'), tiny, images, { width: 64, height: 48 });
    await tiny.dispose();
    return [
      ...real,
      {
        name: `annotate ${images} images, tiny model`,
        value: many,
        unit: 'images/s',
        baseline: `${smallBatch} images: ${few.toFixed(1)} images/s, ratio ${(many / few).toFixed(2)}`,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const entry = fileURLToPath(new URL('../../app/engine/engine.ts', import.meta.url));

function openEngine(directory: string, threads: number): Promise<JobModel> {
  return openJobModel({ entry }, directory, { device: 'cpu', threads }, neverAborted);
}

const request: ModelRequest = { task: 'segment', text: 'person', regions: [] };

/**
 * The real model asked in a project, then without one about the same images, decoded beforehand.
 */
async function compareWithBare(
  folder: string,
  directory: string,
  threads: number,
): Promise<BenchRow[]> {
  const database = await makeProject(folder, compared, { width: 640, height: 480 });
  const [root] = database.folders();
  const decoded = await Promise.all(
    database.images().map(({ path }) => decodeImage(join(folder, root!.path, path))),
  );
  const engine = await openEngine(directory, threads);
  const batchMs = await annotateMs(database, engine, { kind: 'categories', names: ['person'] });
  await engine.dispose();
  database.close();
  let bareMs = 0;
  const model = await loadModel(directory, { device: 'cpu', threads });
  for (const image of decoded) bareMs += await milliseconds(() => askModel(model, image, request));
  await model.dispose();
  return [
    {
      name: `annotate ${compared} images of 640 x 480, real model`,
      value: (1000 * compared) / batchMs,
      unit: 'images/s',
      baseline: `bare model ${((1000 * compared) / bareMs).toFixed(2)} images/s, ratio ${(bareMs / batchMs).toFixed(2)}`,
    },
  ];
}

async function annotateRate(
  folder: string,
  model: JobModel,
  count: number,
  size: { width: number; height: number },
): Promise<number> {
  const database = await makeProject(folder, count, size);
  const task = { kind: 'everything', pointsPerSide: 1, category: null } as const;
  const elapsedMs = await annotateMs(database, model, task);
  database.close();
  return (1000 * count) / elapsedMs;
}

function annotateMs(database: ProjectDatabase, model: JobModel, task: BatchTask): Promise<number> {
  return milliseconds(() =>
    annotateBatch(database, model, task, {
      includesReviewed: false,
      minimumScore: 0,
      overlap: 'all',
      splitsParts: false,
      signal: neverAborted,
      progress: () => undefined,
    }),
  );
}

async function makeProject(
  folder: string,
  count: number,
  size: { width: number; height: number },
): Promise<ProjectDatabase> {
  const photos = join(folder, 'photos');
  await mkdir(photos, { recursive: true });
  for (let index = 0; index < count; index++) {
    const noise = { type: 'gaussian', mean: 90 + (index % 100), sigma: 30 } as const;
    await sharp({ create: { ...size, channels: 3, background: '#808080', noise } })
      .jpeg()
      .toFile(join(photos, `${String(index).padStart(6, '0')}.jpg`));
  }
  const database = createProjectDatabase(join(folder, 'bench.pixelsail'), 'bench');
  await importFolder(database, photos, {
    jobId: 'bench',
    signal: neverAborted,
    progress: () => undefined,
  });
  return database;
}
