import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageDocument } from '../../app/api/contract/images.ts';
import { addition } from '../../core/diff.ts';
import { makeItem, oneSegment } from '../../core/project/make-item.ts';
import { english as text } from '../../renderer/i18n/en.ts';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { boxAnnotation } from '../support/annotations.ts';
import { noChromium } from '../support/chromium.ts';
import type { WindowPage } from '../support/window-page.ts';

if (noChromium) console.log(`Skipping the review view: ${noChromium}.`);

const { reviewing } = text;
const content = { question: 'What is it made of?', choices: ['wood', 'clay'], answer: 'wood' };

describe.skipIf(noChromium !== null)('the review view', { timeout: 180_000 }, () => {
  let opened: BrowserWindow;
  let window: WindowPage;
  let imageId: string;
  /** Messages from the application to the page. */
  const received: string[] = [];

  beforeAll(async () => {
    opened = await openBrowserWindow({ fakeEngine: true, project: 'Bench' });
    window = opened.window;
    const { backend } = opened.host;
    const page = (await backend.request('images.list', { offset: 0, limit: 1 })) as {
      rows: { id: string }[];
    };
    imageId = page.rows[0]!.id;
    const annotation = { ...boxAnnotation([4, 4, 30, 30]), imageId };
    const about = (task: 'description' | 'multiple-choice') => ({
      imageId,
      segments: oneSegment(task, annotation.id),
    });
    const items = [
      makeItem({ task: 'multiple-choice', content }, about('multiple-choice'), {
        source: 'person',
      }),
      makeItem({ task: 'description', content: { text: 'A cup of wood.' } }, about('description'), {
        source: 'person',
      }),
    ];
    await backend.request('journal.apply', { label: 'Made', diff: addition(annotation, ...items) });
    window.page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => received.push(String(payload))),
    );
  });

  afterAll(() => opened?.close());

  const panel = () => window.page.getByRole('complementary', { name: text.views.review });
  const queue = () => window.page.getByRole('complementary', { name: reviewing.queue });
  const press = (key: string) => window.page.keyboard.press(key);

  async function reviewAs(person: string): Promise<void> {
    await opened.host.backend.request('settings.set', { person });
    // The first page after a reload begins in the Annotate view, which knows every text.
    await window.page.reload();
    await window.canvas.waitFor();
    await press('Alt+5');
    await queue().getByText(reviewing.progress(0, 2)).first().waitFor();
    received.length = 0;
  }

  async function stored(): Promise<ImageDocument> {
    return (await opened.host.backend.request('images.document', { imageId })) as ImageDocument;
  }

  it('keeps the key from the page until the item is answered, and takes two keys for it', async () => {
    await reviewAs('Ann');
    await panel().getByText(reviewing.answerFirst).waitFor();
    await queue().locator('select').first().selectOption('all');
    await queue().getByRole('list').getByRole('button').first().click();
    await expect
      .poll(() => received.filter((one) => one.includes('made of')).length)
      .toBeGreaterThan(0);
    const told = received.filter((one) => one.includes('made of'));
    expect(told.filter((one) => one.includes('"answer":"wood"'))).toEqual([]);
    await queue().locator('select').first().selectOption('open');
    await panel().getByText(reviewing.answerFirst).waitFor();
    await press('2');
    await panel().getByText(reviewing.different).waitFor();
    await press('Enter');
    await queue().getByText(reviewing.progress(1, 2)).first().waitFor();
    expect((await stored()).reviews).toMatchObject([
      { reviewer: 'person:ann', verdict: 'accept', suggestion: { answer: 'clay' } },
    ]);
  });

  it('keeps a text that the reviewer would have, and does not change the item', async () => {
    await panel().getByText('A cup of wood.').waitFor();
    await press('f');
    await panel().getByRole('textbox').fill('A round cup of dark wood.');
    await press('Control+Enter');
    await panel().getByText(reviewing.allDone).waitFor();
    const { items, reviews } = await stored();
    expect(items[1]!.content).toEqual({ text: 'A cup of wood.' });
    expect(reviews[1]).toMatchObject({
      verdict: 'fix',
      suggestion: { text: 'A round cup of dark wood.' },
    });
  });

  it('shows a second reviewer nothing of the first, who rejects with a reason by key', async () => {
    await reviewAs('Bob');
    await panel().getByText(reviewing.answerFirst).waitFor();
    await press('1');
    await panel().getByText(reviewing.same).waitFor();
    await press('Enter');
    await panel().getByText('A cup of wood.').waitFor();
    expect(received.filter((one) => one.includes('dark wood'))).toEqual([]);
    await press('x');
    await panel().getByText(reviewing.why).waitFor();
    await press('2');
    await panel().getByText(reviewing.allDone).waitFor();
    expect((await stored()).reviews.at(-1)).toMatchObject({
      reviewer: 'person:bob',
      verdict: 'reject',
      reason: 'ambiguous',
    });
  });

  it('lets a third person decide between both versions, and tells how far the reviewers agree', async () => {
    await reviewAs('Cho');
    await queue().getByText(reviewing.disputed(2)).click();
    await panel().getByText(reviewing.settleTitle).waitFor();
    await queue().getByText(reviewing.agreement, { exact: true }).click();
    await queue().getByText(reviewing.shared(2, 2)).waitFor();
    await queue().getByText(reviewing.facts.editDistance).waitFor();
    await panel().getByRole('button', { name: reviewing.keepPresent }).click();
    await panel().getByText('A round cup of dark wood.').waitFor();
    await panel()
      .getByRole('button', { name: reviewing.take('Ann') })
      .click();
    await panel().getByText(reviewing.emptyTitle).waitFor();
    const { items } = await stored();
    expect(items[1]!.content).toEqual({ text: 'A round cup of dark wood.' });
    expect(opened.errors).toEqual([]);
  });
});
