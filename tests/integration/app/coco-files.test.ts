import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createApplication, type Application } from '../../../app/application.ts';
import type { ExportReport } from '../../../app/api/contract/dataset.ts';
import type { JobStarted } from '../../../app/api/contract/job-started.ts';
import type { JobEnd } from '../../../app/api/contract/jobs.ts';
import type { ExistingPolicy } from '../../../core/formats/existing-annotations.ts';
import type { Emit } from '../../../app/jobs/local-queue.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';

interface Coco {
  images: { id: number; file_name: string }[];
  categories: { id: number; name: string }[];
  annotations: { id: number; image_id: number; area: number; bbox: number[] }[];
}

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
let application: Application;
let onEvent: (name: string, payload: unknown) => void;

beforeEach(async () => {
  folders = await makeApplicationFolders();
  onEvent = () => undefined;
  const emit: Emit = (name, payload) => onEvent(name, payload);
  application = createApplication(folders.options, emit);
  await application.handlers['project.create']({ folder: folders.folder, name: 'Test' });
});

afterEach(async () => {
  await application.close();
  await folders.remove();
});

/** Starts a job and waits for its end. `onProgress` is called with the job's id. */
function finish(
  start: () => JobStarted | Promise<JobStarted>,
  onProgress: (jobId: string) => void = () => undefined,
): Promise<JobEnd> {
  return new Promise((resolve, reject) => {
    onEvent = (name, payload) => {
      if (name === 'job:progress') onProgress((payload as JobStarted).jobId);
      if (name === 'job:end') resolve((payload as { end: JobEnd }).end);
    };
    Promise.resolve(start()).catch(reject);
  });
}

const square = (id: number, image: number, category: number, x: number) => ({
  id,
  image_id: image,
  category_id: category,
  segmentation: [[x, 10, x + 20, 10, x + 20, 30, x, 30]],
  bbox: [x, 10, 20, 20],
  area: 400,
  iscrowd: 0,
});

async function writeCoco(annotations: object[]): Promise<string> {
  const file = join(folders.folder, 'instances.json');
  const images = [
    { id: 1, file_name: 'cat.jpg', width: 451, height: 300 },
    { id: 2, file_name: 'photos/coffee.jpg', width: 600, height: 400 },
    { id: 3, file_name: 'missing.jpg', width: 10, height: 10 },
  ];
  const categories = [
    { id: 1, name: 'cat' },
    { id: 7, name: 'cup' },
  ];
  await writeFile(file, JSON.stringify({ images, categories, annotations }));
  return file;
}

const importCoco = (
  file: string,
  onProgress?: (jobId: string) => void,
  existing?: ExistingPolicy,
) =>
  finish(
    () =>
      application.handlers['dataset.import']({
        path: file,
        format: 'coco',
        images: folders.options.samplePhotos,
        ...(existing && { existing }),
      }),
    onProgress,
  );

/** Everything that the project holds. */
async function records(): Promise<unknown[]> {
  const { rows } = await application.handlers['images.list']({ offset: 0, limit: 100 });
  const documents = rows.map(async ({ id }) =>
    application.handlers['images.document']({ imageId: id }),
  );
  return [await application.handlers['categories.list'](null), ...(await Promise.all(documents))];
}

const exportCoco = (file: string, onProgress?: (jobId: string) => void, overwrite = false) =>
  finish(
    () => application.handlers['dataset.export']({ path: file, overwrite, format: 'coco' }),
    onProgress,
  );

