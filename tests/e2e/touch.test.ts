import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { english as text } from '../../renderer/i18n/en.ts';
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

describe.skipIf(noChromium !== null)('pen and trackpad', { timeout: 120_000 }, () => {
  let opened: BrowserWindow;
  beforeAll(async () => {
    opened = await openBrowserWindow({ fakeEngine: true, project: 'Penned' });
  });
  afterAll(() => opened?.close());

  const percent = async () =>
    Number.parseInt((await opened.page.locator('.zoom .percent').textContent())!, 10);

  it('draws with a pen, however hard it presses', async () => {
    const { page, window } = opened;
    const pen = await page.context().newCDPSession(page);
    const send = (
      type: 'mousePressed' | 'mouseMoved' | 'mouseReleased',
      [x, y]: readonly [number, number],
      force: number,
    ) =>
      pen.send('Input.dispatchMouseEvent', {
        ...{ type, x, y, force, pointerType: 'pen', button: 'left', clickCount: 1 },
        buttons: type === 'mouseReleased' ? 0 : 1,
      });
    const seen = page.evaluate(
      () =>
        new Promise<[string, number]>((done) =>
          addEventListener(
            'pointermove',
            ({ pointerType, pressure }) => done([pointerType, pressure]),
            { once: true, capture: true },
          ),
        ),
    );
    await page.keyboard.press('b');
    await send('mousePressed', await window.onScreen([0.3, 0.3], size), 0.2);
    await send('mouseMoved', await window.onScreen([0.5, 0.4], size), 0.9);
    await send('mouseReleased', await window.onScreen([0.6, 0.5], size), 0);
    const [pointerType, pressure] = await seen;
    expect(pointerType).toBe('pen');
    expect(pressure).toBeCloseTo(0.9, 1);
    await expect.poll(() => window.regions.count()).toBe(1);
  });

  it('zooms by a pinch and by a wheel, and moves the image by two fingers', async () => {
    const { page, window } = opened;
    await page.mouse.move(...(await window.onScreen([0.5, 0.5], size)));
    const before = await percent();
    await page.keyboard.down('Control');
    for (let turn = 0; turn < 4; turn++) await page.mouse.wheel(0, -20);
    await page.keyboard.up('Control');
    await expect.poll(percent).toBeGreaterThan(before);
    const pinched = await percent();
    await page.mouse.wheel(0, -100);
    await expect.poll(percent).toBeGreaterThan(pinched);

    const zoomed = await percent();
    const view = page.getByRole('button', { name: text.imageLook.minimap }).locator('span');
    const top = () => view.evaluate((box) => (box as HTMLElement).offsetTop);
    const from = await top();
    // Later events belong to a separate gesture.
    const startMs = await page.evaluate(() => performance.now());
    await page.waitForFunction((from) => performance.now() - from > 250, startMs);
    for (let turn = 0; turn < 6; turn++) await page.mouse.wheel(0, 12);
    await expect.poll(top).toBeGreaterThan(from);
    expect(await percent()).toBe(zoomed);
  });

  it('moves the view by a press in the minimap', async () => {
    const minimap = opened.page.getByRole('button', { name: text.imageLook.minimap });
    const view = minimap.locator('span');
    const left = () => view.evaluate((box) => (box as HTMLElement).offsetLeft);
    const { width, height } = (await minimap.boundingBox())!;
    await minimap.click({ position: { x: 2, y: height / 2 } });
    await expect.poll(left).toBeLessThan(2);
    await minimap.click({ position: { x: width - 2, y: height / 2 } });
    await expect.poll(left).toBeGreaterThan(width / 3);
  });
});
