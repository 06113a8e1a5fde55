import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Settings } from '../../app/api/settings.ts';
import { english as text } from '../../renderer/i18n/en.ts';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { noChromium } from '../support/chromium.ts';
import { seriousFindings } from '../support/serious-findings.ts';
import type { WindowPage } from '../support/window-page.ts';

if (noChromium) console.log(`Skipping the labelling of images: ${noChromium}.`);

describe.skipIf(noChromium !== null)('labelling all images', { timeout: 120_000 }, () => {
  let opened: BrowserWindow;
  let page: Page;
  let window: WindowPage;

  beforeAll(async () => {
    opened = await openBrowserWindow({ fakeEngine: true, project: 'Batch' });
    ({ page, window } = opened);
  });
  afterAll(() => opened?.close());

  const dialog = () => window.dialog(text.labelImages.title);
  const pictures = () => dialog().getByRole('img');
  const start = () => dialog().getByRole('button', { name: text.labelImages.start(4) });

  async function open() {
    await page.keyboard.press('Control+k');
    await page.getByLabel(text.dialogs.palette.search).fill(text.commands.labelImages);
    await page.keyboard.press('Enter');
    await dialog().waitFor();
  }

  it('says what is missing, and shows on three images what would be found before it starts', async () => {
    await open();
    await dialog().getByText(text.labelImages.noNames).waitFor();
    expect(await start().isDisabled()).toBe(true);
    await dialog().getByLabel(text.labelImages.names).fill('bear\ndog');
    await dialog().getByRole('button', { name: text.labelImages.preview }).click();
    await expect.poll(() => pictures().count()).toBe(3);
    const found = dialog().getByText(text.labelImages.found(1, 0));
    await expect.poll(() => found.count()).toBe(3);
    await dialog().getByLabel(text.labelImages.best).uncheck();
    await expect.poll(() => found.count()).toBe(0);
    await dialog().getByLabel(text.labelImages.best).check();
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('keeps the address of a Redis server, but none with a password', async () => {
    const address = dialog().getByLabel(text.labelImages.redis, { exact: true });
    await dialog().getByText(text.labelImages.workers, { exact: true }).click();
    await dialog().getByLabel(text.labelImages.useWorkers).check();
    await dialog().getByText(text.labelImages.noRedis).waitFor();
    await address.fill('redis://host');
    await address.blur();
    const kept = async () => {
      const settings = await readFile(join(opened.host.home, 'settings.json'), 'utf8');
      return (JSON.parse(settings) as Settings).workersRedis;
    };
    await expect.poll(kept).toBe('redis://host');
    await address.fill('redis://:secret@host');
    await address.blur();
    await dialog().getByText(text.labelImages.badRedis).waitFor();
    expect(await start().isDisabled()).toBe(true);
    await dialog().getByLabel(text.labelImages.useWorkers).uncheck();
    await expect.poll(() => start().isDisabled()).toBe(false);
    expect(await kept()).toBe('redis://host');
  });

  it('adds one region for each object, to be checked, which one undo takes back', async () => {
    await start().click();
    await page.getByText(text.labelImages.ended(4, 4, 0, true)).waitFor();
    const notices = (await page.getByLabel(text.notices.label).boundingBox())!;
    const prompt = (await page.getByLabel(text.prompt.label).boundingBox())!;
    expect(notices.x + notices.width).toBeLessThanOrEqual(prompt.x);
    await window.button(text.labelImages.check).click();
    const queue = window.dialog(text.checkRegions.title);
    await queue.getByText(text.checkRegions.waiting(4)).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await queue
      .getByRole('button', { name: text.checkRegions.remove, exact: true })
      .first()
      .click();
    await queue.getByText(text.checkRegions.waiting(3)).waitFor();
    await queue
      .getByRole('button', { name: text.checkRegions.acceptAs('dog', '90 %') })
      .first()
      .click();
    await queue.getByText(text.checkRegions.waiting(2)).waitFor();
    await queue.getByRole('button', { name: text.checkRegions.acceptAbove(2) }).click();
    await queue.getByText(text.checkRegions.empty).waitFor();
    await queue.getByRole('button', { name: text.dialogs.close, exact: true }).last().click();
    await window.canvas.focus();
    for (let step = 0; step < 3; step++) {
      await page.keyboard.press('Control+z');
      await window.saved.waitFor();
    }
    await page.keyboard.press('Control+z');
    await expect.poll(() => window.regions.count()).toBe(0);
    expect(opened.errors).toEqual([]);
  });
});
