import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { english as text } from '../../renderer/i18n/en.ts';
import { startBrowserHost, type TestBrowserHost } from '../support/browser-host.ts';
import { launchChromium, noChromium } from '../support/chromium.ts';
import { drawPhotos } from '../support/drawn-photos.ts';
import { makeProject, photoOf } from '../support/made-project.ts';
import { WindowPage } from '../support/window-page.ts';

const rowCount = 100_000;
/** Red, and blue in the last tenth; no browser holds it as one picture. */
const wide = { width: 30_000, height: 2000, blueFrom: 27_000 };

async function writeWideImage(file: string): Promise<void> {
  const blue = { width: wide.width - wide.blueFrom, height: wide.height };
  await sharp({ create: { ...wide, channels: 3, background: '#ff0000' } })
    .composite([
      {
        input: { create: { ...blue, channels: 3, background: '#0000ff' } },
        left: wide.blueFrom,
        top: 0,
      },
    ])
    .jpeg({ quality: 90 })
    .toFile(file);
}

/** White and black pixels in turn, of which a screen shows one in six. */
async function writeChequers(file: string): Promise<void> {
  const [width, height] = [6000, 4000];
  const pixels = Buffer.from(
    Array.from({ length: width * height }, (_, at) => 255 * ((at + Math.floor(at / width)) % 2)),
  );
  await sharp(pixels, { raw: { width, height, channels: 1 } })
    .png()
    .toFile(file);
}

/** The middle row of the canvas as one letter a pixel: r red, b blue, - anything else. */
function middleRow(page: Page): Promise<string> {
  return page.getByRole('application').evaluate((element) => {
    const canvas = element.querySelector('canvas')!;
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d')!.getImageData(0, Math.floor(height / 2), width, 1);
    return Array.from({ length: width }, (_, x) => {
      const [red, green, blue] = data.subarray(4 * x, 4 * x + 3);
      if (green! > 60) return '-';
      return red! > 200 && blue! < 60 ? 'r' : blue! > 200 && red! < 60 ? 'b' : '-';
    }).join('');
  });
}

describe.skipIf(noChromium !== null)('large work in a browser', { timeout: 240_000 }, () => {
  let folder: string;
  let browser: Browser;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pixelsail-large-'));
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(projectFile: string): Promise<{ host: TestBrowserHost; window: WindowPage }> {
    const host = await startBrowserHost({ projectFile, fakeEngine: true });
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(host.url);
    return { host, window: new WindowPage(page) };
  }

  it('goes to any of 100,000 images, and on from there', async () => {
    await drawPhotos(join(folder, 'photos'));
    const photo = await photoOf(join(folder, 'photos', 'disc 1.jpg'));
    makeProject(join(folder, 'rows.pixelsail'), [photo], rowCount);
    const { host, window } = await open(join(folder, 'rows.pixelsail'));
    const { page } = window;
    const at = (index: number) =>
      page.getByText(text.imageList.position(index, rowCount), { exact: true }).waitFor();
    try {
      await at(0);
      const search = page.getByRole('searchbox').first();
      await search.fill('073000');
      await page.getByText(text.imageList.position(-1, 1), { exact: true }).waitFor();
      await page.getByRole('button', { name: /disc 1\.jpg/ }).click();
      await page.getByText(text.imageList.position(0, 1), { exact: true }).waitFor();
      await search.fill('');
      await window.canvas.focus();
      await page.keyboard.press('d');
      await at(73_001);
      await page.keyboard.press('a');
      await page.keyboard.press('a');
      await at(72_999);
    } finally {
      await page.context().close();
      await host.stop();
    }
  });

  it('shrinks a whole image without passing over any of its pixels', async () => {
    await writeChequers(join(folder, 'chequers.png'));
    const photo = await photoOf(join(folder, 'chequers.png'));
    makeProject(join(folder, 'chequers.pixelsail'), [photo], 1);
    const { host, window } = await open(join(folder, 'chequers.pixelsail'));
    try {
      const middle = () =>
        window.canvas.evaluate((element) => {
          const canvas = element.querySelector('canvas')!;
          const { width, height } = canvas;
          const pen = canvas.getContext('2d')!;
          const { data } = pen.getImageData(width / 4, height / 2, width / 2, 1);
          const reds = data.filter((_, at) => at % 4 === 0);
          return { darkest: Math.min(...reds), brightest: Math.max(...reds) };
        });
      await expect
        .poll(async () => {
          const { darkest, brightest } = await middle();
          return darkest > 120 && brightest < 135;
        })
        .toBe(true);
    } finally {
      await window.page.context().close();
      await host.stop();
    }
  });

  it('shows an image of 30,000 pixels whole and to the pixel', async () => {
    await writeWideImage(join(folder, 'wide.jpg'));
    const photo = await photoOf(join(folder, 'wide.jpg'));
    makeProject(join(folder, 'wide.pixelsail'), [photo], 1);
    const { host, window } = await open(join(folder, 'wide.pixelsail'));
    const { page } = window;
    try {
      await window.canvas.waitFor();
      await page.getByText(text.canvas.preparing).waitFor({ state: 'detached' });
      await expect.poll(() => middleRow(page)).toMatch(/^-{62,66}r{550,}-{0,3}b{55,}-{14,18}$/);

      // Where the colours meet, a little enlarged: only the finest tiles have so sharp a border.
      const [x, y] = await window.onScreen([wide.blueFrom / wide.width, 0.5], wide);
      // A wheel counts whole pixels, each of which is a hundred when enlarged.
      await page.mouse.move(Math.ceil(x), y);
      for (let turn = 0; turn < 8; turn++) await page.mouse.wheel(0, -350);
      await expect.poll(() => middleRow(page)).toMatch(/^r{100,}-{0,8}b{30,}$/);
    } finally {
      await page.context().close();
      await host.stop();
    }
  });
});
