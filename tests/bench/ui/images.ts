import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { makeProject } from '../../support/made-project.ts';
import { WindowPage } from '../../support/window-page.ts';
import { english as text } from '../../../renderer/i18n/en.ts';
import { median, type BenchRow } from '../statistics.ts';
import { writePhotos } from './photos.ts';
import { imageShown, withWindow } from './window.ts';

const photo4k = { width: 3840, height: 2160 };
const rounds = 5;

/**
 * From a click on a recent project of 100,000 images to its first image, when everything was read
 * before.
 */
export function benchOpenProject(): Promise<BenchRow[]> {
  return withWindow(
    async (folder) => {
      const file = join(folder, 'large.pixelsail');
      makeProject(file, await writePhotos(folder, 1, { width: 1600, height: 1200 }), 100_000);
      return file;
    },
    async ({ page }) => {
      const window = new WindowPage(page);
      const times: number[] = [];
      for (let round = 0; round < rounds; round++) {
        await window.openMenu(text.commands.closeProject);
        const recent = page.getByRole('button', { name: /^Made / });
        await recent.waitFor();
        times.push(await timeUntilShown(page, () => recent.evaluate(watchFrom, 'click')));
      }
      return [
        {
          name: 'open a project of 100,000 images: to its first image',
          value: median(times.slice(1)),
          unit: 'ms',
          baseline: `first time ${times[0]!.toFixed(0)} ms; target 2,000 ms`,
        },
      ];
    },
  );
}

/**
 * From the key to the next image, a 4k JPEG that was decoded while the one before it was looked
 * at.
 */
export function benchNextImage(): Promise<BenchRow[]> {
  return withWindow(
    async (folder) => {
      const file = join(folder, 'photos.pixelsail');
      makeProject(file, await writePhotos(folder, 4, photo4k), 20);
      return file;
    },
    async ({ page }) => {
      const times: number[] = [];
      for (let step = 0; step < 10; step++) {
        await page.waitForTimeout(prefetchMs);
        const canvas = page.getByRole('application');
        times.push(await timeUntilShown(page, () => canvas.evaluate(watchFrom, 'd')));
      }
      return [
        {
          name: 'next image, a 4k JPEG that was prefetched',
          value: median(times),
          unit: 'ms',
          baseline: `slowest ${Math.max(...times).toFixed(0)} ms; target 80 ms`,
        },
      ];
    },
  );
}

/** A person looks at an image for longer than this. */
const prefetchMs = 2500;

async function timeUntilShown(page: Page, start: () => Promise<number>): Promise<number> {
  const milliseconds = await start();
  await imageShown(page);
  return milliseconds;
}

/**
 * Runs in the page: clicks, or presses a key, and resolves with the time until another image is
 * drawn.
 */
async function watchFrom(element: Element, action: string): Promise<number> {
  const shown = () =>
    document.querySelector('main section [role=status] span')
      ? null
      : (document.querySelector('[role=application]')?.getAttribute('aria-label') ?? null);
  const before = shown();
  const start = performance.now();
  if (action === 'click') (element as HTMLElement).click();
  else element.dispatchEvent(new KeyboardEvent('keydown', { key: action, bubbles: true }));
  const frame = () => new Promise(requestAnimationFrame);
  do await frame();
  while (shown() === null || shown() === before);
  // The frame in which the canvas draws it.
  await frame();
  return performance.now() - start;
}
