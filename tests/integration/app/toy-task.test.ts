import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { render } from 'svelte/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { contract } from '../../../app/api/contract.ts';
import { exportDataset } from '../../../app/features/dataset/dataset-export.ts';
import { importDataset } from '../../../app/features/dataset/dataset-import.ts';
import { draftProjectItems } from '../../../app/features/items/draft-items.ts';
import { isDraftItem } from '../../../core/authoring/draft-items.ts';
import { findingsOf, isHindrance, sentenceOf } from '../../../core/authoring/findings.ts';
import { applyDiff, type Diff } from '../../../core/diff.ts';
import { stepLabel } from '../../../core/project/step-labels.ts';
import { itemSchema, type Item } from '../../../core/records.ts';
import { agreementOf } from '../../../core/reviewing/agreement.ts';
import { makeReview } from '../../../core/reviewing/make-review.ts';
import { authorQueue } from '../../../db/author-queue.ts';
import { createProjectDatabase, type ProjectDatabase } from '../../../db/project-database.ts';
import { speak } from '../../../renderer/i18n/text.svelte.ts';
import TaskFields from '../../../renderer/panels/TaskFields.svelte';
import { draftOf, problemOf } from '../../../renderer/editor/text-draft.ts';
import FieldsForm from '../../../renderer/views/author/forms/FieldsForm.svelte';
import { formOf } from '../../../renderer/views/author/forms/registry.ts';
import {
  emptyItemDraft,
  itemDraftOf,
  keepDraft,
  writtenItem,
} from '../../../renderer/views/author/item-draft.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';
import { tallyId } from '../../support/toy-task.ts';

// A task in one file, and everything that the program makes of it.

await vi.hoisted(async () => {
  const { registerTask, tally } = await import('../../support/toy-task.ts');
  await registerTask(tally);
});

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

/** Tallies of the regions of the sample benchmark, as drafts. */
async function drafted(): Promise<readonly Item[]> {
  const path = join(folders.options.sampleBenchmark, 'annotations.json');
  await importDataset(database, { path, images: folders.options.samplePhotos }, context());
  await draftProjectItems(database, { tasks: [tallyId], seed: 1 }, context());
  return [...database.exportItems()].filter(({ task }) => task === tallyId);
}

const written = (count: string) => ({
  ...emptyItemDraft(tallyId),
  fields: { thing: 'cups', count },
});
const about = {
  image: { id: 'image', width: 640, height: 480 },
  regions: [],
  nameOf: () => null,
  duplicateOf: () => null,
};

test('items of a new task are drafted, stored, undone and taken by the contract', async () => {
  const items = await drafted();
  expect(items.length).toBeGreaterThan(3);
  expect(items.every(isDraftItem)).toBe(true);
  for (const item of items) expect(itemSchema.parse(item)).toEqual(item);
  expect(authorQueue(database, tallyId, null).drafts).toBe(items.length);
  expect(contract['items.queue'].input.safeParse({ task: 'tally', after: null }).success).toBe(
    true,
  );
  database.undo();
  expect([...database.exportItems()].filter(({ task }) => task === tallyId)).toEqual([]);
});

test('an item of a new task is exported with its summary', async () => {
  const [item] = await drafted();
  const kept = keepDraft(itemDraftOf(item!), item!, { imageId: item!.imageId, annotationId: null });
  database.apply(stepLabel('editText'), kept);
  const path = join(folders.folder, 'coco.json');
  await exportDataset(database, { path, format: 'coco' }, context());
  const file = await readFile(path, 'utf8');
  const { thing } = item!.content as unknown as { thing: string };
  expect(file.includes(`How many ${thing}?`)).toBe(true);
});

test('a new task has the form of its schema, and checks with sentences in both languages', () => {
  expect(formOf(tallyId)).toBe(FieldsForm);
  const [finding] = findingsOf(writtenItem(written('many')), about);
  expect(isHindrance(finding!)).toBe(true);
  expect(sentenceOf(tallyId, finding!)).toEqual({
    english: '“many” is not a number.',
    chinese: '“many”不是数字。',
  });
  expect(findingsOf(writtenItem(written('3')), about)).toEqual([]);
  const item = itemIn(keepDraft(written(' 3 '), null, { imageId: 'i', annotationId: 'r' }));
  expect(item).toMatchObject({
    content: { thing: 'cups', count: '3' },
    segments: [{ annotationId: 'r', role: 'prompt' }],
  });
  expect(problemOf(draftOf(item))).toBeNull();
});

test('the window draws the fields of a new task in the chosen language', () => {
  const props = { task: tallyId, values: { count: '7' }, isShort: true, onInput: () => undefined };
  const drawn = () => render(TaskFields, { props }).body;
  expect(drawn()).toMatch(/aria-label="Thing"[^]*value="7"[^]*aria-label="Count"/);
  speak('zh-CN', []);
  try {
    expect(drawn()).toContain('aria-label="数量"');
  } finally {
    speak('en', []);
  }
});

test('reviews of a new task are compared by their texts', () => {
  const item = itemIn(keepDraft(written('3'), null, { imageId: 'i', annotationId: 'r' }));
  const reviews = ['a', 'b'].map((reviewer, index) =>
    makeReview(item, {
      ...{ reviewer, verdict: 'fix', reason: null },
      suggestion: { thing: 'cups', count: String(3 + index) },
    }),
  );
  const image = { width: 1, height: 1 };
  const { disputed, editDistance } = agreementOf([{ item, annotation: null, image, reviews }]);
  expect(disputed).toBe(1);
  expect(editDistance).toBeGreaterThan(0);
});

function itemIn(diff: Diff): Item {
  return [...applyDiff(new Map(), diff).values()][0] as Item;
}
