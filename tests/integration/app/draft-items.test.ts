import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { projectTruth } from '../../../app/features/scores/truth/project-truth.ts';
import { exportDataset } from '../../../app/features/dataset/dataset-export.ts';
import { importDataset } from '../../../app/features/dataset/dataset-import.ts';
import { draftItems } from '../../../app/jobs/kinds/draft-items.ts';
import { withoutDraftMark } from '../../../core/authoring/draft-items.ts';
import { replacement } from '../../../core/diff.ts';
import { defaultProjectSettings } from '../../../core/project-settings.ts';
import { createProjectDatabase, type ProjectDatabase } from '../../../db/project-database.ts';
import type { JobRun } from '../../../app/jobs/job-kind.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';

// A benchmark that begins with a COCO file: its regions get drafts, which count once they are kept.

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
let database: ProjectDatabase;

beforeEach(async () => {
  folders = await makeApplicationFolders();
  database = createProjectDatabase(join(folders.folder, 'p.pixelsail'), 'p');
});

afterEach(async () => {
  expect(database.check()).toEqual([]);
  await database.endReads();
  database.close();
  await folders.remove();
});

const context = () => ({
  jobId: crypto.randomUUID(),
  signal: new AbortController().signal,
  progress: () => undefined,
});

async function draft(input: object = {}) {
  const run = {
    ...context(),
    project: () => database,
    backupBeforeLargeStep: () => Promise.resolve(),
    projectChanged: () => undefined,
  } as unknown as JobRun;
  return draftItems.run(draftItems.input.parse(input), run);
}

/** The regions of the sample benchmark, without what is said of them. */
async function fromCoco() {
  const whole = await readFile(join(folders.options.sampleBenchmark, 'annotations.json'), 'utf8');
  const path = join(folders.folder, 'regions.json');
  const isOfRegions = (key: string) => !['texts', 'caption'].includes(key);
  const regions: unknown = JSON.parse(whole, (key, value: unknown) =>
    isOfRegions(key) ? value : undefined,
  );
  await writeFile(path, JSON.stringify(regions));
  return { from: { path, images: folders.options.samplePhotos } };
}
const queue = (kind: 'open' | 'all' = 'open') =>
  database.read('reviewQueue', {
    filter: { task: 'multiple-choice', author: null, categoryId: null, kind, order: 'project' },
    reviewer: 'person:jo',
    assignment: { reviewers: [], each: defaultProjectSettings.reviewsEach },
  });

test('drafts wait in the queue of their task, and nothing else knows of them before they are kept', async () => {
  const { items, imported } = await draft(await fromCoco());
  expect(imported).toMatchObject({ images: 8, annotations: 76 });
  const all = [...database.exportItems()];
  const questions = all.filter(({ task }) => task === 'multiple-choice');
  expect(items).toBe(all.length);
  const before = await database.read('authorQueue', { task: 'multiple-choice', after: null });
  expect(before).toMatchObject({ regions: 76, written: 0, drafts: questions.length });
  expect((await queue()).total).toBe(0);
  expect(projectTruth(database, 'perbench-mcq').items).toEqual([]);

  const [first] = questions;
  database.apply('Edit', replacement(first!, withoutDraftMark(first!)));
  const after = await database.read('authorQueue', { task: 'multiple-choice', after: null });
  expect(after).toMatchObject({ written: 1, drafts: questions.length - 1 });
  expect((await queue()).rows.map(({ id }) => id)).toEqual([first!.id]);
  expect(projectTruth(database, 'perbench-mcq').items.map(({ id }) => id)).toEqual([first!.id]);
  const file = join(folders.folder, 'out');
  const { changed } = await exportDataset(database, { path: file, format: 'perbench' }, context());
  expect(changed.map(({ reason }) => reason)).toContain(
    `${items - 1} drafts of texts are left out because nobody has accepted them`,
  );
  const back = createProjectDatabase(join(folders.folder, 'back.pixelsail'), 'back');
  try {
    const images = folders.options.samplePhotos;
    await importDataset(back, { path: file, format: 'perbench', images }, context());
    const exported = [...back.exportItems()].filter(({ task }) => task === 'multiple-choice');
    expect(exported.map(({ content }) => content)).toEqual([first!.content]);
  } finally {
    await back.endReads();
    back.close();
  }
});

test('the queue goes to the next image with something to write, from the last one to the first', async () => {
  await draft({ ...(await fromCoco()), tasks: [] });
  const ids = [...database.exportImages()].map(({ image }) => image.id);
  const next = async (after: string | null) =>
    (await database.read('authorQueue', { task: 'referring', after })).nextImageId;
  const withRegions = ids.filter((id) => database.annotations(id).length > 0);
  expect(await next(null)).toBe(withRegions[0]);
  expect(await next(withRegions[0]!)).toBe(withRegions[1]);
  expect(await next(withRegions.at(-1)!)).toBe(withRegions[0]);
});

test('one undo takes the drafts back', async () => {
  await draft(await fromCoco());
  database.undo();
  expect([...database.exportItems()]).toEqual([]);
  expect(database.annotationCount()).toBe(76);
});
