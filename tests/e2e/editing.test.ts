import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageDocument, ImagePage } from '../../app/api/contract/images.ts';
import type { Annotation } from '../../core/records.ts';
import { english as text } from '../../renderer/i18n/en.ts';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { noChromium } from '../support/chromium.ts';
import { drawnPhotoSize } from '../support/drawn-photos.ts';
import { seriousFindings } from '../support/serious-findings.ts';
import type { WindowPage } from '../support/window-page.ts';

if (noChromium) console.log(`Skipping the editing journey: ${noChromium}.`);

const size = drawnPhotoSize;

describe.skipIf(noChromium !== null)('editing by hand in a browser', { timeout: 120_000 }, () => {
  let opened: BrowserWindow;
  let page: Page;
  let window: WindowPage;
  let done: Annotation[];

  /** A place given in image pixels. */
  const at = (x: number, y: number) => [x / size.width, y / size.height] as const;
  const click = (x: number, y: number) => window.click(at(x, y), size);
  const drag = (from: [number, number], to: [number, number]) =>
    window.drag(at(...from), at(...to), size);

  async function holding(key: string, work: () => Promise<void>): Promise<void> {
    await page.keyboard.down(key);
    await work();
    await page.keyboard.up(key);
  }

  /** The stored annotations, in drawing order. */
  async function stored(): Promise<Annotation[]> {
    const request = opened.host.backend.request.bind(opened.host.backend);
    const list = (await request('images.list', { offset: 0, limit: 1 })) as ImagePage;
    const imageId = list.rows[0]!.id;
    const { annotations } = (await request('images.document', { imageId })) as ImageDocument;
    return annotations.toSorted((a, b) => a.zOrder - b.zOrder);
  }

  const areas = async () => (await stored()).map(({ area }) => area);
  const kinds = async () => (await stored()).map(({ geometry }) => geometry.kind);
  const poll = <Value>(read: () => Promise<Value>) => expect.poll(read, { timeout: 40_000 });

  beforeAll(async () => {
    opened = await openBrowserWindow({ fakeEngine: true, project: 'Shapes' });
    ({ page, window } = opened);
  });

  afterAll(() => opened?.close());

  it('draws a polygon and cuts a hole into it', async () => {
    await page.keyboard.press('p');
    for (const [x, y] of [
      [40, 40],
      [120, 40],
      [120, 120],
      [40, 120],
    ] as const)
      await click(x, y);
    await page.keyboard.press('Enter');
    await poll(kinds).toEqual(['polygon']);
    await holding('Alt', () => click(60, 60));
    for (const [x, y] of [
      [100, 60],
      [100, 100],
      [60, 100],
    ] as const)
      await click(x, y);
    await page.keyboard.press('Enter');
    await poll(async () => (await stored())[0]!.geometry).toMatchObject({
      parts: [{ holes: [expect.any(Array)] }],
    });
    const [area] = await areas();
    expect(area).toBeGreaterThan(4600);
    expect(area).toBeLessThan(5000);
  });

  it('drags a vertex and puts one in at the middle of an edge', async () => {
    const vertices = async () => {
      const { geometry } = (await stored())[0]!;
      return geometry.kind === 'polygon' ? geometry.parts[0]!.outer.length / 2 : 0;
    };
    await page.keyboard.press('v');
    await drag([120, 120], [140, 140]);
    await poll(async () => (await areas())[0]).toBeGreaterThan(5500);
    await drag([80, 40], [80, 20]);
    await poll(vertices).toBe(5);
  });

  it('paints the polygon, which becomes a mask', async () => {
    const [before] = await areas();
    await page.keyboard.press('b');
    await page.keyboard.press(']');
    await drag([120, 80], [160, 80]);
    await poll(kinds).toEqual(['mask']);
    expect((await areas())[0]).toBeGreaterThan(before!);
  });

  it('unites it with another region', async () => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+R');
    await drag([150, 60], [220, 110]);
    await poll(kinds).toEqual(['mask', 'box']);
    await page.keyboard.press('v');
    await click(50, 50);
    await holding('Shift', () => click(210, 100));
    await page.keyboard.press('Alt+u');
    await poll(kinds).toEqual(['mask']);
  });

  it('splits a region whose parts lie apart', async () => {
    await page.keyboard.press('Shift+R');
    await page.getByTitle(text.tools.drawModeHints.add).click();
    await drag([250, 150], [300, 200]);
    await poll(async () => (await areas())[0]).toBeGreaterThan(10_000);
    await page.keyboard.press('v');
    await page.keyboard.press('Alt+p');
    await poll(kinds).toEqual(['mask', 'mask']);
  });

  it('simplifies an outline while its true likeness is shown', async () => {
    await click(50, 50);
    await page.keyboard.press('Alt+l');
    const slider = page.getByRole('slider', { name: text.tools.tolerance });
    await slider.fill('2');
    const likeness = await page.getByText(/^IoU 0\.\d{4} · \d+ of/).textContent();
    expect(Number(/IoU (0\.\d+)/.exec(likeness!)![1])).toBeGreaterThan(0.9);
    await slider.press('Enter');
    await poll(kinds).toEqual(['polygon', 'mask']);
  });

  it('fits an edge to the image', async () => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+R');
    await page.getByTitle(text.tools.drawModeHints.new).click();
    await drag([145, 65], [255, 175]);
    await poll(kinds).toEqual(['polygon', 'mask', 'box']);
    await page.keyboard.press('v');
    await page.keyboard.press('Alt+e');
    await poll(kinds).toEqual(['polygon', 'mask', 'mask']);
  });

  it('has no serious finding of accessibility anywhere in the window', async () => {
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('undoes everything and redoes everything', async () => {
    await window.saved.waitFor();
    done = await stored();
    await window.canvas.focus();
    let steps = 0;
    for (let now = done; now.length > 0; now = await stored()) {
      await page.keyboard.press('Control+z');
      await poll(stored).not.toEqual(now);
      steps += 1;
    }
    expect(steps).toBe(12);
    for (let step = 0; step < steps; step++) {
      const before = await stored();
      await page.keyboard.press('Control+Shift+z');
      await poll(stored).not.toEqual(before);
    }
    expect(await stored()).toEqual(done);
  });

  it('shows the same after the page was reloaded', async () => {
    await page.reload();
    await window.saved.waitFor();
    await poll(() => window.regions.count()).toBe(done.length);
    expect(await stored()).toEqual(done);
    expect(opened.errors).toEqual([]);
  });
});
