import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { english as text } from '../../../renderer/i18n/en.ts';
import { makeProject } from '../../support/made-project.ts';
import { listProcesses } from '../../support/processes.ts';
import { WindowPage } from '../../support/window-page.ts';
import { median, type BenchRow } from '../statistics.ts';
import { stars } from './drawn-regions.ts';
import { writePhotos } from './photos.ts';
import { imageShown, withWindow } from './window.ts';

const imageCount = 500;
const photoSize = { width: 2400, height: 1600 };
/**
 * From one action to the next when the run has a length: a person's pace, which leaves the machine
 * to others.
 */
const paceMs = 2000;
const fewestSamples = 20;
const sampleEveryMs = 60_000;

/** The measured values with their units. Processes are measured by the system, with bitmaps. */
const measures = {
  heap: 'MB',
  nodes: 'DOM nodes',
  listeners: 'listeners',
  renderer: 'MB',
  backend: 'MB',
  engine: 'MB',
} as const;
type Measure = keyof typeof measures;
type Sample = Readonly<Record<Measure, number>>;

/**
 * Memory while a person goes through 500 images and back, zooms, draws, prompts, undoes and opens
 * panels. A line for each sample goes to standard error.
 * @param minutes at a person's pace; 0 sees every image once as fast as it can
 */
export function benchMemory(minutes: number): Promise<BenchRow[]> {
  return withWindow(
    async (folder) => {
      const file = join(folder, 'memory.pixelsail');
      const photos = await writePhotos(folder, 4, photoSize);
      makeProject(file, photos, imageCount, stars(40, 30, 120));
      return file;
    },
    async ({ browser, page }) => {
      const taken: Sample[] = [];
      const startMs = performance.now();
      const endMs = startMs + minutes * 60_000;
      const sampleMs = Math.min(sampleEveryMs, (minutes * 60_000) / fewestSamples);
      const isTimeToSample = (step: number) =>
        minutes === 0
          ? step % (imageCount / fewestSamples) === 0
          : performance.now() >= startMs + taken.length * sampleMs;
      console.error(`minute\timages\t${Object.keys(measures).join('\t')}`);
      const take = async (step: number) => {
        const sample = await sampleOf(browser, page);
        taken.push(sample);
        const minute = ((performance.now() - startMs) / 60_000).toFixed(1);
        const values = Object.values(sample).map((value) => value.toFixed(0));
        console.error([minute, step, ...values].join('\t'));
      };
      for (let step = 0; step < imageCount || performance.now() < endMs; step++) {
        if (isTimeToSample(step)) await take(step);
        const next = performance.now() + paceMs;
        await useRandomly(page, step);
        if (minutes > 0) await page.waitForTimeout(Math.max(next - performance.now(), 0));
      }
      await take(imageCount);
      return (Object.keys(measures) as Measure[]).map((measure) => rowOf(measure, taken));
    },
  );
}

/** Compares the second quarter with the last: at the beginning caches fill. */
function rowOf(measure: Measure, taken: readonly Sample[]): BenchRow {
  const values = taken.map((sample) => sample[measure]);
  const quarter = Math.max(Math.floor(values.length / 4), 1);
  const quarters = [0, 1, 2, 3].map((index) =>
    median(values.slice(index * quarter, (index + 1) * quarter)),
  );
  return {
    name: `memory over ${imageCount} images: ${measure}, growth from the second to the last quarter`,
    value: quarters[3]! - quarters[1]!,
    unit: measures[measure],
    baseline: `quarters ${quarters.map((value) => value.toFixed(0)).join(', ')}; most ${Math.max(...values).toFixed(0)}`,
  };
}

/** The same in every run: what is done follows from the number of the step. */
async function useRandomly(page: Page, step: number): Promise<void> {
  const window = new WindowPage(page);
  const { keyboard, mouse } = page;
  const [left, top] = [randomOf(2 * step) * 0.8, randomOf(2 * step + 1) * 0.8];
  const drag = () => window.drag([left, top], [left + 0.15, top + 0.15], photoSize);
  if (step % 5 === 0) {
    await keyboard.press('Shift+R');
    await drag();
  }
  if (step % 7 === 0) {
    await keyboard.press('r');
    await drag();
    await window.proposal.waitFor();
    if (step % 2 === 0) await window.accept('thing');
    else await keyboard.press('Escape');
    await window.proposal.waitFor({ state: 'detached' });
    await window.canvas.focus();
  }
  await keyboard.press('v');
  if (step % 9 === 0) await window.click([left, top], photoSize);
  if (step % 11 === 0) await keyboard.press('Control+z');
  if (step % 22 === 0) await keyboard.press('Control+Shift+z');
  if (step % 13 === 0) {
    await keyboard.press('Control+g');
    await window.dialog(text.statistics.title).waitFor();
    await keyboard.press('Escape');
    await window.dialog(text.statistics.title).waitFor({ state: 'detached' });
  }
  const bounds = (await window.canvas.boundingBox())!;
  await mouse.move(bounds.x + (0.1 + left) * bounds.width, bounds.y + (0.1 + top) * bounds.height);
  await mouse.wheel(0, step % 2 === 0 ? -400 : 300);
  await window.canvas.focus();
  const isForth = Math.floor(step / (imageCount - 1)) % 2 === 0;
  await keyboard.press(isForth ? 'd' : 'a');
  await imageShown(page);
}

/** A number from 0 to 1 that looks random. */
function randomOf(index: number): number {
  return (((index + 1) * 2_654_435_761) % 2 ** 32) / 2 ** 32;
}

async function sampleOf(browser: Browser, page: Page): Promise<Sample> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
  await session.detach();
  const backend = listProcesses().find(
    ({ parent, command }) => parent === process.pid && command.includes('app/backend.ts'),
  );
  const engine = listProcesses().find(({ parent }) => parent === backend?.pid);
  return {
    heap: usedSize / 1e6,
    nodes,
    listeners: jsEventListeners,
    renderer: await megabytesOf(await renderersOf(browser)),
    backend: await megabytesOf(backend ? [backend.pid] : []),
    engine: await megabytesOf(engine ? [engine.pid] : []),
  };
}

async function renderersOf(browser: Browser): Promise<number[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

async function megabytesOf(pids: readonly number[]): Promise<number> {
  let bytes = 0;
  for (const pid of pids) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    bytes += 1024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
  }
  return bytes / 1e6;
}