test('a dataset comes in with only the photos it names and goes out the same, proven', async () => {
  const file = await writeCoco([square(5, 1, 1, 10), square(6, 2, 7, 50), square(9, 3, 1, 0)]);
  expect(await importCoco(file)).toMatchObject({
    outcome: 'done',
    result: {
      images: 2,
      categories: 2,
      annotations: 2,
      skipped: [
        { what: 'images[2] (id 3)', reason: expect.stringContaining('missing.jpg') },
        { what: 'annotations[2] (id 9)', reason: expect.stringContaining('image 3') },
      ],
    },
  });
  expect(await application.handlers['project.current'](null)).toMatchObject({ images: 2 });

  const target = join(folders.folder, 'export.json');
  const end = await exportCoco(target);
  if (end.outcome !== 'done') throw new Error(JSON.stringify(end));
  const { proof, ...counts } = end.result as ExportReport;
  expect(counts).toMatchObject({ file: target, images: 2, annotations: 2, categories: 2 });
  expect(proof).toMatchObject({ ok: true, exact: 2, minimumIou: 1, missing: [] });
  const written = JSON.parse(await readFile(target, 'utf8')) as Coco;
  expect(written.annotations.map(({ area, bbox }) => ({ area, bbox }))).toEqual([
    { area: 400, bbox: [10, 10, 20, 20] },
    { area: 400, bbox: [50, 10, 20, 20] },
  ]);

  await exportCoco(join(folders.folder, 'again.json'));
  const again = JSON.parse(await readFile(join(folders.folder, 'again.json'), 'utf8')) as Coco;
  expect({ ...again, info: null }).toEqual({ ...written, info: null });
});

test('importing the same file twice leaves the project as it was after the first time', async () => {
  const file = await writeCoco([
    square(5, 1, 1, 10),
    square(6, 2, 7, 50),
    { id: 7, image_id: 1, caption: 'a cat' },
  ]);
  await importCoco(file);
  const before = await records();
  expect(await importCoco(file)).toMatchObject({
    outcome: 'done',
    result: { annotations: 0, existing: { alreadyThere: 3, replaced: 0, skipped: 0 } },
  });
  expect(await records()).toEqual(before);
  await application.handlers['journal.undo'](null);
  expect(await application.handlers['project.current'](null)).toMatchObject({ images: 0 });
});

test('replacing annotations is one step, and undoing it gives back what was', async () => {
  const many = Array.from({ length: 700 }, (_, index) => square(index + 1, 1, 1, index % 300));
  await importCoco(await writeCoco(many));
  const before = await records();
  const file = await writeCoco([...many.slice(100), square(900, 2, 7, 50)]);
  expect(await importCoco(file, undefined, 'replace')).toMatchObject({
    outcome: 'done',
    result: { annotations: 601, existing: { alreadyThere: 0, replaced: 700, skipped: 0 } },
  });
  expect(await application.handlers['project.current'](null)).toMatchObject({ annotations: 601 });
  await application.handlers['journal.undo'](null);
  expect(await records()).toEqual(before);
});

test('images that hold annotations can be left as they are', async () => {
  await importCoco(await writeCoco([square(5, 1, 1, 10)]));
  const file = await writeCoco([square(5, 1, 1, 60), square(6, 2, 7, 50)]);
  expect(await importCoco(file, undefined, 'skip')).toMatchObject({
    outcome: 'done',
    result: { annotations: 1, existing: { alreadyThere: 0, replaced: 0, skipped: 1 } },
  });
});

test('one undo takes an import back, also one of many batches', async () => {
  const annotations = Array.from({ length: 1200 }, (_, index) =>
    square(index + 1, 1, 1, index % 300),
  );
  await importCoco(await writeCoco(annotations));
  expect(await application.handlers['project.current'](null)).toMatchObject({ annotations: 1200 });
  await application.handlers['journal.undo'](null);
  expect(await application.handlers['project.current'](null)).toMatchObject({
    annotations: 0,
    images: 0,
    canUndo: false,
  });
});

test('a file that is no COCO fails and changes nothing', async () => {
  const file = join(folders.folder, 'other.json');
  for (const text of ['', '[1,2]', '{"images": 3}', '{"info": {}}', '{"images": [', 'PNG']) {
    await writeFile(file, text);
    expect(await importCoco(file)).toMatchObject({
      outcome: 'failed',
      error: { code: 'dataset-invalid' },
    });
  }
  expect(await importCoco(join(folders.folder, 'none.json'))).toMatchObject({
    outcome: 'failed',
    error: { code: 'not-found' },
  });
  expect(await application.handlers['project.current'](null)).toMatchObject({ canUndo: false });
});

