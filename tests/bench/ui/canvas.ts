import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { english as text } from '../../../renderer/i18n/en.ts';
import { makeProject } from '../../support/made-project.ts';
import { WindowPage } from '../../support/window-page.ts';
import { percentile, type BenchRow } from '../statistics.ts';
import { stars } from './drawn-regions.ts';
import { writePhotos } from './photos.ts';
import { trace, type TraceSummary } from './trace.ts';
import { withWindow } from './window.ts';

const photoSize = { width: 3840, height: 2160 };
const frames = 120;

/** Panning, zooming and deleting among 5,000 polygons of 60 vertices on a 4k photo. */
export function benchPolygons(): Promise<BenchRow[]> {
  return withWindow(
    (folder) => projectOf(folder, 5000, 60, 40),
    async ({ browser, page, animate }) => {
      await page.waitForTimeout(settleMs);
      const rows: BenchRow[] = [];
      for (const move of ['pan', 'zoom'] as const) {
        await animate(move, frames);
        const summary = await trace(browser, page, () => animate(move, frames));
        rows.push(...frameRows(`5,000 polygons, ${move}`, summary));
      }
      await page.keyboard.press('Shift+T');
      await page.waitForTimeout(settleMs);
      for (const move of ['pan', 'zoom'] as const) {
        const tagged = await trace(browser, page, () => animate(move, frames));
        rows.push(...frameRows(`5,000 polygons with name tags, ${move}`, tagged));
      }
      await page.keyboard.press('Shift+T');
      await new WindowPage(page).regions.first().click();
      const deletion = await trace(browser, page, async () => {
        await page.keyboard.press('Delete');
        await page.getByText('4,999').or(page.getByText('4999')).first().waitFor();
        await page.waitForTimeout(settleMs);
      });
      rows.push({
        name: '5,000 polygons, delete one: longest task of the main thread',
        value: deletion.longestTaskMs,
        unit: 'ms',
      });
      return rows;
    },
  );
}

/** Time to let tiles come; nothing is measured in it but what is under test. */
const settleMs = 3000;

function frameRows(name: string, summary: TraceSummary): BenchRow[] {
  return [
    {
      name: `${name}: frame, 95th percentile`,
      value: summary.frameP95Ms,
      unit: 'ms',
      baseline: `${summary.frames} frames drawn of ${frames}; compositor's clock`,
    },
    {
      name: `${name}: script a frame, 95th percentile`,
      value: summary.scriptP95Ms,
      unit: 'ms',
      baseline: `median ${summary.scriptMedianMs.toFixed(2)} ms; target 4 ms`,
    },
    { name: `${name}: all of the main thread a frame`, value: summary.mainThreadMs, unit: 'ms' },
  ];
}

/**
 * Hovering over 20,000 shapes with the selection tool: each move's script, the hit test included.
 */
export function benchHover(): Promise<BenchRow[]> {
  return withWindow(
    (folder) => projectOf(folder, 20_000, 12, 20),
    async ({ page }) => {
      await page.waitForTimeout(settleMs);
      await page.keyboard.press('v');
      const moves = await page.evaluate(async () => {
        const canvas = document.querySelector('[role=application]')!;
        const bounds = canvas.getBoundingClientRect();
        const spent: number[] = [];
        for (let index = 0; index < 500; index++) {
          if (index % 10 === 0) await new Promise(requestAnimationFrame);
          const clientX = bounds.x + 80 + ((index * 37) % (bounds.width - 160));
          const clientY = bounds.y + 120 + ((index * 23) % (bounds.height - 240));
          const start = performance.now();
          canvas.dispatchEvent(
            new PointerEvent('pointermove', { clientX, clientY, bubbles: true }),
          );
          spent.push(performance.now() - start);
        }
        // The first builds the index.
        return spent.slice(1);
      });
      return [
        {
          name: '20,000 shapes, hover: script of one move, 95th percentile',
          value: percentile(moves, 0.95),
          unit: 'ms',
          baseline: `median ${percentile(moves, 0.5).toFixed(3)} ms; target 2 ms`,
        },
      ];
    },
  );
}

