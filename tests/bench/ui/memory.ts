import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { makeProject } from '../../support/made-project.ts';
import { median, type BenchRow } from '../statistics.ts';
import { stars } from './drawn-regions.ts';
import { writePhotos } from './photos.ts';
import { imageShown, withWindow } from './window.ts';

const imageCount = 500;
const samples = 20;

interface Sample {
  readonly heapMb: number;
  /** Memory of the page's process as the system sees it, bitmaps included. */
  readonly processMb: number;
}

/** Memory while a person goes through 500 images and back, zooms and draws, for some minutes. */
export function benchMemory(minutes: number): Promise<BenchRow[]> {
  return withWindow(
    async (folder) => {
      const file = join(folder, 'memory.pixelsail');
      const photos = await writePhotos(folder, 4, { width: 2400, height: 1600 });
      makeProject(file, photos, imageCount, stars(40, 30, 120));
      return file;
    },
    async ({ browser, page }) => {
      const taken: Sample[] = [];
      const endMs = performance.now() + minutes * 60_000;
      for (let step = 0; step < imageCount || performance.now() < endMs; step++) {
        await useRandomly(page, step);
        if (step % (imageCount / samples) === 0) taken.push(await sampleOf(browser, page));
      }
      taken.push(await sampleOf(browser, page));
      return [rowOf('heap', 'heapMb', taken), rowOf('process', 'processMb', taken)];
    },
  );
}

/** Compares the second quarter with the last: at the beginning caches fill. */
function rowOf(name: string, key: keyof Sample, taken: readonly Sample[]): BenchRow {
  const values = taken.map((sample) => sample[key]);
  const quarter = Math.max(Math.floor(values.length / 4), 1);
  const quarters = [0, 1, 2, 3].map((index) =>
    median(values.slice(index * quarter, (index + 1) * quarter)),
  );
  return {
    name: `memory over ${imageCount} images: ${name}, growth from the second to the last quarter`,
    value: quarters[3]! - quarters[1]!,
    unit: 'MB',
    baseline: `quarters ${quarters.map((value) => value.toFixed(0)).join(', ')} MB; most ${Math.max(...values).toFixed(0)} MB`,
  };
}

/** The same in every run: a generator with a fixed seed. */
async function useRandomly(page: Page, step: number): Promise<void> {
  const random = (range: number) => ((step + 1) * 2_654_435_761) % range;
  const bounds = (await page.getByRole('application').boundingBox())!;
  const x = bounds.x + 100 + random(bounds.width - 200);
  const y = bounds.y + 120 + random(bounds.height - 240);
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, random(2) === 0 ? -400 : 300);
  if (step % 5 === 0) {
    await page.keyboard.press('Shift+R');
    await page.mouse.down();
    await page.mouse.move(x + 60, y + 40, { steps: 3 });
    await page.mouse.up();
    await page.keyboard.press('v');
  }
  await page.keyboard.press(Math.floor(step / (imageCount - 1)) % 2 === 0 ? 'd' : 'a');
  await imageShown(page);
}

async function sampleOf(browser: Browser, page: Page): Promise<Sample> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = (await session.send('Runtime.getHeapUsage')) as { usedSize: number };
  await session.detach();
  return { heapMb: usedSize / 1e6, processMb: (await rendererBytes(browser)) / 1e6 };
}

async function rendererBytes(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = (await session.send('SystemInfo.getProcessInfo')) as {
    processInfo: { type: string; id: number }[];
  };
  await session.detach();
  let bytes = 0;
  for (const { id } of processInfo.filter(({ type }) => type === 'renderer')) {
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
    bytes += 1024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
  }
  return bytes;
}