test('a cancelled import says what it kept', async () => {
  const annotations = Array.from({ length: 4000 }, (_, index) =>
    square(index + 1, 1, 1, index % 300),
  );
  const file = await writeCoco(annotations);
  const end = await importCoco(file, (jobId) => {
    void application.handlers['jobs.cancel']({ jobId });
  });
  expect(end).toMatchObject({
    outcome: 'cancelled',
    error: { message: expect.stringMatching(/imported/) },
  });
});

test('a project can be edited while it is exported; the file holds what it was at the beginning', async () => {
  const squares = Array.from({ length: 3000 }, (_, index) =>
    square(index + 1, 1 + (index % 2), 1, index % 300),
  );
  await importCoco(await writeCoco(squares));
  const { rows } = await application.handlers['images.list']({ offset: 0, limit: 100 });
  const documents = await Promise.all(
    rows.map(async ({ id }) => application.handlers['images.document']({ imageId: id })),
  );
  const held = documents.flatMap((document) => document.annotations);
  const edits: Promise<unknown>[] = [];
  const edit = (): void => {
    const [moved, removed] = [held.shift(), held.pop()];
    if (!moved || !removed) return;
    const to = { ...moved, categoryId: null, updatedAtMs: 1 };
    const diff = {
      added: {},
      updated: { [moved.id]: [moved, to] },
      removed: { [removed.id]: removed },
    };
    edits.push(
      Promise.resolve(application.handlers['journal.apply']({ label: 'Edit', diff } as never)),
    );
  };
  for (const profile of ['evaluation', 'training'] as const) {
    const count = held.length;
    const target = join(folders.folder, `${profile}.json`);
    const end = await finish(
      () =>
        application.handlers['dataset.export']({
          path: target,
          format: 'coco',
          options: { profile },
        }),
      edit,
    );
    expect(end).toMatchObject({ outcome: 'done', result: { proof: { ok: true } } });
    await Promise.all(edits.splice(0));
    expect(held.length).toBeLessThan(count);
    if (end.outcome !== 'done' || !('proof' in end.result)) throw new Error(JSON.stringify(end));
    const { annotations, skipped } = end.result;
    const { annotations: left } = (await application.handlers['project.current'](null))!;
    const uncategorized = skipped.filter(({ section }) => section === 'annotations').length;
    expect(annotations + uncategorized).toBeGreaterThan(left);
    const written = JSON.parse(await readFile(target, 'utf8')) as Coco;
    expect(written.annotations.length).toBe(annotations);
  }
});

test('a cancelled or failed export leaves the earlier file and no part of a new one', async () => {
  const annotations = Array.from({ length: 3000 }, (_, index) =>
    square(index + 1, 1, 1, index % 300),
  );
  await importCoco(await writeCoco(annotations));
  const target = join(folders.folder, 'export.json');
  await writeFile(target, 'earlier');
  // The window asks, before anything is written.
  await expect(exportCoco(target)).rejects.toMatchObject({ sentence: 'outputExists' });
  const cancel = (jobId: string) => void application.handlers['jobs.cancel']({ jobId });
  const end = await exportCoco(target, cancel, true);
  expect(end).toMatchObject({ outcome: 'cancelled', error: { sentence: 'nothingWritten' } });
  expect(await readFile(target, 'utf8')).toBe('earlier');
  expect(await exportCoco(join(folders.folder, 'none', 'export.json'))).toMatchObject({
    outcome: 'failed',
    error: { code: 'not-found' },
  });
  expect((await readdir(folders.folder)).filter((name) => name.includes('.part'))).toEqual([]);
});
