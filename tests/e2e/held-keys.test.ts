import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ImageDocument, ImagePage } from '../../app/api/contract/images.ts';
import type { Category } from '../../core/records.ts';
import { toolOf, type ToolId } from '../../renderer/editor/tools/registry.ts';
import { english as text } from '../../renderer/i18n/en.ts';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { noChromium } from '../support/chromium.ts';
import { drawnPhotoSize } from '../support/drawn-photos.ts';
import type { WindowPage } from '../support/window-page.ts';

const toolLabel = (id: ToolId) => toolOf(id).words.en.label;

if (noChromium) console.log(`Skipping the keys that are held: ${noChromium}.`);

describe.skipIf(noChromium !== null)('keys, wherever the focus is', { timeout: 120_000 }, () => {
  let opened: BrowserWindow;
  let page: Page;
  let window: WindowPage;

  beforeAll(async () => {
    opened = await openBrowserWindow({ fakeEngine: true, project: 'Held' });
    ({ page, window } = opened);
    await page.keyboard.press('Shift+R');
    await window.drag([0.3, 0.3], [0.6, 0.6], drawnPhotoSize);
    await window.regions.first().waitFor();
    await window.saved.waitFor();
  });

  afterAll(() => opened?.close());

  beforeEach(() => page.keyboard.press('v'));

  async function document(): Promise<ImageDocument> {
    const request = opened.host.backend.request.bind(opened.host.backend);
    const { rows } = (await request('images.list', { offset: 0, limit: 1 })) as ImagePage;
    return (await request('images.document', { imageId: rows[0]!.id })) as ImageDocument;
  }

  const categories = async () =>
    ((await opened.host.backend.request('categories.list', null)) as Category[]).map(
      ({ name }) => name,
    );

  /** Drags from the middle of the region. */
  async function drag(): Promise<void> {
    const box = (await window.canvas.boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 70, y + 45, { steps: 4 });
    await page.mouse.up();
  }

  /** The shown part of the image; it changes when the image is moved. */
  const picture = () =>
    window.canvas.evaluate((element) => element.querySelector('canvas')!.toDataURL());

  const places: readonly [string, () => Locator][] = [
    ['the canvas', () => window.canvas],
    ['the image list', () => page.getByRole('button', { name: 'disc 1.jpg' })],
    ['a tool button', () => window.button(toolLabel('point'))],
    ['the header', () => page.locator('header button').first()],
    ['the row of a region', () => window.regions.first()],
  ];

  it.each(places)('Space moves the image and presses nothing: %s', async (_, target) => {
    await target().focus();
    const before = await document();
    const seen = await picture();
    await page.keyboard.down('Space');
    await drag();
    await page.keyboard.up('Space');
    await expect.poll(picture).not.toBe(seen);
    await page.keyboard.press('Control+f');
    await expect.poll(picture).toBe(seen);
    await window.saved.waitFor();
    expect(await document()).toEqual(before);
    expect(await page.getByRole('dialog').count()).toBe(0);
    const select = window.button(toolLabel('select'));
    expect(await select.getAttribute('aria-pressed')).toBe('true');
  });

  it('Space moves the image after a click on a list of choices, which stays closed', async () => {
    const states = page.getByLabel(text.regions.imageState).last();
    await states.click();
    await page.keyboard.press('Escape');
    const seen = await picture();
    await page.keyboard.down('Space');
    await drag();
    await page.keyboard.up('Space');
    await expect.poll(picture).not.toBe(seen);
    await page.keyboard.press('Control+f');
    await page.keyboard.press('b');
    const brush = window.button(toolLabel('brush'));
    expect(await brush.getAttribute('aria-pressed')).toBe('true');
  });

  it('Space alone presses the button that has the focus', async () => {
    await window.button(toolLabel('point')).focus();
    await page.keyboard.press('Space');
    const point = window.button(toolLabel('point'));
    expect(await point.getAttribute('aria-pressed')).toBe('true');
  });

  it('Space is let go when the window loses the focus', async () => {
    await window.canvas.focus();
    await page.keyboard.down('Space');
    await page.evaluate(() => globalThis.dispatchEvent(new Event('blur')));
    const [before] = (await document()).annotations;
    await drag();
    await page.keyboard.up('Space');
    await expect
      .poll(async () => (await document()).annotations[0]!.bbox)
      .not.toEqual(before!.bbox);
    await page.keyboard.press('Control+z');
    await expect.poll(async () => (await document()).annotations[0]!.bbox).toEqual(before!.bbox);
  });

  it('Space and a drag ask the model nothing while a crosshair is shown', async () => {
    await window.canvas.focus();
    await page.keyboard.press('q');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.down('Space');
    await drag();
    await page.keyboard.up('Space');
    await page.keyboard.press('Control+f');
    expect(await window.proposal.count()).toBe(0);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    await window.proposal.waitFor();
    await page.keyboard.press('Escape');
    await window.proposal.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
  });

  it('letters are commands again after Enter in the category field of a region', async () => {
    await window.regions.first().click();
    const field = page.getByRole('region', { name: text.region.title }).getByRole('combobox', {
      name: text.region.category,
    });
    await field.click();
    await page.keyboard.type('tv');
    await page.keyboard.press('Enter');
    await page.keyboard.type('r');
    const box = window.button(toolLabel('box'));
    await expect.poll(() => box.getAttribute('aria-pressed')).toBe('true');
    await page.keyboard.type('d');
    await page.getByRole('application', { name: 'disc 2.jpg' }).waitFor();
    await window.saved.waitFor();
    expect(await categories()).toEqual(['tv']);
    await page.keyboard.type('a');
    await page.getByRole('application', { name: 'disc 1.jpg' }).waitFor();
  });

  it('Alt and a digit change the view also while a text has the focus', async () => {
    await page.keyboard.press('Alt+4');
    await page.getByRole('tab', { name: text.author.description }).waitFor();
    await page.getByRole('textbox').last().focus();
    await page.keyboard.press('Alt+3');
    await window.button(toolLabel('box')).waitFor();
  });

  it('letters are commands again after a slider was moved with the mouse', async () => {
    await page.keyboard.press('b');
    await page.locator('main input[type=range]').first().click();
    await page.keyboard.type('e');
    const eraser = window.button(toolLabel('eraser'));
    await expect.poll(() => eraser.getAttribute('aria-pressed')).toBe('true');
  });
});
