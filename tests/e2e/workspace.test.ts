import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Settings } from '../../app/api/settings.ts';
import { addition } from '../../core/diff.ts';
import type { Annotation, Category } from '../../core/records.ts';
import { english as text } from '../../renderer/i18n/en.ts';
import { boxAnnotation } from '../support/annotations.ts';
import { openBrowserWindow, type BrowserWindow } from '../support/browser-window.ts';
import { noChromium } from '../support/chromium.ts';
import { drawnPhotoSize as size } from '../support/drawn-photos.ts';

if (noChromium) console.log(`Skipping the workspace: ${noChromium}.`);

/** Runs in the page: holds back what the worker that paints regions is asked for, on demand. */
function holdPainting(): void {
  const post = Worker.prototype.postMessage;
  const waiting: (() => void)[] = [];
  const holder = {
    isHeld: false,
    painted: 0,
    release: () => {
      holder.painted += waiting.length;
      for (const send of waiting.splice(0)) send();
    },
  };
  Object.assign(window, { holder });
  Worker.prototype.postMessage = function (this: Worker, ...sent: unknown[]) {
    const send = () => void Reflect.apply(post, this, sent);
    const isPaint = (sent[0] as { kind?: string } | null)?.kind === 'paint';
    if (holder.isHeld && isPaint) waiting.push(send);
    else send();
  };
}

/** Mean difference of the values of two pictures, from 0 to 255. */
async function meanDifference(one: string, other: string): Promise<number> {
  const [a, b] = await Promise.all(
    [one, other].map((png) => sharp(Buffer.from(png, 'base64')).removeAlpha().raw().toBuffer()),
  );
  return a!.reduce((sum, value, index) => sum + Math.abs(value - b![index]!), 0) / a!.length;
}

const poll = <Value>(value: () => Promise<Value>) => expect.poll(value, { timeout: 20_000 });

