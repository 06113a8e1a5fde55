import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldsOf } from '../../core/tasks/fields.ts';
import { multipleChoice } from '../../core/tasks/multiple-choice/task.ts';
import { english as text } from '../../renderer/i18n/en.ts';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { noChromium } from '../support/chromium.ts';
import { drawnPhotoSize as size } from '../support/drawn-photos.ts';
import { seriousFindings } from '../support/serious-findings.ts';
import type { WindowPage } from '../support/window-page.ts';

if (noChromium) console.log(`Skipping the panels: ${noChromium}.`);

const question = Object.fromEntries(
  fieldsOf(multipleChoice.content).map(({ name, words }) => [name, words.english]),
);

/** A busy machine may take its time. */
const poll = <Value>(value: () => Promise<Value>) => expect.poll(value, { timeout: 20_000 });

describe.skipIf(noChromium !== null)('the panels around the canvas', { timeout: 120_000 }, () => {
  let opened: BrowserWindow;
  let page: Page;
  let window: WindowPage;

  beforeAll(async () => {
    opened = await openBrowserWindow({ fakeEngine: true, project: 'Panels' });
    ({ page, window } = opened);
  });

  afterAll(() => opened?.close());

  const tab = (name: string) => page.getByRole('tab', { name, exact: true });
  const images = () =>
    page.getByRole('complementary', { name: text.imageList.title }).getByRole('button', {
      name: /disc \d\.jpg/,
    });
  const region = (category: string) => window.regions.filter({ hasText: category });

  /** Accepts the answer to a box prompt under a category. */
  async function addRegion(
    from: readonly [number, number],
    to: readonly [number, number],
    category: string,
  ) {
    await page.keyboard.press('r');
    await window.drag(from, to, size);
    await window.proposal.waitFor();
    await window.accept(category);
    await region(category).waitFor();
  }

  async function setAttribute(dialog: Locator, name: string, choices: string) {
    await dialog.getByLabel(text.categories.attributeName).fill(name);
    await dialog.getByLabel(text.categories.attributeName).press('Enter');
    await dialog.getByLabel(text.categories.attributeType(name)).selectOption('choice');
    const field = dialog.getByLabel(text.categories.attributeChoices(name));
    await field.fill(choices);
    await field.press('Tab');
  }

  it('keeps texts of every kind with a region, its own and the model’s', async () => {
    await addRegion([0.3, 0.2], [0.7, 0.8], 'disc');
    await addRegion([0.05, 0.05], [0.2, 0.3], 'corner');
    await region('disc').click();
    await window.button(text.region.describe).click();
    await window.button(text.region.keep).click();
    await page.getByText(text.region.byModel).waitFor();

    await page.getByLabel(text.region.kind).selectOption('multiple-choice');
    await page.getByLabel(question['question']!.label, { exact: true }).fill('Which shape is it?');
    await page.getByLabel(question['choices']!.label).fill('round\nvery round');
    await page.getByLabel(question['answer']!.label, { exact: true }).selectOption('round');
    await page.getByText(multipleChoice.words.english.problems!['answer-inside-choice']!).waitFor();
    await page.getByLabel(question['choices']!.label).fill('round\nsquare');
    await window.button(text.region.add).click();
    await page.getByText('Which shape is it?').waitFor();
    await window.saved.waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('finds images by their texts, and by what their regions have', async () => {
    const search = page.getByLabel(text.imageList.search);
    await search.fill('which shape');
    await poll(() => images().count()).toBe(1);
    await search.fill('no such words');
    await page.getByText(text.imageList.noMatch).waitFor();
    await window.button(text.imageList.clearFilter).click();
    await poll(() => images().count()).toBe(4);

    await window.button(text.imageList.criteria).click();
    const criteria = window.dialog(text.imageList.criteria);
    await criteria.getByLabel(text.imageList.category).selectOption('corner');
    await poll(() => images().count()).toBe(1);
    expect(await seriousFindings(page)).toEqual([]);
    await criteria.getByRole('button', { name: text.imageList.clear }).click();
    await criteria.getByLabel(text.imageList.texts).selectOption('without');
    await poll(() => images().count()).toBe(3);
    await criteria.getByRole('button', { name: text.imageList.clear }).click();
    await page.keyboard.press('Escape');
    await poll(() => images().count()).toBe(4);
  });

  it('lets nobody edit a region that is locked', async () => {
    await region('corner').click();
    await window.button(text.regions.lock('corner')).click();
    await window.canvas.focus();
    await page.keyboard.press('Delete');
    const refusal = page.locator('.notice', { hasText: text.errors.locked(1) });
    await refusal.waitFor();
    expect(await window.regions.count()).toBe(2);
    await refusal.getByRole('button', { name: text.errors.unlock(1) }).click();
    await window.button(text.regions.lock('corner')).waitFor();
  });

  it('walks the regions by keys, and moves one below another', async () => {
    const first = window.regions.first();
    await first.click();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => window.regions.last().getAttribute('aria-selected')).toBe('true');
    await window.button(text.commands.bringToFront).click();
    await expect.poll(() => window.regions.first().textContent()).toContain('disc');
  });

  it('changes the selected region by a proposal', async () => {
    await region('disc').click();
    const area = () => region('disc').locator('[title$=" px"]').getAttribute('title');
    const before = await area();
    await page.keyboard.press('r');
    await window.drag([0.72, 0.3], [0.9, 0.6], size);
    await window.proposal.getByRole('button', { name: text.proposal.uses.union }).click();
    await poll(() => window.proposal.count()).toBe(0);
    expect(await window.regions.count()).toBe(2);
    expect(await area()).not.toBe(before);
  });

  it('gives a category attributes, and its regions fields for them', async () => {
    await window.openMenu(text.commands.categories);
    const dialog = window.dialog(text.categories.title);
    await dialog.getByRole('button', { name: /^disc/ }).click();
    await setAttribute(dialog, 'material', 'paper, metal');
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByLabel('material').selectOption('metal');
    await window.saved.waitFor();
  });

  it('merges a category into another without losing a region', async () => {
    await window.openMenu(text.commands.categories);
    const dialog = window.dialog(text.categories.title);
    await dialog.getByRole('button', { name: /^corner/ }).click();
    await dialog.getByLabel(text.categories.mergeInto).selectOption('disc');
    await dialog.getByRole('button', { name: text.categories.merge, exact: true }).click();
    await dialog.getByRole('button', { name: /^corner/ }).waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await poll(() => region('disc').count()).toBe(2);
  });

  it('judges texts one after the other', async () => {
    await tab(text.sidePanels.texts).click();
    await page.getByText(text.imageTexts.judged(0, 2)).waitFor();
    const right = page.getByRole('button', { name: text.imageTexts.verdicts.accept, exact: true });
    await right.first().click();
    await page.getByText(text.imageTexts.judged(1, 2)).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText(text.imageTexts.judged(2, 2)).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('shows counts, sizes and progress, as plots and as tables', async () => {
    await window.openMenu(text.commands.statistics);
    const dialog = window.dialog(text.statistics.title);
    await poll(() => dialog.getByRole('figure').locator('svg').count()).toBeGreaterThanOrEqual(4);
    const categories = dialog.getByRole('figure').first();
    await categories.getByText(text.statistics.asTable).click();
    await categories.getByRole('row', { name: /^disc 2 1$/ }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('names every step that was taken, and leads back and forward to any of them', async () => {
    await tab(text.sidePanels.history).click();
    const history = page.getByRole('region', { name: text.history.title });
    const step = (label: string) => history.getByRole('button', { name: label }).first();
    await step(text.steps.accept({ name: 'corner' })).click();
    await expect
      .poll(() => step(text.steps.accept({ name: 'corner' })).getAttribute('aria-current'))
      .toBe('step');
    expect(await seriousFindings(page)).toEqual([]);
    await tab(text.sidePanels.regions).click();
    await poll(() => region('corner').count()).toBe(1);

    await tab(text.sidePanels.history).click();
    await history.getByRole('button').first().click();
    await tab(text.sidePanels.regions).click();
    await poll(() => region('disc').count()).toBe(2);
  });

  it('travels after the window was loaded again, too', async () => {
    const readings: string[] = [];
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => {
        if (String(payload).includes('journal.history')) readings.push(String(payload));
      }),
    );
    await page.reload();
    await tab(text.sidePanels.history).click();
    const history = page.getByRole('region', { name: text.history.title });
    const first = history.getByRole('button').first();
    const [newest, taken] = (await first.innerText()).split('\n');
    await history.getByRole('button', { name: text.history.start }).click();
    await page.getByText(text.canvas.emptyTitle).waitFor();
    // The list shows its end by now, and only the rows near it are there.
    await first.hover();
    await page.mouse.wheel(0, -10_000);
    await poll(async () => (await first.innerText()).split('\n').slice(0, 2)).toEqual([
      newest,
      taken,
    ]);
    // Rows move while the list is read again; who goes to the newest step twice goes there once.
    await poll(async () => {
      await first.click();
      return first.getAttribute('aria-current');
    }).toBe('step');
    await tab(text.sidePanels.regions).click();
    await poll(() => region('disc').count()).toBe(2);
    // Once when it is opened and once for each of the two steps, and not again and again.
    expect(readings.length).toBeLessThanOrEqual(3);
  });

  it('says what an import left out, and why', async () => {
    const folder = join(opened.host.home, 'broken');
    await mkdir(folder);
    await writeFile(join(folder, 'broken.jpg'), 'not an image');
    await window.importFolder(folder);
    await window.button(text.jobs.showNotes).click();
    const dialog = window.dialog(text.jobs.notesTitle);
    await dialog.getByText('broken.jpg', { exact: true }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('exports only what is asked for', async () => {
    await page.keyboard.press('Control+e');
    const dialog = window.dialog(text.export.title);
    const file = join(opened.host.home, 'none.json');
    await dialog.getByLabel(text.export.file, { exact: true }).fill(file);
    await dialog.getByText(text.export.narrow).click();
    await dialog.getByLabel(text.imageList.split).selectOption('test');
    await dialog.getByRole('button', { name: text.export.submit, exact: true }).click();
    await dialog.getByText(/read back and compared/).waitFor();
    const coco = JSON.parse(await readFile(file, 'utf8')) as { images: unknown[] };
    expect(coco.images).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('met no error on the way', () => {
    expect(opened.errors).toEqual([]);
  });
});
