import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeCategory } from '../../../app/features/categories/category-removal.ts';
import { addition } from '../../../core/diff.ts';
import type { AppError } from '../../../core/errors.ts';
import { newId } from '../../../core/ids.ts';
import type { Category } from '../../../core/records.ts';
import { createProjectDatabase, type ProjectDatabase } from '../../../db/project-database.ts';
import { median, type BenchRow } from '../statistics.ts';
import {
  chunksOf,
  noTime,
  sumOfTimes,
  time,
  timeBare,
  timeWork,
  type BareTimes,
  type WorkTime,
} from './bare.ts';
import {
  makeAnnotations,
  makeCategories,
  makeDescriptions,
  makeImages,
  type ScaleSize,
} from './make-project.ts';

const recordsAtOnce = 2000;
const nestedCategories = 3000;

/** Times the calls of a large project, and how long other calls wait beside long work. */
export async function benchCalls(size: ScaleSize): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pixelsail-scale-'));
  try {
    const bare = timeBare(join(folder, 'bare.sqlite'), size);
    const database = createProjectDatabase(join(folder, 'scale.pixelsail'), 'scale');
    const rows = [
      ...fill(database, size, bare),
      ...timeReads(database, bare),
      ...(await timeJobs(database, folder)),
    ];
    await database.endReads();
    database.close();
    const amount = `${size.images} images, ${size.annotations} annotations`;
    return rows.map((row) => ({ ...row, name: `scale (${amount}): ${row.name}` }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fill(database: ProjectDatabase, size: ScaleSize, bare: BareTimes): BenchRow[] {
  const folderId = database.addFolder('photos').id;
  database.apply('Add categories', addition(...makeCategories()));
  let imagesMs = 0;
  for (const images of chunksOf(makeImages(folderId, size), recordsAtOnce)) {
    imagesMs += time(() => database.apply('Images', addition(...images), { group: 'images' }));
  }
  let written = noTime;
  for (const annotations of chunksOf(makeAnnotations(size), recordsAtOnce)) {
    const diff = addition(...annotations, ...makeDescriptions(annotations));
    const apply = () => database.apply('Annotations', diff, { group: 'annotations' });
    written = sumOfTimes(written, timeWork(apply));
  }
  const nesting = nested(nestedCategories);
  const nestedMs = time(() => database.apply('Nested categories', addition(...nesting)));
  database.undo();
  return [
    { name: 'write images', value: (1000 * size.images) / imagesMs, unit: 'images/s' },
    {
      name: 'write annotations',
      value: (1000 * size.annotations) / written.ms,
      unit: 'annotations/s',
      baseline: beside(written, bare.insert, 'bare inserts'),
      targets: [
        {
          what: 'times the processor time of bare inserts',
          found: written.processorMs / bare.insert.processorMs,
          most: 3,
        },
      ],
    },
    {
      name: `add ${nestedCategories} categories, each inside the last`,
      value: nestedMs,
      unit: 'ms',
    },
  ];
}

function timeReads(database: ProjectDatabase, bare: BareTimes): BenchRow[] {
  const categoryId = database.categories()[0]!.id;
  const total = database.imageCount();
  const deep = { offset: total - 200, limit: 100 };
  const reads: Record<string, () => unknown> = {
    statistics: () => database.counts(),
    'category counts': () => database.categoryCounts(),
    'number of annotations': () => database.annotationCount(),
    'trainable images': () => database.trainableImages(),
    'progress over time': () => database.stateChanges(),
    'images with texts, counted': () => database.imageCount({ hasTexts: true }),
    'images with texts, first page': () => database.images({ hasTexts: true, limit: 100 }),
    'images without texts, counted': () => database.imageCount({ hasTexts: false }),
    'done images, counted': () => database.imageCount({ states: ['done'] }),
    'a split, counted': () => database.imageCount({ split: 'train' }),
    'images without split, last page': () => database.images({ split: 'none', ...deep }),
    'last page by path': () => database.images(deep),
    'last page by annotations': () => database.images({ ...deep, order: 'annotations' }),
    'images of a category, counted': () => database.imageCount({ categoryId }),
    'images of a category, first page': () => database.images({ categoryId, limit: 100 }),
    'search a word, first page': () => database.images({ text: 'IMG_00042', limit: 100 }),
    'search a word in texts, counted': () => database.imageCount({ text: 'thing 4' }),
    'search two letters, counted': () => database.imageCount({ text: '42' }),
    'place of an image': () => database.imagePlace(database.images(deep)[0]!.id),
    history: () => database.history(),
  };
  const rows = Object.entries(reads).map(([name, read]) => {
    const samples = Array.from({ length: 3 }, () => time(read));
    const value = median(samples);
    return { name, value, unit: 'ms', targets: [{ what: 'ms', found: value, most: 300 }] };
  });
  let annotations = 0;
  const read = timeWork(() => {
    for (const { exportId } of database.exportAnnotations()) annotations += Math.sign(exportId);
  });
  return [
    ...rows,
    {
      name: 'read every annotation',
      value: (1000 * annotations) / read.ms,
      unit: 'annotations/s',
      baseline: beside(read, bare.read, 'bare reads'),
    },
  ];
}

async function timeJobs(database: ProjectDatabase, folder: string): Promise<BenchRow[]> {
  const [category, target] = database.categories();
  const { annotations } = database
    .categoryCounts()
    .find(({ categoryId }) => categoryId === category!.id)!;
  const merge = { label: 'Merge', categoryId: category!.id, mergeInto: target!.id };
  return [
    ...(await timeBeside(`merge a category of ${annotations} annotations`, database, () =>
      removeCategory(database, merge),
    )),
    ...(await timeBeside('undo of the merge', database, () => database.gradually.undo())),
    ...(await timeBeside('backup', database, () =>
      database.backup(join(folder, 'copy.pixelsail')),
    )),
    ...(await timeBeside('search in another thread', database, () =>
      database.read('imagePage', { text: 'thing 4', limit: 100 }),
    )),
    ...(await timeBeside('check', database, () => database.read('check', null))),
    await timeCancel(database),
    ...(await timeBeside('undo of the import', database, () => database.gradually.undo(), 60)),
    ...(await timeBeside('redo of the import', database, () => database.gradually.redo(), 60)),
  ];
}

/**
 * Times long work, and the slowest of the calls that are made meanwhile, each as soon as the one
 * before is answered.
 * @param mostSeconds that the work may take, where there is a target
 */
async function timeBeside(
  name: string,
  database: ProjectDatabase,
  work: () => unknown,
  mostSeconds?: number,
): Promise<BenchRow[]> {
  const [startedAtMs, startedAt] = [performance.now(), process.cpuUsage()];
  let isDone = false;
  let longestMs = 0;
  let longestBusyMs = 0;
  const startedBusyMs = threadMs();
  let busyMs = startedBusyMs;
  const done = Promise.resolve(work()).finally(() => (isDone = true));
  for (let askedAtMs = startedAtMs; !isDone; askedAtMs = performance.now()) {
    await new Promise((resolve) => setImmediate(resolve));
    database.images({ limit: 100 });
    database.annotations(database.images({ limit: 1 })[0]!.id);
    longestMs = Math.max(longestMs, performance.now() - askedAtMs);
    const answeredMs = threadMs();
    longestBusyMs = Math.max(longestBusyMs, answeredMs - busyMs);
    busyMs = answeredMs;
  }
  await done;
  const tookMs = performance.now() - startedAtMs;
  const { user, system } = process.cpuUsage(startedAt);
  return [
    {
      name,
      value: tookMs / 1000,
      unit: 's',
      baseline:
        `${seconds((user + system) / 1000)} of processor time, of which the calls beside it take ` +
        seconds(threadMs() - startedBusyMs),
      ...(mostSeconds !== undefined && {
        targets: [{ what: 's', found: tookMs / 1000, most: mostSeconds }],
      }),
    },
    {
      name: `${name}: longest wait of another call`,
      value: longestMs,
      unit: 'ms',
      baseline: `at most ${Math.round(longestBusyMs)} ms of this thread's processor time`,
      targets: [{ what: 'ms', found: longestMs, most: 100 }],
    },
  ];
}

/** How long an undo that is cancelled half way goes on, and how often it said how far it was. */
async function timeCancel(database: ProjectDatabase): Promise<BenchRow> {
  const stop = new AbortController();
  let [cancelledAtMs, told] = [0, 0];
  const progress = (done: number, total: number): void => {
    told += 1;
    if (2 * done < total || cancelledAtMs > 0) return;
    cancelledAtMs = performance.now();
    stop.abort();
  };
  const undone = database.gradually.undo({ signal: stop.signal, progress });
  const code = await undone.then(
    () => 'done',
    (thrown: unknown) => (thrown as AppError).code,
  );
  return {
    name: 'cancel the undo of the import half way',
    value: performance.now() - cancelledAtMs,
    unit: 'ms',
    baseline: `${code}, told ${told} times how far it was`,
  };
}

/** Processor time of this thread; other programs hardly change it. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function nested(count: number): Category[] {
  const [template] = makeCategories();
  const ids = Array.from({ length: count }, () => newId());
  return ids.map((id, index) => ({
    ...template!,
    id,
    name: `nested-${index}`,
    parentId: ids[index - 1] ?? null,
  }));
}

function beside(work: WorkTime, floor: WorkTime, what: string): string {
  const times = (work.processorMs / floor.processorMs).toFixed(2);
  return `${times} times the processor time and ${(work.ms / floor.ms).toFixed(2)} times as long as ${what} (${seconds(floor.ms)})`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
