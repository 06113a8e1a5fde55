import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { english as text } from '../../renderer/i18n/en.ts';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { noChromium } from '../support/chromium.ts';
import { drawnPhotoSize as size } from '../support/drawn-photos.ts';
import { seriousFindings } from '../support/serious-findings.ts';
import type { WindowPage } from '../support/window-page.ts';

if (noChromium) console.log(`Skipping the statistics: ${noChromium}.`);

const poll = <Value>(value: () => Promise<Value>) => expect.poll(value, { timeout: 20_000 });

describe.skipIf(noChromium !== null)('statistics and shapes', { timeout: 120_000 }, () => {
  let opened: BrowserWindow;
  let page: Page;
  let window: WindowPage;

  beforeAll(async () => {
    opened = await openBrowserWindow({ fakeEngine: true, project: 'Counted' });
    ({ page, window } = opened);
  });

  afterAll(() => opened?.close());

  const images = () =>
    page
      .getByRole('complementary', { name: text.imageList.title })
      .getByRole('button', { name: /disc \d\.jpg/ });

  async function drawTwo(category: string) {
    for (const to of [[0.7, 0.8] as const, [0.71, 0.8] as const]) {
      await page.keyboard.press('r');
      await window.drag([0.3, 0.2], to, size);
      await window.proposal.waitFor();
      await window.accept(category);
      await window.proposal.waitFor({ state: 'detached' });
    }
    await window.saved.waitFor();
  }

  it('leads from a suspicion to its images, and from a pair of categories to theirs', async () => {
    await drawTwo('disc');
    await page.keyboard.press('Control+g');
    const dialog = window.dialog(text.statistics.title);
    const words = text.regionStatistics;
    const duplicate = dialog.getByRole('button', { name: words.suspect.duplicate });
    await expect.poll(() => duplicate.isEnabled()).toBe(true);
    expect(await seriousFindings(page)).toEqual([]);
    await duplicate.click();
    await dialog.waitFor({ state: 'detached' });
    await poll(() => images().count()).toBe(1);
    await window.button(text.imageList.criteria).click();
    await page.getByText(text.imageList.named(1)).waitFor();
    await window
      .dialog(text.imageList.criteria)
      .getByRole('button', { name: text.imageList.clear })
      .click();
    await page.keyboard.press('Escape');
    await poll(() => images().count()).toBe(4);

    await page.keyboard.press('Control+g');
    await dialog.getByRole('button', { name: words.pair('disc', 'disc', 1) }).click();
    await dialog.waitFor({ state: 'detached' });
    await poll(() => images().count()).toBe(1);
  });

  it('has tools that draw a circle and a rotated box by hand, which become regions', async () => {
    await page.keyboard.press('Shift+O');
    await window.drag([0.1, 0.1], [0.2, 0.3], size);
    await poll(() => window.regions.count()).toBe(3);
    await page.keyboard.press('Alt+r');
    await window.click([0.75, 0.2], size);
    await window.click([0.9, 0.3], size);
    await window.click([0.85, 0.5], size);
    await poll(() => window.regions.count()).toBe(4);
  });

  it('leads from every count to its images: a state, a category, a size and a number', async () => {
    const dialog = window.dialog(text.statistics.title);
    const open = async () => {
      await window.canvas.focus();
      await page.keyboard.press('Control+g');
      await dialog.locator('svg[role=img]').nth(3).waitFor();
    };
    const listed = async (count: number) => {
      await dialog.waitFor({ state: 'detached' });
      await poll(() => images().count()).toBe(count);
    };
    await open();
    await dialog.getByRole('button', { name: `${text.states.untouched}: 4`, exact: true }).click();
    await listed(4);

    await open();
    const plot = (title: string) => dialog.getByRole('figure').filter({ hasText: title });
    const perCategory = plot(text.statistics.perCategory(1, 1));
    await perCategory.getByText(text.statistics.asTable).click();
    await perCategory.getByRole('button', { name: 'disc', exact: true }).click();
    await listed(1);

    await open();
    await plot(text.statistics.sizes).locator('rect.choosable').last().click();
    await listed(1);

    await open();
    await plot(text.statistics.perImage).locator('rect.choosable').first().click();
    await listed(3);
  });

  it('leads from a person to the images with their regions', async () => {
    await opened.host.backend.request('settings.set', { person: 'Ann' });
    await page.reload();
    await window.ready();
    await page.keyboard.press('Shift+R');
    await window.drag([0.1, 0.1], [0.2, 0.2], size);
    await window.saved.waitFor();
    await page.keyboard.press('Control+g');
    const dialog = window.dialog(text.statistics.title);
    await dialog.getByRole('button', { name: 'Ann', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await poll(() => images().count()).toBe(1);
  });
});
