import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { noChromium } from '../support/chromium.ts';
import { drawnPhotoSize as size } from '../support/drawn-photos.ts';

if (noChromium) console.log(`Skipping touch: ${noChromium}.`);

describe.skipIf(noChromium !== null)('touch', { timeout: 120_000 }, () => {
  let opened: BrowserWindow;
  beforeAll(async () => {
    opened = await openBrowserWindow({ fakeEngine: true, project: 'Touched' });
  });
  afterAll(() => opened?.close());

  it('draws with one finger, and zooms and moves with two', async () => {
    const { page, window } = opened;
    const touch = await page.context().newCDPSession(page);
    const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: [number, number][]) =>
      touch.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: points.map(([x, y], id) => ({ x, y, id })),
      });
    await page.keyboard.press('Shift+R');
    const from = await window.onScreen([0.3, 0.3], size);
    const to = await window.onScreen([0.6, 0.6], size);
    await send('touchStart', from);
    await send('touchMove', to);
    await send('touchEnd');
    await expect.poll(() => window.regions.count()).toBe(1);

    const percent = async () =>
      Number.parseInt((await page.locator('.zoom .percent').textContent())!, 10);
    const before = await percent();
    await send('touchStart', from);
    await send('touchStart', from, to);
    await send('touchMove', [from[0] - 60, from[1] - 60], [to[0] + 60, to[1] + 60]);
    await send('touchEnd');
    await expect.poll(percent).toBeGreaterThan(before);
    expect(await window.regions.count()).toBe(1);
  });

  it('holds Space to move the image while the focus is in a list', async () => {
    const { page, window } = opened;
    const row = window.regions.first();
    await row.click();
    await page.keyboard.down(' ');
    const [x, y] = await window.onScreen([0.5, 0.5], size);
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 40, y + 20);
    await page.mouse.up();
    await page.keyboard.up(' ');
    expect(await window.regions.count()).toBe(1);
    expect(await page.locator('.stage.panning').count()).toBe(0);
  });
});
