import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { english as text } from '../../renderer/i18n/en.ts';
import { chinese } from '../../renderer/i18n/zh-CN.ts';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { noChromium } from '../support/chromium.ts';
import { seriousFindings } from '../support/serious-findings.ts';
import type { WindowPage } from '../support/window-page.ts';

if (noChromium) console.log(`Skipping the journey without a mouse: ${noChromium}.`);

/** No test of this file moves or presses a mouse. */
describe.skipIf(noChromium !== null)('a person without a mouse', { timeout: 120_000 }, () => {
  let opened: BrowserWindow;
  let page: Page;
  let window: WindowPage;

  beforeAll(async () => {
    opened = await openBrowserWindow({ fakeEngine: true });
    ({ page, window } = opened);
    await page.getByText(text.start.noRecent).waitFor();
  });

  afterAll(() => opened?.close());

  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const type = (words: string) => page.keyboard.type(words);
  const hasFocus = (target: Locator) =>
    target.evaluate((element) => element === document.activeElement);

  /** Presses a key until something has the focus. */
  async function walkTo(target: Locator, key = 'Tab'): Promise<void> {
    await target.waitFor();
    for (let step = 0; step < 60; step++) {
      if (await hasFocus(target)) return;
      await press(key);
    }
    throw new Error(`${key} does not lead to ${String(target)}.`);
  }

  async function runByName(words: string): Promise<void> {
    await press('Control+k');
    const field = window.dialog(text.dialogs.palette.title).getByRole('combobox');
    await field.waitFor();
    await type(words);
    await press('Enter');
    await field.waitFor({ state: 'detached' });
  }

  const announced = (words: string) =>
    page.locator('#announcer').filter({ hasText: words }).waitFor({ state: 'attached' });
  const settings = (title: string = text.settings.title) => window.dialog(title);

  it('creates a project from the start screen', async () => {
    await walkTo(page.getByRole('button', { name: text.start.create }));
    await press('Enter');
    const dialog = window.dialog(text.dialogs.create.title);
    await dialog.waitFor();
    await type('By keys');
    await walkTo(dialog.getByLabel(text.dialogs.create.folder));
    await type(opened.host.home);
    expect(await seriousFindings(page)).toEqual([]);
    await press('Enter');
    await page.getByText(text.canvas.emptyTitle).waitFor();
  });

  it('adds images with a command found by its name', async () => {
    await runByName('folder of images');
    const dialog = window.dialog(text.dialogs.importFolder.title);
    await dialog.getByRole('listitem').first().waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await walkTo(dialog.getByLabel(text.dialogs.browser.path));
    await press('Control+a');
    await type(opened.photos);
    await walkTo(
      dialog.getByRole('button', { name: text.dialogs.importFolder.submit, exact: true }),
    );
    await press('Enter');
    await window.canvas.waitFor();
    await window.ready();
  });

  it('reaches the canvas by the link that skips the panels, and leaves it by F6', async () => {
    await page.reload();
    await window.ready();
    await press('Tab');
    expect(await hasFocus(window.button(text.canvas.skip))).toBe(true);
    await press('Enter');
    expect(await hasFocus(window.canvas)).toBe(true);
    await press('F6');
    expect(await hasFocus(page.getByLabel(text.prompt.label))).toBe(true);
    await press('Shift+F6');
    expect(await hasFocus(window.canvas)).toBe(true);
  });

  it('prompts with a point, and is told what the model proposes', async () => {
    await press('q', 'Shift+ArrowRight', 'Shift+ArrowRight', 'Enter');
    await window.proposal.waitFor();
    await announced('Proposal 1 of 1');
    await press('Enter');
    expect(await hasFocus(window.proposal.getByLabel(text.proposal.category))).toBe(true);
    await type('disc');
    await press('Enter');
    await announced(text.announce.step.done(text.steps.accept({ name: 'disc' })));
    await expect.poll(() => window.regions.count()).toBe(1);
    expect(await hasFocus(window.canvas)).toBe(true);
  });

  it('draws a box between two presses', async () => {
    await press('Escape', 'Shift+R', 'ArrowUp', 'Enter');
    await announced('Started at');
    await press('Shift+ArrowLeft', 'Shift+ArrowUp', 'Shift+ArrowUp', 'Enter');
    await expect.poll(() => window.regions.count()).toBe(2);
    await announced(text.announce.step.done(text.steps.draw({ name: 'disc' })));
  });

  it('draws a polygon that Enter closes', async () => {
    await press('Escape', 'p', 'ArrowDown', 'Enter', 'Shift+ArrowRight', 'Enter');
    await press('Shift+ArrowDown', 'Enter', 'Enter');
    await expect.poll(() => window.regions.count()).toBe(3);
    await press('Control+z');
    await announced(text.announce.step.undo(text.steps.draw({ name: 'disc' })));
    await expect.poll(() => window.regions.count()).toBe(2);
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('searches and filters images and regions, and changes their look, with commands', async () => {
    const regionFilter = window.dialog(text.regions.filter);
    await runByName(text.commands.filterRegions);
    await regionFilter.waitFor();
    expect(await hasFocus(regionFilter.getByLabel(text.regions.order))).toBe(true);
    expect(await seriousFindings(page)).toEqual([]);
    await press('Escape');
    await regionFilter.waitFor({ state: 'detached' });

    await runByName('brightness');
    const look = window.dialog(text.imageLook.title);
    await look.waitFor();
    expect(await hasFocus(look.getByLabel(text.imageLook.brightness))).toBe(true);
    await press('Escape');
    await look.waitFor({ state: 'detached' });

    await press('Alt+1');
    const search = page.getByRole('searchbox', { name: text.imageList.search });
    await search.waitFor({ state: 'detached' });
    await runByName(text.commands.searchImages);
    expect(await hasFocus(search)).toBe(true);
    await runByName(text.commands.filterImages);
    const criteria = window.dialog(text.imageList.criteria);
    await criteria.waitFor();
    expect(await hasFocus(criteria.getByLabel(text.imageList.category))).toBe(true);
    await press('Escape');
    await criteria.waitFor({ state: 'detached' });

    await runByName('grid');
    await window.button(text.imageList.views.list).waitFor();
    await runByName('grid');
    await window.button(text.imageList.views.grid).waitFor();
    await walkTo(window.canvas);
  });

  it('exports what it has labelled', async () => {
    await press('Control+Enter', 'Control+e');
    const dialog = window.dialog(text.export.title);
    const file = join(opened.host.home, 'by-keys.json');
    await walkTo(dialog.getByLabel(text.export.file, { exact: true }));
    expect(await seriousFindings(page)).toEqual([]);
    await type(file);
    await press('Enter');
    await dialog
      .getByText(text.export.proofGood({ objects: 2, exact: 2, missing: [], extra: [] }))
      .waitFor();
    await press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await hasFocus(window.canvas)).toBe(true);
    expect(JSON.parse(await readFile(file, 'utf8')).annotations).toHaveLength(2);
  });

  it('chooses the keys of another tool, and gives a key to another command', async () => {
    await press('Control+,');
    await settings().waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await settings().getByLabel(text.settings.keyProfile).selectOption('cvat');
    await walkTo(settings().getByLabel(text.settings.searchCommand));
    await type(text.commands.fit);
    const addFit = settings().getByRole('button', {
      name: text.settings.addKeys(text.commands.fit),
    });
    await walkTo(addFit);
    await press('Enter', 'f');
    const conflict = text.settings.conflict('F', text.commands.nextImage);
    await settings().getByText(conflict).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await press('Enter');
    await settings().getByText(conflict).waitFor({ state: 'detached' });
    await press('Escape');
    await settings().waitFor({ state: 'detached' });
    await press('PageDown');
    const second = page.getByRole('application', { name: 'disc 2.jpg' });
    await second.waitFor();
    await press('f');
    await press('d');
    await page.getByRole('application', { name: 'disc 1.jpg' }).waitFor();
  });

  it('reads everything in Chinese, also after the next start, and in English again', async () => {
    await press('Control+,');
    await settings().getByLabel(text.settings.language).selectOption('zh-CN');
    await settings(chinese.settings.title).waitFor();
    await press('Escape');
    await page.getByText(chinese.regions.title, { exact: true }).first().waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.reload();
    await page.getByText(chinese.encode.ready).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
    await press('Control+,');
    await settings(chinese.settings.title).getByLabel(chinese.settings.language).selectOption('en');
    await settings().waitFor();
    await press('Escape');
    await page.getByText(text.encode.ready).waitFor();
  });

  it('finds all keys and commands without a serious finding of axe', async () => {
    await press('F1');
    await window.dialog(text.dialogs.shortcuts.title).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await press('Escape', 'Control+k');
    await window.dialog(text.dialogs.palette.title).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    for (const [command, title] of [
      [text.commands.openProject, text.dialogs.open.title],
      [text.commands.importDataset, text.dialogs.importDataset.title],
    ] as const) {
      await press('Escape');
      await runByName(command);
      await window.dialog(title).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
    }
  });
});
