import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { english as text } from '../../renderer/i18n/en.ts';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { noChromium } from '../support/chromium.ts';
import { drawnPhotoSize as size } from '../support/drawn-photos.ts';
import { seriousFindings } from '../support/serious-findings.ts';
import type { WindowPage } from '../support/window-page.ts';

if (noChromium) console.log(`Skipping the list of images: ${noChromium}.`);

const poll = <Value>(value: () => Promise<Value>) => expect.poll(value, { timeout: 20_000 });

describe.skipIf(noChromium !== null)('the list of images', { timeout: 120_000 }, () => {
  let opened: BrowserWindow;
  let page: Page;
  let window: WindowPage;

  beforeAll(async () => {
    opened = await openBrowserWindow({ fakeEngine: true, project: 'Images' });
    ({ page, window } = opened);
  });

  afterAll(() => opened?.close());

  const panel = () => page.getByRole('complementary', { name: text.imageList.title });
  const images = () => panel().getByRole('button', { name: /disc \d\.jpg/ });
  const shown = () => window.canvas.getAttribute('aria-label');
  const criteria = () => window.dialog(text.imageList.criteria);

  it('goes back and forward through the images that were shown', async () => {
    const first = await shown();
    await images().nth(2).click();
    await poll(shown).not.toBe(first);
    const third = await shown();
    await page.keyboard.press('Alt+a');
    await poll(shown).toBe(first);
    await window.button(text.commands.forwardToImage).click();
    await poll(shown).toBe(third);
    await page.keyboard.press('Alt+a');
    await poll(shown).toBe(first);
  });

  it('finds images by the names of categories and by the scores of regions', async () => {
    await page.keyboard.press('r');
    await window.drag([0.3, 0.2], [0.7, 0.8], size);
    await window.proposal.waitFor();
    await window.accept('heron');
    await window.saved.waitFor();
    await page.getByLabel(text.imageList.search).fill('hero');
    await poll(() => images().count()).toBe(1);
    await page.getByLabel(text.imageList.search).fill('');
    await poll(() => images().count()).toBe(4);

    await window.button(text.imageList.criteria).click();
    await criteria().getByLabel(text.imageList.source).selectOption('model');
    await poll(() => images().count()).toBe(1);
    await criteria().getByLabel(text.imageList.scoreBelow).fill('1');
    await criteria().getByLabel(text.imageList.scoreBelow).press('Tab');
    await page.getByText(text.imageList.noMatch).waitFor();
    await criteria().getByRole('button', { name: text.imageList.clear }).click();
    await criteria().getByLabel(text.imageList.source).selectOption('model');
    await poll(() => images().count()).toBe(1);
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('keeps a filter under a name with the project', async () => {
    await criteria().getByLabel(text.imageList.saveName).fill('by the model');
    await criteria().getByRole('button', { name: text.imageList.save, exact: true }).click();
    await criteria().getByRole('button', { name: text.imageList.clear }).click();
    await poll(() => images().count()).toBe(4);
    await page.reload();
    await poll(() => images().count()).toBe(4);
    await window.button(text.imageList.criteria).click();
    await criteria().getByRole('button', { name: 'by the model', exact: true }).click();
    await poll(() => images().count()).toBe(1);
    await criteria()
      .getByRole('button', { name: text.imageList.forget('by the model') })
      .click();
    await criteria().getByRole('button', { name: text.imageList.clear }).click();
    await page.keyboard.press('Escape');
    await poll(() => images().count()).toBe(4);
  });

  it('puts chosen images into a split and says what cannot be said of all, as steps to undo', async () => {
    await images()
      .nth(0)
      .click({ modifiers: ['Control'] });
    await images()
      .nth(3)
      .click({ modifiers: ['Shift'] });
    const chosen = page.getByRole('group', { name: text.imageList.chosen(4) });
    await chosen.getByLabel(text.imageList.setSplit).selectOption('test');
    await page.getByText(text.imageList.changed(4, 0)).waitFor();
    await chosen.waitFor({ state: 'detached' });

    await images().nth(1).hover();
    await panel().getByRole('checkbox').nth(1).click();
    await window.button(text.imageList.chooseAll(4)).click();
    await page.getByLabel(text.imageList.setState).selectOption('done');
    const notice = page.locator('.notice', { hasText: text.imageList.changed(1, 3) });
    await notice.getByRole('button', { name: text.commands.undo }).click();
    await poll(() =>
      panel()
        .getByRole('button', { name: /disc \d\.jpg.*Done/ })
        .count(),
    ).toBe(0);
  });

  it('takes an image out of the project and brings it back', async () => {
    const before = await shown();
    await images().nth(0).hover();
    await panel().getByRole('checkbox').nth(0).click();
    await window.button(text.imageList.takeOut).click();
    await poll(() => images().count()).toBe(3);
    await poll(shown).not.toBe(before);
    const notice = page.locator('.notice', { hasText: text.imageList.takenOut(1) });
    await notice.getByRole('button', { name: text.commands.undo }).click();
    await poll(() => images().count()).toBe(4);
    await images().nth(0).click();
    await poll(() => window.regions.count()).toBe(1);
  });

  it('shows pictures instead of names, and remembers that', async () => {
    await window.button(text.imageList.views.grid).click();
    const [first, second] = [
      await images().nth(0).boundingBox(),
      await images().nth(1).boundingBox(),
    ];
    expect(second!.y).toBe(first!.y);
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('shortens long names in the middle, for names of a folder differ at the end', async () => {
    await window.button(text.imageList.views.list).click();
    const folder = join(opened.host.home, 'long');
    await mkdir(folder);
    const begin = 'a photo of the nest at the northern shore of the lake in the early morning';
    for (const [index, file] of (await readdir(opened.photos)).slice(0, 2).entries()) {
      await copyFile(join(opened.photos, file), join(folder, `${begin} 000${index}.jpg`));
    }
    await window.importFolder(folder);
    const long = panel().locator('.name', { hasText: begin });
    await poll(() => long.count()).toBe(2);
    const ends = long.locator('.end');
    expect(await ends.allTextContents()).toEqual(['ing 0000.jpg', 'ing 0001.jpg']);
    for (const part of ['.start', '.end']) {
      const isCut = await long
        .locator(part)
        .first()
        .evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth);
      expect(isCut).toBe(part === '.start');
    }
  });

  it('opens again with the image and the zoom that were left', async () => {
    const before = await shown();
    await images().nth(2).click();
    await poll(shown).not.toBe(before);
    await window.ready();
    const left = await shown();
    await page.keyboard.press('Control+0');
    const zoom = page.locator('.zoom');
    await expect.poll(() => zoom.textContent()).toContain('100');
    const stored = () => opened.host.backend.request('project.settings', null) as Promise<object>;
    await poll(async () => JSON.stringify(await stored())).toContain('"scale":1,');
    await page.reload();
    await poll(shown).toBe(left);
    await expect.poll(() => zoom.textContent()).toContain('100');
  });
});
