import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { english as text } from '../../renderer/i18n/en.ts';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { noChromium } from '../support/chromium.ts';
import { drawnPhotoSize as size } from '../support/drawn-photos.ts';
import type { WindowPage } from '../support/window-page.ts';

if (noChromium) console.log(`Skipping the clear image: ${noChromium}.`);

const sizes = [
  { width: 900, height: 720 },
  { width: 1280, height: 720 },
  { width: 2560, height: 1440 },
];

describe.skipIf(noChromium !== null)('a fitted image', { timeout: 120_000 }, () => {
  let opened: BrowserWindow;
  let page: Page;
  let window: WindowPage;

  beforeAll(async () => {
    opened = await openBrowserWindow({ fakeEngine: true, project: 'Clear' });
    ({ page, window } = opened);
    await page.keyboard.press('r');
    await window.drag([0.3, 0.3], [0.7, 0.7], size);
    await window.proposal.waitFor();
  });

  afterAll(() => opened?.close());

  /** The parts of the canvas that lie over the image by more than a pixel. */
  async function covering(): Promise<string[]> {
    const [left, top] = await window.onScreen([0, 0], size);
    const [right, bottom] = await window.onScreen([1, 1], size);
    const beside = page.getByRole('region', { name: text.canvas.label });
    const parts: Record<string, Locator> = {
      tools: beside.getByRole('toolbar', { name: text.tools.label }),
      options: beside.getByRole('group', { name: text.tools.options }),
      hint: beside.getByRole('status').last(),
      zoom: beside.locator('.zoom'),
      proposal: window.proposal,
      notices: page.locator('.notice').first(),
    };
    const over: string[] = [];
    for (const [name, part] of Object.entries(parts)) {
      const box = (await part.count()) > 0 ? await part.boundingBox() : null;
      if (!box || box.width <= 1) continue;
      const isBeside =
        box.x + box.width <= left + 1 ||
        box.x >= right - 1 ||
        box.y + box.height <= top + 1 ||
        box.y >= bottom - 1;
      if (!isBeside) over.push(name);
    }
    return over;
  }

  const fitted = async (viewport: (typeof sizes)[number]) => {
    await page.setViewportSize(viewport);
    await window.canvas.focus();
    await page.keyboard.press('Control+f');
  };

  it.each(sizes)('lies beside the row of a proposal at $width px', async (viewport) => {
    await fitted(viewport);
    await window.proposal.waitFor();
    await expect.poll(covering).toEqual([]);
  });

  it.each(sizes)('lies beside the actions of a selected region at $width px', async (viewport) => {
    if ((await window.proposal.count()) > 0) await window.accept('disc');
    await fitted(viewport);
    await page.keyboard.press('v');
    if ((await page.getByText(text.region.title).count()) === 0)
      await window.regions.first().click();
    await page
      .getByRole('group', { name: text.tools.options })
      .getByRole('button')
      .first()
      .waitFor();
    await expect.poll(covering).toEqual([]);
  });
});