/** Dragging one vertex of a polygon of 10,000 vertices by its handle. */
export function benchVertex(): Promise<BenchRow[]> {
  const radius = 1000;
  return withWindow(
    (folder) => projectOf(folder, 1, 10_000, radius),
    async ({ browser, page, lastStep }) => {
      const onScreen = (x: number, y: number) =>
        new WindowPage(page).onScreen([x / photoSize.width, y / photoSize.height], photoSize);
      await page.keyboard.press('v');
      await page.mouse.click(...(await onScreen(radius, radius)));
      // The first vertex of the star.
      const [x, y] = await onScreen(radius + 0.4 * 0.85 * radius, radius);
      await page.mouse.move(x, y);
      await page.mouse.down();
      const drag = () => dragInFrames(page, x, y, frames);
      await drag();
      const summary = await trace(browser, page, drag);
      await page.mouse.move(x + 30, y + 20);
      await page.mouse.up();
      await page.waitForTimeout(settleMs);
      const step = await lastStep();
      if (step !== text.steps.reshape())
        throw new Error(`Expected a dragged vertex, found: ${step}.`);
      return [
        {
          name: 'polygon of 10,000 vertices, drag one: script a frame, 95th percentile',
          value: summary.scriptP95Ms,
          unit: 'ms',
          baseline: `median ${summary.scriptMedianMs.toFixed(2)} ms; target 16 ms`,
        },
        {
          name: 'polygon of 10,000 vertices, drag one: all of the main thread a frame',
          value: summary.mainThreadMs,
          unit: 'ms',
        },
      ];
    },
  );
}

/**
 * Selecting a polygon of a million vertices by a click, and moving the image while it is selected.
 */
export function benchMillion(): Promise<BenchRow[]> {
  const radius = 1000;
  return withWindow(
    (folder) => projectOf(folder, 1, 1_000_000, radius),
    async ({ browser, page, animate }) => {
      await page.waitForTimeout(settleMs);
      await page.keyboard.press('v');
      const at = [radius / photoSize.width, radius / photoSize.height] as const;
      const [x, y] = await new WindowPage(page).onScreen(at, photoSize);
      const region = new WindowPage(page).regions.first();
      const selection = await trace(browser, page, async () => {
        await page.mouse.click(x, y);
        await region.and(page.locator('[aria-selected=true]')).waitFor();
        await page.waitForTimeout(settleMs);
      });
      const moving = await trace(browser, page, () => animate('pan', 20));
      return [
        {
          name: 'polygon of 1,000,000 vertices, select: longest task of the main thread',
          value: selection.longestTaskMs,
          unit: 'ms',
          baseline: 'target 500 ms',
        },
        {
          name: 'polygon of 1,000,000 vertices, select: all of the main thread',
          value: selection.totalMs,
          unit: 'ms',
          baseline: 'target 500 ms',
        },
        {
          name: 'polygon of 1,000,000 vertices, pan while selected: all of the main thread a frame',
          value: moving.mainThreadMs,
          unit: 'ms',
        },
      ];
    },
  );
}

/** The pointer is down already; it moves on in each of the frames. */
async function dragInFrames(page: Page, x: number, y: number, count: number): Promise<void> {
  await page.evaluate(
    async ([fromX, fromY, frameCount]) => {
      const canvas = document.querySelector('[role=application]')!;
      for (let frame = 0; frame < frameCount; frame++) {
        await new Promise(requestAnimationFrame);
        await new Promise((resolve) => setTimeout(resolve));
        const at = { clientX: fromX + 10 + (frame % 40), clientY: fromY + (frame % 30) };
        canvas.dispatchEvent(
          new PointerEvent('pointermove', { ...at, pointerId: 1, buttons: 1, bubbles: true }),
        );
      }
    },
    [x, y, count] as const,
  );
}

async function projectOf(
  folder: string,
  regions: number,
  vertices: number,
  radius: number,
): Promise<string> {
  const file = join(folder, 'bench.pixelsail');
  makeProject(file, await writePhotos(folder, 1, photoSize), 1, stars(regions, vertices, radius));
  return file;
}