describe.skipIf(noChromium !== null)('the workspace, with a mouse', { timeout: 120_000 }, () => {
  let opened: BrowserWindow;

  beforeAll(async () => {
    opened = await openBrowserWindow({ fakeEngine: true, project: 'Workspace' });
    const { window, page, host } = opened;
    await window.openMenu(text.commands.categories);
    const dialog = window.dialog(text.categories.title);
    await dialog.getByRole('button', { name: text.categories.paste }).click();
    await dialog.getByRole('textbox').last().fill('cup\nplate');
    await dialog.getByRole('button', { name: text.categories.pasteAdd(2) }).click();
    await dialog.getByRole('button', { name: text.categories.paste }).waitFor();
    const { rows } = (await host.backend.request('images.list', { offset: 0, limit: 1 })) as {
      rows: { id: string }[];
    };
    const categories = (await host.backend.request('categories.list', null)) as Category[];
    const [cup, plate] = categories.map(({ id }) => id);
    const at = (box: Annotation['bbox'], categoryId: string, zOrder: number) => ({
      ...boxAnnotation(box, zOrder),
      imageId: rows[0]!.id,
      categoryId,
    });
    const drawn = [
      at([20, 20, 30, 30], cup!, 0),
      at([120, 20, 60, 60], cup!, 1),
      at([20, 120, 90, 90], plate!, 2),
    ];
    await host.backend.request('journal.apply', { label: 'Made', diff: addition(...drawn) });
    await page.addInitScript(holdPainting);
    await page.reload();
    await window.ready();
    await window.regions.nth(2).waitFor();
  });
  afterAll(() => opened?.close());

  const settings = async () =>
    ((await opened.host.backend.request('settings.get', null)) as { settings: Settings }).settings;
  const lit = () => opened.page.locator('[role=row].hovered');
  /** The drawn pixels around a place of the image. */
  const drawnAt = async (at: readonly [number, number]) => {
    const [x, y] = await opened.window.onScreen(at, size);
    const clip = { x: x - 30, y: y - 30, width: 60, height: 60 };
    return (await opened.page.screenshot({ clip, animations: 'disabled' })).toString('base64');
  };

  it('lights a region in the list when the pointer is on it in the image, and the other way', async () => {
    const { page, window } = opened;
    await page.keyboard.press('v');
    const plate: readonly [number, number] = [65 / size.width, 165 / size.height];
    await page.mouse.move(...(await window.onScreen(plate, size)));
    await poll(() => lit().count()).toBe(1);
    expect(await lit().innerText()).toContain('plate');
    await page.mouse.move(...(await window.onScreen([0.9, 0.9], size)));
    await poll(() => lit().count()).toBe(0);

    const plain = await drawnAt([20 / size.width, 120 / size.height]);
    await window.regions.filter({ hasText: 'plate' }).hover();
    await poll(() => drawnAt([20 / size.width, 120 / size.height])).not.toBe(plain);
    await page.mouse.move(...(await window.onScreen([0.9, 0.9], size)));
    await poll(() => drawnAt([20 / size.width, 120 / size.height])).toBe(plain);
  });

  it('leaves a fitted image free of the tools, the zoom and the row of a proposal', async () => {
    const { page, window } = opened;
    await page.keyboard.press('r');
    await window.drag([0.45, 0.2], [0.8, 0.8], size);
    await window.proposal.waitFor();
    await page.keyboard.press('Control+f');
    const [left, top] = await window.onScreen([0, 0], size);
    const [right, bottom] = await window.onScreen([1, 1], size);
    const tools = page.getByRole('toolbar', { name: text.tools.label });
    const zoom = window.button(text.commands.zoomIn);
    for (const cover of [tools, zoom, window.proposal]) {
      const box = (await cover.boundingBox())!;
      const isBeside =
        box.x + box.width <= left || box.x >= right || box.y + box.height <= top || box.y >= bottom;
      expect(isBeside, JSON.stringify({ box, left, top, right, bottom })).toBe(true);
    }
    await page.keyboard.press('Escape');
    await page.keyboard.press('v');
  });

  it('has room for ten regions beside the selected one', async () => {
    const { page, window } = opened;
    await window.regions.first().click();
    const list = page.getByRole('grid', { name: text.regions.title });
    const row = (await window.regions.first().boundingBox())!.height;
    expect((await list.boundingBox())!.height).toBeGreaterThanOrEqual(10 * row);
    await page.keyboard.press('Escape');
  });

  it('fills regions more and less by keys, and lays a grid over the image', async () => {
    const { page, window } = opened;
    await window.canvas.focus();
    const { fillOpacity } = await settings();
    await page.keyboard.press('.');
    await poll(async () => (await settings()).fillOpacity).toBeCloseTo(fillOpacity + 0.1);
    await page.keyboard.press(',');
    await poll(async () => (await settings()).fillOpacity).toBeCloseTo(fillOpacity);
    const plain = await drawnAt([0.5, 0.9]);
    await window.button(text.imageLook.title).click();
    const look = window.dialog(text.imageLook.title);
    await look.getByLabel(text.imageLook.grid).selectOption('16');
    await poll(() => drawnAt([0.5, 0.9])).not.toBe(plain);
    await look.getByLabel(text.imageLook.grid).selectOption('');
    await poll(() => drawnAt([0.5, 0.9])).toBe(plain);
    await page.keyboard.press('Escape');
  });

  it('draws lines through the pointer on demand', async () => {
    const { page, window } = opened;
    const lines = () => Promise.all(['.across', '.down'].map((line) => page.locator(line).count()));
    const place = await window.onScreen([0.5, 0.9], size);
    await page.mouse.move(...place);
    expect(await lines()).toEqual([0, 0]);
    await window.button(text.imageLook.title).click();
    const choice = window.dialog(text.imageLook.title).getByLabel(text.imageLook.pointerLines);
    await choice.check();
    await page.mouse.move(...place);
    await poll(lines).toEqual([1, 1]);
    expect((await page.locator('.across').boundingBox())!.y).toBeCloseTo(place[1], 0);
    expect((await page.locator('.down').boundingBox())!.x).toBeCloseTo(place[0], 0);
    await choice.uncheck();
    await poll(lines).toEqual([0, 0]);
    await page.keyboard.press('Escape');
  });

  it('sorts regions, and hides and locks those of a category together', async () => {
    const { page, window } = opened;
    await window.button(text.regions.filter).click();
    const filter = window.dialog(text.regions.filter);
    await filter.getByLabel(text.regions.order).selectOption('area');
    await poll(() => window.regions.first().innerText()).toContain('plate');
    await page.keyboard.press('Escape');
    await filter.waitFor({ state: 'detached' });
    await window.button(text.regions.hideCategory('cup')).click();
    await poll(() => window.button(text.regions.show('cup')).count()).toBe(2);
    await window.button(text.regions.showCategory('cup')).click();
    await window.button(text.regions.lockCategory('cup')).click();
    await poll(() => window.button(text.regions.unlock('cup')).count()).toBe(2);
    expect(await window.button(text.regions.unlock('plate')).count()).toBe(0);
    await window.button(text.regions.unlockCategory('cup')).click();
    await poll(() => window.button(text.regions.unlock('cup')).count()).toBe(0);
  });

  it('keeps a proposal’s row where it is dragged, and at the side near which it is let go', async () => {
    const { page, window } = opened;
    await page.keyboard.press('r');
    await window.drag([0.45, 0.2], [0.8, 0.8], size);
    await window.proposal.waitFor();
    const canvas = (await window.canvas.boundingBox())!;
    const drag = async (to: number) => {
      const grip = (await window.button(text.proposal.move).boundingBox())!;
      const [x, y] = [grip.x + grip.width / 2, grip.y + grip.height / 2];
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x, canvas.y + to, { steps: 6 });
      await page.mouse.up();
    };
    const top = async () => (await window.proposal.boundingBox())!.y - canvas.y;
    expect(await top()).toBeGreaterThan(canvas.height - 100);

    await drag(canvas.height / 2);
    await poll(async () => (await settings()).proposalBar).toBe('free');
    expect(Math.abs((await top()) - canvas.height / 2)).toBeLessThan(60);
    await drag(40);
    await poll(async () => (await settings()).proposalBar).toBe('top');
    await page.keyboard.press('Control+f');
    await poll(top).toBeLessThan(100);

    await drag(canvas.height - 20);
    await poll(async () => (await settings()).proposalBar).toBe('bottom');
    await poll(top).toBeGreaterThan(canvas.height - 100);
    await page.keyboard.press('Escape');
  });

  it('remembers the widths of panels that were dragged, and is of use from 900 pixels', async () => {
    const { page, window } = opened;
    const splitter = (name: string) => page.getByRole('separator', { name });
    const width = (name: string) => splitter(name).getAttribute('aria-valuenow');
    const drag = async (name: string, by: number) => {
      const box = (await splitter(name).boundingBox())!;
      const [x, y] = [box.x + box.width / 2, box.y + 200];
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + by, y, { steps: 4 });
      await page.mouse.up();
    };
    await drag(text.panels.resizeImages, 60);
    await drag(text.panels.resizeSide, -40);
    await poll(async () => (await settings()).imagePanelPx).toBe(316);
    await poll(async () => (await settings()).sidePanelPx).toBe(352);
    await page.reload();
    await window.ready();
    expect(await width(text.panels.resizeImages)).toBe('316');
    expect(await width(text.panels.resizeSide)).toBe('352');

    await page.setViewportSize({ width: 900, height: 640 });
    await poll(async () => (await window.canvas.boundingBox())!.width).toBeGreaterThanOrEqual(360);
    const isOverflowing = () =>
      page.evaluate(
        () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
      );
    expect(await isOverflowing()).toBe(false);
    const exporting = (await window.button(text.export.title).boundingBox())!;
    expect(exporting.x + exporting.width).toBeLessThanOrEqual(900);
    await splitter(text.panels.resizeImages).dblclick();
    await splitter(text.panels.resizeImages).waitFor({ state: 'detached' });
    await page.keyboard.press('Alt+1');
    await splitter(text.panels.resizeImages).waitFor();
    await page.setViewportSize({ width: 1280, height: 720 });
    await poll(() => width(text.panels.resizeImages)).toBe('316');
  });

  it('shows regions sharply at once when the window grows, though their tiles are not painted yet', async () => {
    const { page } = opened;
    await page.keyboard.press('v');
    await page.keyboard.press('Control+f');
    const holds = (isHeld: boolean) =>
      page.evaluate((value) => {
        const { holder } = window as unknown as { holder: { isHeld: boolean; release(): void } };
        holder.isHeld = value;
        if (!value) holder.release();
      }, isHeld);
    await holds(true);
    await page.setViewportSize({ width: 2000, height: 1300 });
    // The left edge of the plate, in the middle of its height.
    const edge: readonly [number, number] = [20 / size.width, 165 / size.height];
    await poll(async () => (await opened.window.canvas.boundingBox())!.width).toBeGreaterThan(1000);
    await page.keyboard.press('Control+f');
    const now = await drawnAt(edge);
    await holds(false);
    const counted = () =>
      page.evaluate(() => (window as unknown as { holder: { painted: number } }).holder.painted);
    await poll(counted).toBeGreaterThan(0);
    // Coarse tiles that are magnified differ by 9.
    await poll(async () => meanDifference(now, await drawnAt(edge))).toBeLessThan(3);
    await page.setViewportSize({ width: 1280, height: 720 });
  });

  it('leads from the refusal of the keypoints to their list, and begins dialogs in a folder', async () => {
    const { page, window, host } = opened;
    await window.regions.filter({ hasText: 'cup' }).first().click();
    await window.canvas.focus();
    await page.keyboard.press('k');
    await window.click([0.05, 0.05], size);
    const refusal = page.locator('.notice', { hasText: text.keypoints.none('cup') });
    await refusal.getByRole('button', { name: text.keypoints.give }).click();
    const dialog = window.dialog(text.categories.title);
    const names = dialog.getByLabel(text.keypoints.names);
    await poll(() => names.evaluate((field) => field === document.activeElement)).toBe(true);
    await dialog.getByRole('button', { name: text.keypoints.person }).click();
    await poll(() => names.inputValue()).toContain('nose');
    await dialog.getByRole('button', { name: text.dialogs.close }).first().click();
    await window.click([0.05, 0.05], size);
    await page.keyboard.press('Escape');
    await page.keyboard.press('v');

    await window.openMenu(text.commands.handOut);
    const handOut = window.dialog(text.handout.make.title);
    const folder = handOut.getByLabel(text.dialogs.create.folder);
    await poll(() => folder.inputValue()).toContain(host.home);
    await page.keyboard.press('Escape');
  });
});
