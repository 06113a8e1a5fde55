import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageDocument } from '../../app/api/contract/images.ts';
import type { Item } from '../../core/records.ts';
import { referringSentences } from '../../core/tasks/referring/finding-texts.ts';
import { taskOf } from '../../core/tasks/registry.ts';
import { english as text } from '../../renderer/i18n/en.ts';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { noChromium } from '../support/chromium.ts';
import { drawnPhotoSize as size } from '../support/drawn-photos.ts';
import type { WindowPage } from '../support/window-page.ts';

if (noChromium) console.log(`Skipping the author view: ${noChromium}.`);

const { author } = text;

describe.skipIf(noChromium !== null)('the author view', { timeout: 120_000 }, () => {
  let opened: BrowserWindow;
  let window: WindowPage;

  beforeAll(async () => {
    opened = await openBrowserWindow({ fakeEngine: true, project: 'Bench' });
    window = opened.window;
    for (const [index, left] of [0.1, 0.6].entries()) {
      await window.canvas.focus();
      await window.page.keyboard.press('Shift+R');
      await window.drag([left, 0.2], [left + 0.2, 0.6], size);
      await window.regions.nth(index).waitFor();
    }
    await window.page.keyboard.press('Alt+4');
    await panel().waitFor();
  });

  afterAll(() => opened?.close());

  const panel = () => window.page.getByRole('complementary', { name: author.title });
  const keep = () => window.page.keyboard.press('Control+Enter');

  async function items(): Promise<readonly Item[]> {
    const { backend } = opened.host;
    const { rows } = (await backend.request('images.list', { offset: 0, limit: 1 })) as {
      rows: { id: string }[];
    };
    const input = { imageId: rows[0]!.id };
    return ((await backend.request('images.document', input)) as ImageDocument).items;
  }

  /** The newest item, once there are so many. */
  async function newest(count: number): Promise<Item> {
    await expect.poll(async () => (await items()).length, { timeout: 40_000 }).toBe(count);
    return (await items()).at(-1)!;
  }

  it('begins with a region to describe, and goes on to the next one by key alone', async () => {
    await window.page.getByText(taskOf('description').words.english.teach).waitFor();
    await panel()
      .getByLabel(author.description, { exact: true })
      .and(window.page.locator(':focus'))
      .waitFor();
    await window.page.keyboard.type('A dog.');
    await panel()
      .getByText(/are few/)
      .waitFor();
    await keep();
    await panel().getByText(author.written(1, 2)).waitFor();
    await window.page.keyboard.type('A round red ball lies on the left side of the wooden floor.');
    await panel().getByText(author.noFindings).waitFor();
    await keep();
    await newest(2);
    const about = (await items()).map(({ segments }) => segments.map((one) => one.annotationId));
    expect(new Set(about.flat()).size).toBe(2);
    await panel().getByText(author.wholeImage, { exact: true }).waitFor();
    await window.page.keyboard.press('Alt+ArrowUp');
    await panel().getByText(author.written(2, 2), { exact: true }).waitFor();
  });

  it('takes a draft of the model, which stays the model’s until a word is changed', async () => {
    await panel().getByRole('button', { name: author.newItem }).click();
    await panel().getByRole('button', { name: author.draft }).click();
    await panel().getByText(author.draftOfModel).waitFor();
    await keep();
    expect((await newest(3)).provenance.source).toBe('model');
    await panel().getByText(author.wholeImage, { exact: true }).waitFor();
    await window.page.keyboard.press('Alt+ArrowUp');
    await panel().getByText(author.written(2, 2), { exact: true }).waitFor();
  });

  it('writes a question with choices, marks the answer by key and shuffles with a kept seed', async () => {
    await window.page
      .getByRole('tab', { name: taskOf('multiple-choice').words.english.title })
      .click();
    await panel().getByLabel(author.question, { exact: true }).fill('What colour is it?');
    await panel().getByLabel(author.choice(1), { exact: true }).fill('red');
    await window.page.keyboard.press('Alt+Enter');
    await window.page.keyboard.press('Enter');
    await window.page.keyboard.type('dark red');
    await panel()
      .getByText(/contains the answer/)
      .waitFor();
    await panel().getByLabel(author.choice(2), { exact: true }).fill('blue');
    await panel()
      .getByRole('button', { name: /^orange/ })
      .click();
    await panel().getByLabel(author.choice(1), { exact: true }).press('Alt+S');
    await panel()
      .getByText(/^Shuffled with seed \d+$/)
      .waitFor();
    await keep();
    expect(await newest(4)).toMatchObject({
      task: 'multiple-choice',
      content: { question: 'What colour is it?', answer: 'red' },
      extra: { shuffle_seed: expect.any(Number) as number },
    });
    await panel().getByText(author.inProject(1)).waitFor();
  });

  it('puts in tags by @ and by a click; those of the question are prompts, those of the answer targets', async () => {
    await window.page.getByRole('tab', { name: taskOf('referring').words.english.title }).click();
    const question = panel().getByLabel(author.refersQuestion);
    await question.fill('');
    await question.pressSequentially('What lies right of @');
    await window.page.getByRole('option').nth(1).waitFor();
    await window.page.keyboard.press('ArrowDown');
    await window.page.keyboard.press('Enter');
    await window.page.keyboard.type('?');
    await panel().getByLabel(author.refersAnswer).fill('It is ');
    await window.click([0.7, 0.4], size);
    await panel().locator('mark').nth(1).waitFor();
    await keep();
    expect(await newest(5)).toMatchObject({
      task: 'referring',
      content: { question: 'What lies right of [region1]?', answer: 'It is [region2]' },
      segments: [
        { tag: 'region1', role: 'prompt' },
        { tag: 'region2', role: 'target' },
      ],
    });
  });

  it('says that nothing fits, which is no mistake', async () => {
    await panel().getByLabel(author.refersQuestion).fill('Where is the lamp?');
    await panel().getByLabel(author.refersAnswer).fill('Nowhere.');
    await panel().getByText(referringSentences.english['no-target']()).waitFor();
    await panel().getByLabel(author.noTarget).check();
    await panel().getByText(author.noFindings).waitFor();
    await keep();
    expect(await newest(6)).toMatchObject({ task: 'referring', segments: [] });
    expect(opened.errors).toEqual([]);
  });
});
