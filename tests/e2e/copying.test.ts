import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageDocument, ImagePage } from '../../app/api/contract/images.ts';
import { english as text } from '../../renderer/i18n/en.ts';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { noChromium } from '../support/chromium.ts';
import { drawnPhotoSize as size } from '../support/drawn-photos.ts';
import type { WindowPage } from '../support/window-page.ts';

if (noChromium) console.log(`Skipping regions of several images: ${noChromium}.`);

const poll = <Value>(value: () => Promise<Value>) => expect.poll(value, { timeout: 20_000 });

describe.skipIf(noChromium !== null)('regions of several images', { timeout: 120_000 }, () => {
  let opened: BrowserWindow;
  let page: Page;
  let window: WindowPage;

  beforeAll(async () => {
    opened = await openBrowserWindow({ fakeEngine: true, project: 'Copying' });
    ({ page, window } = opened);
  });

  afterAll(() => opened?.close());

  const request = (method: 'images.list' | 'images.document', input: object) =>
    opened.host.backend.request(method, input);

  /** Boxes of the stored regions of an image, by its place in the list. */
  async function boxesOn(place: number): Promise<readonly (readonly number[])[]> {
    const listed = await request('images.list', { offset: 0, limit: 10 });
    const { id } = (listed as ImagePage).rows[place]!;
    const stored = await request('images.document', { imageId: id });
    return (stored as ImageDocument).annotations.map(({ bbox }) => bbox);
  }

  const shown = () => window.canvas.getAttribute('aria-label');
  const undo = () => page.keyboard.press('Control+z');
  async function go(key: 'd' | 'a'): Promise<void> {
    const before = await shown();
    await window.canvas.focus();
    await page.keyboard.press(key);
    await poll(shown).not.toBe(before);
    await window.ready();
  }

  it('are pasted in place on the next image, and beside themselves on their own', async () => {
    await page.keyboard.press('Shift+r');
    await window.drag([0.1, 0.1], [0.3, 0.4], size);
    await poll(() => window.regions.count()).toBe(1);
    await page.keyboard.press('Control+c');
    await go('d');
    await page.keyboard.press('Control+v');
    await poll(async () => (await boxesOn(1)).length).toBe(1);
    const [[left, top, width, height]] = (await boxesOn(0)) as [number[]];
    expect(await boxesOn(1)).toEqual([[left, top, width, height]]);
    await page.keyboard.press('Control+d');
    await poll(() => boxesOn(1)).toContainEqual([left! + 10, top! + 10, width, height]);
  });

  it('are made once more where they were, and copied to the images that follow as one step', async () => {
    await go('a');
    await go('d');
    await go('d');
    await page.keyboard.press('Alt+n');
    await poll(async () => (await boxesOn(2)).length).toBe(1);
    await undo();
    await poll(() => boxesOn(2)).toEqual([]);
    await go('a');
    await go('a');
    await window.regions.first().click();
    await page.keyboard.press('Control+Shift+b');
    const dialog = window.dialog(text.propagate.title);
    await dialog.getByLabel(text.propagate.count).fill('3');
    await dialog.getByRole('button', { name: text.propagate.submit }).click();
    const [box] = await boxesOn(0);
    await poll(() => boxesOn(3)).toEqual([box]);
    expect(await boxesOn(2)).toEqual([box]);
    await window.canvas.focus();
    await undo();
    await poll(() => boxesOn(3)).toEqual([]);
    expect(await boxesOn(2)).toEqual([]);
  });

  it('get a category and go away as one step for all that are chosen', async () => {
    await go('d');
    await poll(() => window.regions.count()).toBe(2);
    await window.regions.first().click();
    await window.regions.last().click({ modifiers: ['Control'] });
    await page.getByRole('heading', { name: text.region.several(2) }).waitFor();
    const field = page.getByLabel(text.region.category, { exact: true });
    await field.fill('heron');
    await field.press('Enter');
    const herons = window.regions.filter({ hasText: 'heron' });
    await poll(() => herons.count()).toBe(2);
    await page.keyboard.press('Delete');
    await poll(() => window.regions.count()).toBe(0);
    await undo();
    await poll(() => herons.count()).toBe(2);
    await undo();
    await poll(() => herons.count()).toBe(0);
    expect(await window.regions.count()).toBe(2);
  });

  it('are listed in another order and filtered, and all are back when that is dropped', async () => {
    await window.button(text.regions.filter).click();
    const criteria = window.dialog(text.regions.filter);
    await criteria.getByLabel(text.regions.source).selectOption('model');
    await page.getByText(text.regions.noMatch).waitFor();
    await criteria.getByRole('button', { name: text.imageList.clear }).click();
    await poll(() => window.regions.count()).toBe(2);
    await page.keyboard.press('Escape');
  });

  it('include an unfinished polygon, which waits on its image', async () => {
    await page.keyboard.press('p');
    await window.click([0.5, 0.2], size);
    await window.click([0.9, 0.2], size);
    await go('d');
    await page.keyboard.press('Enter');
    expect(await window.regions.count()).toBe(0);
    await go('a');
    await page.keyboard.press('p');
    await window.click([0.7, 0.8], size);
    await page.keyboard.press('Enter');
    await poll(() => window.regions.count()).toBe(3);
    const newest = async () => (await boxesOn(1)).at(-1)!.map(Math.round);
    await poll(async () => (await newest()).slice(0, 3)).toEqual([160, 48, 128]);
  });

  it('leave the row of a proposal where it was moved, and the panels as wide as they were made', async () => {
    await page.keyboard.press('r');
    await window.drag([0.2, 0.5], [0.4, 0.8], size);
    await window.proposal.waitFor();
    const low = (await window.proposal.boundingBox())!.y;
    await window.proposal.getByRole('button', { name: text.proposal.move }).press('Enter');
    await poll(async () => (await window.proposal.boundingBox())!.y).toBeLessThan(low - 200);
    await window.proposal.getByRole('button', { name: text.proposal.reject }).click();

    const width = async () =>
      (await page.getByRole('complementary', { name: text.imageList.title }).boundingBox())!.width;
    const before = await width();
    const edge = page.getByRole('separator', { name: text.panels.resizeImages });
    await edge.press('ArrowRight');
    await poll(width).toBe(before + 16);
    await page.keyboard.press('Alt+2');
    const side = page.getByRole('complementary', { name: text.sidePanels.regions });
    await side.waitFor({ state: 'detached' });
    await page.reload();
    await window.ready();
    await poll(width).toBe(before + 16);
    expect(await side.count()).toBe(0);
    await page.keyboard.press('Alt+2');
    await side.waitFor();
  });

  it('stand beside icons that say their names at once, wherever they are', async () => {
    await window.regions.first().click();
    const icons = page.locator('button:visible:has(> svg)').filter({ hasNotText: /\S/ });
    const nameless = await icons.evaluateAll((buttons) =>
      buttons
        .filter((button) => !button.dataset['name'] && !button.getAttribute('title'))
        .map((button) => button.outerHTML),
    );
    expect(nameless).toEqual([]);
    const icon = window.button(text.regions.filter);
    await icon.hover();
    await page.locator('[popover]', { hasText: text.regions.filter }).waitFor();
  });

  it('met no error on the way', () => {
    expect(opened.errors).toEqual([]);
  });
});
