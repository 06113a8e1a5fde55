import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { makeProject } from '../../support/made-project.ts';
import { WindowPage } from '../../support/window-page.ts';
import { percentile, type BenchRow } from '../statistics.ts';
import { writePhotos } from './photos.ts';
import { withWindow } from './window.ts';

const photo = { width: 1280, height: 960 };
const clicks = 20;
/** The times of pixel-sail-nano from a point to its first mask and to its last (docs/speed.md). */
const timings = { draftMs: 154, answerMs: 578 };

/** From a click to the first pixels of a mask, with an engine that takes a real model's time. */
export async function benchFirstPixels(): Promise<BenchRow[]> {
  process.env['PIXELSAIL_FAKE_TIMINGS'] = `${timings.draftMs},${timings.answerMs}`;
  try {
    return await withWindow(projectOf, async ({ page }) => {
      const window = new WindowPage(page);
      await window.ready();
      await page.keyboard.press('q');
      const spent: number[] = [];
      for (let click = 0; click <= clicks; click++) {
        const at = [0.2 + 0.6 * ((click * 0.37) % 1), 0.2 + 0.6 * ((click * 0.61) % 1)] as const;
        const [x, y] = await window.onScreen(at, photo);
        // The disc is wider than the mark of the click, which is drawn at once.
        const change = await watchPixel(page, x + 18, y + 18);
        await page.mouse.click(x, y);
        spent.push(await change.evaluate(({ ms }) => ms));
        await window.proposal.waitFor();
        await page.keyboard.press('Escape');
        await window.proposal.waitFor({ state: 'detached' });
        await twoFrames(page);
      }
      // The first compiles what the others run.
      const measured = spent.slice(1);
      return [
        {
          name: 'click to the first pixels of a mask, median',
          value: percentile(measured, 0.5),
          unit: 'ms',
          baseline: `the engine takes ${timings.draftMs} ms to the first mask, ${timings.answerMs} ms to the last`,
        },
        {
          name: 'click to the first pixels of a mask: beside the engine, median (95th percentile)',
          value: percentile(measured, 0.5) - timings.draftMs,
          unit: 'ms',
          baseline: `${(percentile(measured, 0.95) - timings.draftMs).toFixed(1)} ms`,
        },
      ];
    });
  } finally {
    delete process.env['PIXELSAIL_FAKE_TIMINGS'];
  }
}

/**
 * Watches a pixel of the canvas at a place of the page: `ms` are the milliseconds from the next
 * press of a button to the frame after the one in which it first changes.
 */
function watchPixel(page: Page, x: number, y: number) {
  return page.evaluateHandle(
    ([pageX, pageY]) => {
      const layers = [...document.querySelectorAll('[role=application] canvas')];
      const pixel = () =>
        layers
          .map((layer) => {
            const canvas = layer as HTMLCanvasElement;
            const bounds = canvas.getBoundingClientRect();
            const scale = canvas.width / bounds.width;
            const at = [(pageX - bounds.x) * scale, (pageY - bounds.y) * scale] as const;
            const { data } = canvas.getContext('2d')!.getImageData(...at, 1, 1);
            return data.join();
          })
          .join(' ');
      const pressed = new Promise<number>((resolve) => {
        const take = ({ timeStamp }: Event) => resolve(timeStamp);
        addEventListener('pointerdown', take, { once: true, capture: true });
      });
      const before = pixel();
      const change = async () => {
        const startMs = await pressed;
        while (pixel() === before) await new Promise(requestAnimationFrame);
        return (await new Promise<number>(requestAnimationFrame)) - startMs;
      };
      return { ms: change() };
    },
    [x, y] as const,
  );
}

/** Until the canvas no longer shows the mask of the last click. */
function twoFrames(page: Page): Promise<unknown> {
  return page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
}

async function projectOf(folder: string): Promise<string> {
  const file = join(folder, 'first-pixels.pixelsail');
  makeProject(file, await writePhotos(folder, 1, photo), 1);
  return file;
}
