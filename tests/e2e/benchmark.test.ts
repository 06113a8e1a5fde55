import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppEvents } from '../../app/api/contract.ts';
import type { ImageDocument } from '../../app/api/contract/images.ts';
import { isDraftItem } from '../../core/authoring/draft-items.ts';
import type { Item } from '../../core/records.ts';
import { taskOf } from '../../core/tasks/registry.ts';
import type { ScoreRow, ScoreRun } from '../../core/scores/run.ts';
import { english as text } from '../../renderer/i18n/en.ts';
import { startBrowserHost, type TestBrowserHost } from '../support/browser-host.ts';
import { launchChromium, noChromium } from '../support/chromium.ts';
import { WindowPage } from '../support/window-page.ts';

// A small PerBench from its first region to its numbers, with the model in the box.

const repository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const hasNano = existsSync(repository('models/catalog/pixel-sail-nano/manifest.json'));
const python = process.env['PIXELSAIL_PYTHON'] ?? 'python3';
const { author, reviewing, scores } = text;
const described =
  'An old aircraft with pale ribbed wings, seen from straight above the dark fields.';

type Json = Record<string, unknown>;

describe.skipIf(noChromium !== null || !hasNano)('a benchmark by two', { timeout: 180_000 }, () => {
  let host: TestBrowserHost;
  let browser: Browser;
  let page: Page;
  let window: WindowPage;
  let dataset: string;

  beforeAll(async () => {
    host = await startBrowserHost({ people: ['Mei', 'Jo'] });
    browser = await launchChromium();
    page = await open(host.url);
    window = new WindowPage(page);
    dataset = join(host.home, 'regions.json');
    const coco = JSON.parse(
      await readFile(repository('demo/benchmark/annotations.json'), 'utf8'),
      (key, value: unknown) => (key === 'texts' || key === 'caption' ? undefined : value),
    ) as { images: Json[]; annotations: { image_id: unknown }[] };
    const [image] = coco.images;
    const annotations = coco.annotations
      .filter(({ image_id: id }) => id === image!['id'])
      .slice(0, 3);
    await mkdir(host.home, { recursive: true });
    await writeFile(dataset, JSON.stringify({ ...coco, images: [image], annotations }));
  });

  afterAll(async () => {
    await browser?.close();
    await host?.stop();
  });

  async function open(url: string): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    const opened = await context.newPage();
    // The model starts beside the import, and on a busy machine the first reading takes longest.
    opened.setDefaultTimeout(120_000);
    await opened.goto(url);
    return opened;
  }

  const goTo = (on: Page, view: 'review' | 'results') =>
    on.getByRole('navigation', { name: text.views.label }).getByText(text.views[view]).click();

  const ask = <Output>(method: string, input: unknown) =>
    host.backend.request(method, input) as Promise<Output>;

  async function items(): Promise<readonly Item[]> {
    const { rows } = await ask<{ rows: { id: string }[] }>('images.list', { offset: 0, limit: 1 });
    return (await ask<ImageDocument>('images.document', { imageId: rows[0]!.id })).items;
  }
  const kept = async () => (await items()).filter((item) => !isDraftItem(item));

  it('begins with the regions of a COCO file, in three queues of drafts', async () => {
    await page.getByRole('button', { name: text.start.create }).click();
    const dialog = window.dialog(text.dialogs.create.title);
    await dialog.getByLabel(text.dialogs.create.name, { exact: true }).fill('Bench');
    await dialog.getByLabel(text.dialogs.create.folder).fill(join(host.home, 'bench'));
    await dialog.getByText(text.dialogs.create.purposes.perbench).click();
    const field = (name: string) => dialog.getByRole('textbox', { name });
    await field(text.dialogs.create.dataset).fill(dataset);
    await field(text.dialogs.create.images).fill(repository('demo/photos'));
    await dialog.getByRole('button', { name: text.dialogs.create.submit }).click();
    await window.button(text.jobs.readDrafts).click();
    await page.getByText(author.queue(0, 3)).waitFor();
  });

  it('takes one item of each task, which a person has put right or kept', async () => {
    const panel = page.getByRole('complementary', { name: author.title });
    const tab = (task: Item['task']) =>
      panel.getByRole('tab', { name: taskOf(task).words.english.title });
    const keep = async (count: number) => {
      await page.keyboard.press('Control+Enter');
      await expect.poll(async () => (await kept()).length, { timeout: 40_000 }).toBe(count);
    };
    await panel.getByText(author.isDraft).waitFor();
    await panel.getByRole('textbox', { name: author.description }).fill(described);
    await keep(1);
    await tab('multiple-choice').click();
    await panel.getByText(author.isDraft).waitFor();
    await keep(2);
    await tab('referring').click();
    await panel.getByRole('button', { name: author.queueNext }).click();
    await panel.getByText(author.isDraft).waitFor();
    await keep(3);
    expect((await kept()).map(({ task }) => task).sort()).toEqual([
      'description',
      'multiple-choice',
      'referring',
    ]);
  });

  it('is reviewed by two in windows of their own, who see each other but not their reviews', async () => {
    const [mei, jo] = [await open(linkOf('Mei')), await open(linkOf('Jo'))];
    for (const one of [mei, jo]) {
      await one.getByRole('application').waitFor();
      await goTo(one, 'review');
      const queue = one.getByRole('complementary', { name: reviewing.queue });
      await queue.locator('select').nth(1).selectOption('description');
      await one.getByText(described).waitFor();
    }
    await mei.getByRole('button', { name: text.people.here('Jo') }).waitFor();
    await mei.bringToFront();
    await mei.keyboard.press('Enter');
    await mei.getByText(reviewing.allDone).waitFor();
    await jo.bringToFront();
    await jo.keyboard.press('x');
    await jo.getByText(reviewing.why).waitFor();
    await jo.keyboard.press('1');
    await jo.getByText(reviewing.allDone).waitFor();
    for (const one of [mei, jo]) await one.context().close();
  });

  it('has what they disagree about decided by a third', async () => {
    await page.bringToFront();
    await goTo(page, 'review');
    const queue = page.getByRole('complementary', { name: reviewing.queue });
    await queue.getByText(reviewing.disputed(1)).click();
    await window.button(reviewing.take('Mei')).click();
    await page.getByText(reviewing.emptyTitle).waitFor();
  });

  it('is answered by the model, scored and compared', async () => {
    await goTo(page, 'results');
    const tasks = ['perbench-caption', 'perbench-mcq', 'perbench-vres', 'perbench-vres'] as const;
    for (const [index, task] of tasks.entries()) {
      await page.getByLabel(scores.task).first().selectOption(task);
      await window.button(scores.start).click();
      const count = async () => (await ask<ScoreRun[]>('scores.runs', null)).length;
      await expect.poll(count, { timeout: 40_000 }).toBe(index + 1);
    }
    await page.getByLabel(scores.compareWith).selectOption({ index: 1 });
    await page.getByRole('row', { name: /^gIoU/ }).first().waitFor();
  });

  it('leaves as PerBench files, which the rules in Python score to the same numbers', async () => {
    const folder = join(host.home, 'exported');
    const ended = new Promise<AppEvents['job:end']>((resolve) => {
      host.backend.onEvent((name, payload) => {
        if (name === 'job:end') resolve(payload as AppEvents['job:end']);
      });
    });
    await ask('dataset.export', { path: folder, format: 'perbench' });
    expect((await ended).end.outcome).toBe('done');
    const runs = await ask<ScoreRun[]>('scores.runs', null);
    const rowsOf = async (task: string): Promise<ScoreRow[]> => {
      const run = runs.find(({ report }) => report.task === task)!;
      return ask<ScoreRow[]>('scores.rows', { runId: run.id, order: 'items' });
    };
    await answerIn(join(folder, 'STBench_Detailed_Caption.json'), 'object_annotations', {
      prediction: (await rowsOf('perbench-caption'))[0]!.kept.answer.text,
    });
    await answerIn(join(folder, 'STBench_MCQ.json'), 'mcqs', {
      prediction: (await rowsOf('perbench-mcq'))[0]!.kept.answer.text,
    });
    await answerIn(join(folder, 'STBench_VRES.json'), null, {
      predictions: (await rowsOf('perbench-vres'))[0]!.kept.answer.masks,
    });
    const wanted = scoresOfPython(folder, runs[0]!.report.synonyms ?? null);
    if (wanted === null) return;
    const value = (task: string, id: string) =>
      runs
        .find(({ report }) => report.task === task)!
        .report.metrics.find((metric) => metric.id === id)!.value!;
    expect(100 * value('perbench-caption', 'meteor-reference')).toBeCloseTo(wanted.meteor!, 6);
    expect(value('perbench-mcq', 'accuracy-reference')).toBeCloseTo(wanted.accuracy!, 6);
    expect(100 * value('perbench-vres', 'ciou-reference')).toBeCloseTo(wanted.ciou!, 6);
    expect(100 * value('perbench-vres', 'giou-reference')).toBeCloseTo(wanted.giou!, 6);
  });

  const linkOf = (name: string) => host.links.find(({ person }) => person === name)!.url;
});

/** Puts an answer beside the only item of an exported file, as predictions are given. */
async function answerIn(file: string, list: string | null, answer: Json): Promise<void> {
  const rows = JSON.parse(await readFile(file, 'utf8')) as Json[];
  const all = list === null ? rows : rows.flatMap((row) => row[list] as Json[]);
  expect(all).toHaveLength(1);
  Object.assign(all[0]!, answer);
  await writeFile(file, JSON.stringify(rows));
}

/** The output of score_perbench.py; null if it cannot run here. */
function scoresOfPython(folder: string, wordnet: string | null): Record<string, number> | null {
  try {
    execFileSync(python, ['-c', 'import nltk, pycocotools'], { stdio: 'ignore' });
  } catch {
    console.log(`skipped: ${python} cannot import nltk and pycocotools; see PIXELSAIL_PYTHON`);
    return null;
  }
  const script = repository('tests/fixtures/scores/score_perbench.py');
  const words = [script, folder, ...(wordnet === null ? [] : ['--wordnet', wordnet])];
  return JSON.parse(execFileSync(python, words, { encoding: 'utf8' })) as Record<string, number>;
}
