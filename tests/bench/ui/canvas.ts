import { join } from 'node:path';
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

/** Hovering over 20,000 shapes with the selection tool: each move's script, the hit test included. */
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
