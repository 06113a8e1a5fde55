import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toolOf, type ToolId } from '../../renderer/editor/tools/registry.ts';
import { english as text } from '../../renderer/i18n/en.ts';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { noChromium } from '../support/chromium.ts';
import { drawnDisc, drawnPhotoCount, drawnPhotoSize } from '../support/drawn-photos.ts';
import { seriousFindings } from '../support/serious-findings.ts';
import type { WindowPage } from '../support/window-page.ts';

const toolLabel = (id: ToolId) => toolOf(id).words.en.label;

const nano = new URL('../../models/catalog/pixel-sail-nano/manifest.json', import.meta.url);
const hasNano = existsSync(nano);
if (noChromium) console.log(`Skipping the browser journey: ${noChromium}.`);
if (!hasNano) console.log('The browser journey uses the made-up model: no pixel-sail-nano yet.');

const size = drawnPhotoSize;
const discCentre = [drawnDisc.x / size.width, drawnDisc.y / size.height] as const;
const discCorners = [
  [(drawnDisc.x - drawnDisc.radius) / size.width, (drawnDisc.y - drawnDisc.radius) / size.height],
  [(drawnDisc.x + drawnDisc.radius) / size.width, (drawnDisc.y + drawnDisc.radius) / size.height],
] as const;

/** A busy machine may take its time. */
const poll = (value: () => Promise<number>) => expect.poll(value, { timeout: 20_000 });

describe.skipIf(noChromium !== null)('labelling in a browser', { timeout: 120_000 }, () => {
  let opened: BrowserWindow;
  let page: Page;
  let window: WindowPage;

  beforeAll(async () => {
    opened = await openBrowserWindow({ fakeEngine: !hasNano });
    ({ page, window } = opened);
  });

  afterAll(() => opened?.close());

  it('starts with nothing open and says what to do', async () => {
    await page.getByText(text.start.noRecent).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('creates a project and imports a folder', async () => {
    await window.createProject(opened.host.home, 'Discs');
    expect(await seriousFindings(page)).toEqual([]);
    await window.importFolder(opened.photos);
    await page.getByText(text.imageList.position(0, drawnPhotoCount), { exact: true }).waitFor();
    await window.ready();
  });

  it('accepts what a point prompt proposes', async () => {
    await window.click(discCentre, size);
    await window.proposal.waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await window.accept('disc');
    await window.regions.filter({ hasText: 'disc' }).waitFor();
    await window.saved.waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('accepts what a box prompt proposes, in the category used last', async () => {
    await page.keyboard.press('r');
    await window.drag(...discCorners, size);
    await window.proposal.waitFor();
    await page.keyboard.press('Enter');
    await poll(() => window.regions.filter({ hasText: 'disc' }).count()).toBe(2);
  });

  it('rejects what a scribble prompt proposes', async () => {
    await page.keyboard.press('s');
    const [left, right] = [discCorners[0][0], discCorners[1][0]];
    const within = (share: number) => [left + share * (right - left), discCentre[1]] as const;
    await window.drag(within(0.3), within(0.7), size);
    await window.proposal.waitFor();
    await page.keyboard.press('Escape');
    await poll(() => window.proposal.count()).toBe(0);
    expect(await window.regions.count()).toBe(2);
  });

  it('answers a text prompt with masks or says that it found nothing', async () => {
    await window.askWords('the disc');
    const nothing = page.getByText(text.prompt.nothingFound);
    await window.proposal.or(nothing).first().waitFor();
    if (await nothing.isVisible())
      await page.getByRole('main').getByRole('button', { name: text.prompt.dismiss }).click();
    else await window.button(`${text.proposal.reject} Esc`).click();
    await poll(() => window.proposal.count()).toBe(0);
  });

  it('offers the texts asked before, and ways to ask for the categories', async () => {
    const offered = page.locator('#prompt-history option');
    const values = await offered.evaluateAll((options) =>
      options.map((option) => option.getAttribute('value')),
    );
    expect(values).toEqual([...new Set(['the disc', ...text.prompt.templates('disc')])]);
    expect(values.length).toBeGreaterThan(1);
  });

  it('describes a region in words that a person keeps', async () => {
    await window.regions.first().click();
    await window.button(text.region.describe).click();
    await window.button(text.region.keep).click();
    await page.getByText(text.region.byModel).waitFor();
    await window.saved.waitFor();
  });

  it('undoes and redoes', async () => {
    await window.canvas.focus();
    await page.keyboard.press('Control+z');
    await page.getByText(text.region.byModel).waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await poll(() => window.regions.count()).toBe(1);
    await page.keyboard.press('Control+Shift+z');
    await poll(() => window.regions.count()).toBe(2);
    await page.keyboard.press('Control+y');
  });

  it('shows its shortcuts', async () => {
    await page.keyboard.press('F1');
    const sheet = window.dialog(text.dialogs.shortcuts.title);
    await sheet.getByText(toolLabel('scribble')).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
  });

  it('exports COCO and proves what it wrote', async () => {
    await page.keyboard.press('Control+e');
    const dialog = window.dialog(text.export.title);
    const file = join(opened.host.home, 'discs.json');
    await dialog.getByLabel(text.export.file, { exact: true }).fill(file);
    await dialog.getByRole('button', { name: text.export.submit, exact: true }).click();
    await dialog.getByText(/read back and compared: all 2 objects are identical/).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: text.dialogs.close, exact: true }).last().click();

    const coco = JSON.parse(await readFile(file, 'utf8'));
    // Untouched images are left out unless they are asked for.
    expect(coco.images).toHaveLength(1);
    expect(coco.categories).toMatchObject([{ name: 'disc' }]);
    expect(coco.annotations).toMatchObject([{ id: 1 }, { id: 2 }]);
  });

  it('shows everything again after the page was reloaded', async () => {
    await page.reload();
    await poll(() => window.regions.count()).toBe(2);
    await window.regions.first().click();
    await page.getByText(text.region.byModel).waitFor();
  });

  it('shows everything again after the project was closed and opened', async () => {
    await window.openMenu(text.commands.closeProject);
    await page.getByRole('button', { name: /^Discs/ }).click();
    await poll(() => window.regions.count()).toBe(2);
    await window.saved.waitFor();
  });

  it('is clean in both themes', async () => {
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      expect(await seriousFindings(page)).toEqual([]);
    }
  });

  it('met no error on the way', () => {
    expect(opened.errors).toEqual([]);
  });
});
