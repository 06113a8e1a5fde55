import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addition, emptyDiff, replacement } from '../../core/diff.ts';
import { newId } from '../../core/ids.ts';
import { makeItem, oneSegment } from '../../core/project/make-item.ts';
import type { Annotation, Category, ImageRecord, Item } from '../../core/records.ts';
import { Database } from '../../db/database.ts';
import {
  createProjectDatabase,
  openProjectDatabase,
  type ProjectDatabase,
} from '../../db/project-database.ts';
import { percentile } from './statistics.ts';

const imageCount = 100_000;
const chunk = 1000;
const edits = 500;

/** Times a project of 100,000 images and 100,000 annotations in a temporary folder. */
export async function benchDatabase(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pixelsail-bench-'));
  const file = join(folder, 'bench.pixelsail');
  try {
    const database = createProjectDatabase(file, 'bench');
    const filled = fill(database);
    database.close();
    const openMs = time(() => openProjectDatabase(file).close());
    const reopened = openProjectDatabase(file);
    const results: Result[] = [
      ...filled,
      { name: 'open and close a project of 100,000 images', value: openMs, unit: 'ms' },
      ...timeReads(reopened),
      ...(await timeEdits(reopened, bareTransaction(join(folder, 'bare.sqlite')))),
      { name: 'check everything', value: time(() => reopened.check()), unit: 'ms' },
    ];
    reopened.close();
    return results.map((result) => ({ ...result, name: `database: ${result.name}` }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Result {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline?: string;
}

function fill(database: ProjectDatabase): Result[] {
  const folderId = database.addFolder('photos').id;
  const category = makeCategory();
  database.apply('Add category', addition(category));
  const images = Array.from({ length: imageCount }, (_, index) => makeImage(folderId, index));
  const annotations = images.map((image, index) =>
    makeAnnotation(image.id, index % 100 === 0 ? category.id : null, index),
  );
  const insertAll = (label: string, records: (ImageRecord | Annotation)[]) =>
    time(() => {
      for (let start = 0; start < records.length; start += chunk) {
        const part = records.slice(start, start + chunk);
        const items = part.flatMap((record, index) => descriptionOf(record, start + index));
        database.apply(label, addition(...part, ...items), { group: label });
      }
    });
  return [
    { name: 'insert 100,000 images', value: insertAll('Import images', images), unit: 'ms' },
    { name: 'insert 100,000 annotations', value: insertAll('Import', annotations), unit: 'ms' },
  ];
}

function timeReads(database: ProjectDatabase): Result[] {
  const categoryId = database.categories()[0]!.id;
  const deep = { offset: 99_000, limit: 100 };
  const reads: Record<string, () => unknown> = {
    'first page by path': () => database.images({ limit: 100 }),
    'last page by path': () => database.images(deep),
    'last page of untouched by path': () => database.images({ ...deep, states: ['untouched'] }),
    'last page by annotation count': () => database.images({ ...deep, order: 'annotations' }),
    'page of a category': () => database.images({ categoryId, limit: 100 }),
    'page of a word': () => database.images({ text: '0042', limit: 100 }),
    'page of two letters': () => database.images({ text: '42', limit: 100 }),
    'page of a word in a text': () => database.images({ text: 'sentence-77', limit: 100 }),
    'next image and its annotations': () => {
      const [row] = database.images({ offset: 50_000, limit: 1 });
      return [database.image(row!.id), database.annotations(row!.id)];
    },
    'count images': () => database.imageCount(),
    'count untouched images': () => database.imageCount({ states: ['untouched'] }),
    'count annotations': () => database.annotationCount(),
  };
  return Object.entries(reads).map(([name, read]) => {
    const samples = Array.from({ length: 20 }, () => time(read));
    return { name, value: percentile(samples, 0.5), unit: 'ms' };
  });
}

/**
 * Milliseconds that SQLite needs to make one row durable with the settings of a project: the floor
 * of an edit.
 */
function bareTransaction(file: string): number {
  const database = new Database(file, { mustExist: false });
  database.exec(
    'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL',
  );
  database.exec('CREATE TABLE row (text TEXT) STRICT');
  const text = 'x'.repeat(1000);
  const write = () => database.run('INSERT INTO row VALUES (@text)', { text });
  const samples = Array.from({ length: edits }, () => time(write));
  database.close();
  return percentile(samples, 0.5);
}

async function timeEdits(database: ProjectDatabase, bareMs: number): Promise<Result[]> {
  const [row] = database.images({ limit: 1 });
  const first = makeAnnotation(row!.id, null, 0);
  database.apply('Add', addition(first));
  const apply: number[] = [];
  for (let current = first, index = 1; index <= edits; index++) {
    const next = { ...current, bbox: [index, 0, 10, 10] as [number, number, number, number] };
    apply.push(time(() => database.apply('Move', replacement(current, next))));
    current = next;
  }
  const undo = Array.from({ length: edits }, () => time(() => database.undo()));
  const redo = Array.from({ length: edits }, () => time(() => database.redo()));
  const all = [...database.exportAnnotations()]
    .map(({ annotation }) => annotation)
    .slice(0, 50_000);
  const retire = { ...emptyDiff(), removed: Object.fromEntries(all.map((one) => [one.id, one])) };
  return [
    {
      name: 'apply one edit, median',
      value: percentile(apply, 0.5),
      unit: 'ms',
      baseline: `${bareMs.toFixed(2)} ms for one bare durable row`,
    },
    { name: 'apply one edit, 95th percentile', value: percentile(apply, 0.95), unit: 'ms' },
    { name: 'undo one edit, median', value: percentile(undo, 0.5), unit: 'ms' },
    { name: 'redo one edit, median', value: percentile(redo, 0.5), unit: 'ms' },
    {
      name: 'stream 100,000 annotations for export',
      value: time(() => Array.from(database.exportAnnotations(), ({ exportId }) => exportId)),
      unit: 'ms',
    },
    ...(await timeGradually('remove 50,000 annotations in one step', () =>
      database.gradually.apply('Remove', retire),
    )),
    ...(await timeGradually('undo that', () => database.gradually.undo())),
  ];
}

/** Times long work, and how long other calls had to wait for it at most. */
async function timeGradually(name: string, work: () => Promise<unknown>): Promise<Result[]> {
  const start = performance.now();
  let isDone = false;
  let turn = start;
  let longestMs = 0;
  const done = work().finally(() => (isDone = true));
  while (!isDone) {
    await new Promise((resolve) => setImmediate(resolve));
    longestMs = Math.max(longestMs, performance.now() - turn);
    turn = performance.now();
  }
  await done;
  return [
    { name, value: performance.now() - start, unit: 'ms' },
    { name: `${name}: longest wait of another call`, value: longestMs, unit: 'ms' },
  ];
}

function makeCategory(): Category {
  return {
    kind: 'category',
    id: newId(),
    name: 'cat',
    parentId: null,
    color: '#112233',
    attributes: [],
    extra: {},
  };
}

function makeImage(folderId: string, index: number): ImageRecord {
  const number = String(index).padStart(6, '0');
  return {
    kind: 'image',
    id: newId(),
    folderId,
    path: `session-${index % 100}/IMG_${number}.jpg`,
    width: 4000,
    height: 3000,
    orientation: 1,
    sha256: number.repeat(11).slice(0, 64),
    state: 'untouched',
    split: null,
    extra: {},
  };
}

/** The words about an annotation. */
function descriptionOf(record: ImageRecord | Annotation, index: number): Item[] {
  if (record.kind === 'image') return [];
  const { id, imageId } = record;
  const text = `sentence-${index} about a thing`;
  const subject = { imageId, segments: oneSegment('description', id) };
  return [makeItem({ task: 'description', content: { text } }, subject, { source: 'person' }, 1)];
}

function makeAnnotation(imageId: string, categoryId: string | null, index: number): Annotation {
  const id = newId();
  return {
    kind: 'annotation',
    id,
    imageId,
    categoryId,
    geometry: { kind: 'mask', rle: { size: [3000, 4000], counts: `${id}aB0c1D2e`.repeat(12) } },
    bbox: [index % 3000, 10, 100, 100],
    area: 7000,
    crowd: false,
    zOrder: 0,
    attributes: {},
    provenance: { source: 'person' },
    createdAtMs: 1,
    updatedAtMs: 1,
    extra: {},
  };
}

function time(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
