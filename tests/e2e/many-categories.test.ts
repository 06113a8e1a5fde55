import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { english as text } from '../../renderer/i18n/en.ts';
import { startBrowserHost, type TestBrowserHost } from '../support/browser-host.ts';
import { launchChromium, noChromium } from '../support/chromium.ts';
import { grayPhoto, makeProject } from '../support/made-project.ts';
import { threadTimeOf } from '../support/thread-time.ts';
import { WindowPage } from '../support/window-page.ts';

const total = 6000;
/** Height of the page besides the category rows, with a margin. */
const mostNodes = 2500;

/**
 * Far above what opening costs (`npm run bench:ui -- --only categories`), and below the seconds
 * that building all rows takes.
 */
const mostThreadMs = 1500;

/** The file of the case `six-thousand-categories`: names under fifty groups. */
const coco = {
  images: [{ id: 1, file_name: 'a.png', width: 320, height: 240 }],
  categories: Array.from({ length: total }, (_, index) => ({
    id: index + 1,
    name: `class number ${String(index + 1).padStart(5, '0')}`,
    supercategory: `group ${(index + 1) % 50}`,
  })),
  annotations: [
    { id: 1, image_id: 1, category_id: 7, bbox: [4, 4, 10, 8], segmentation: [], iscrowd: 0 },
  ],
};

describe.skipIf(noChromium !== null)('a project of 6,000 categories', { timeout: 120_000 }, () => {
  let folder: string;
  let host: TestBrowserHost;
  let browser: Browser;
  let window: WindowPage;
  const nodes = () => window.page.evaluate(() => document.querySelectorAll('*').length);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pixelsail-categories-'));
    const file = join(folder, 'many.pixelsail');
    makeProject(file, [await grayPhoto(join(folder, 'a.png'))], 1);
    host = await startBrowserHost({ projectFile: file, fakeEngine: true });
    await writeFile(join(folder, 'in.json'), JSON.stringify(coco));
    const ended = new Promise((resolve) => {
      host.backend.onEvent((name, payload) => {
        if (name === 'job:end') resolve(payload);
      });
    });
    await host.backend.request('dataset.import', { path: join(folder, 'in.json') });
    await ended;
    browser = await launchChromium();
    window = new WindowPage(await browser.newPage({ viewport: { width: 1280, height: 720 } }));
    await window.page.goto(host.url);
    await window.ready();
  });

  afterAll(async () => {
    await browser.close();
    await host.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('shows them in their dialog and builds only what is seen', async () => {
    const { page } = window;
    const dialog = window.dialog(text.categories.title);
    const opening = await threadTimeOf(page, async () => {
      await window.openMenu(text.commands.categories);
      await dialog
        .getByRole('button', { name: /class number 0/ })
        .first()
        .waitFor();
    });
    expect(await nodes()).toBeLessThan(mostNodes);
    const choosing = await threadTimeOf(page, async () => {
      await dialog.getByLabel(text.categories.search).fill('5987');
      await dialog.getByRole('button', { name: /class number 05987/ }).click();
      await dialog.getByRole('group', { name: 'class number 05987' }).waitFor();
    });
    expect(await nodes()).toBeLessThan(mostNodes);
    for (const { tasks, scripts } of [opening, choosing]) {
      expect(tasks).toBeGreaterThan(0);
      expect(tasks).toBeLessThan(mostThreadMs);
      expect(scripts).toBeLessThan(mostThreadMs);
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('gives a proposal one of them by a few letters and Enter, and goes on at the canvas', async () => {
    const { page } = window;
    await page.keyboard.press('r');
    await window.drag([0.2, 0.2], [0.6, 0.6], { width: 320, height: 240 });
    await window.proposal.waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('listbox').waitFor();
    expect(await nodes()).toBeLessThan(mostNodes);
    await page.keyboard.type('4321');
    await page.getByRole('option', { name: /class number 04321/ }).waitFor();
    await page.keyboard.press('Enter');
    await window.regions.filter({ hasText: 'class number 04321' }).waitFor();
    expect(await window.canvas.evaluate((canvas) => canvas === document.activeElement)).toBe(true);
  });

  it('takes no new one where it has some of the letters, unless that is chosen', async () => {
    const { page } = window;
    await window.drag([0.1, 0.1], [0.3, 0.3], { width: 320, height: 240 });
    await window.proposal.waitFor();
    await window.proposal.getByLabel(text.proposal.category).fill('class number 0432');
    await page.keyboard.press('ArrowUp');
    const create = page.getByRole('option', { name: text.categories.create('class number 0432') });
    await create.and(page.locator('[aria-selected=true]')).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await window.proposal.waitFor({ state: 'detached' });
  });
});
