import { cpus, loadavg } from 'node:os';
import { Command } from 'commander';
import { markdownTable, type BenchRow } from '../statistics.ts';
import { benchHover, benchMillion, benchPolygons, benchVertex } from './canvas.ts';
import { benchCategories, benchJourneys } from './journeys.ts';
import { benchFirstPixels } from './first-pixels.ts';
import { benchNextImage, benchOpenProject } from './images.ts';
import { benchMemory } from './memory.ts';

/**
 * `npm run bench:ui [-- --only polygons,journeys,… --minutes 30]`:
 * the interface in a real Chromium (`--json` too). It must be built. Script times are of the
 * thread's own clock; times to an image and between frames are the wall's.
 */
const parts = [
  ...(['polygons', 'hover', 'vertex', 'million', 'open', 'next'] as const),
  ...(['journeys', 'first-pixels', 'categories', 'memory'] as const),
] as const;

const options = new Command('bench:ui')
  .option('--only <part,...>', `some of ${parts.join(', ')}`, parts.join(','))
  .option(
    '--minutes <number>',
    'of random use, at least; 500 images are seen in any case',
    Number,
    0,
  )
  .option('--json', 'print JSON')
  .parse()
  .opts<{ only: string; minutes: number; json?: boolean }>();

const benches: Record<(typeof parts)[number], () => Promise<BenchRow[]>> = {
  polygons: benchPolygons,
  hover: benchHover,
  vertex: benchVertex,
  million: benchMillion,
  open: benchOpenProject,
  next: benchNextImage,
  journeys: benchJourneys,
  'first-pixels': benchFirstPixels,
  categories: benchCategories,
  memory: () => benchMemory(options.minutes),
};

const rows: BenchRow[] = [];
for (const part of parts.filter((name) => options.only.split(',').includes(name))) {
  console.error(`bench:ui: ${part}`);
  rows.push(...(await benches[part]()));
}
const load = loadavg()[0]!.toFixed(1);
const machine = `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} threads, load ${load} at the end, Chromium without a GPU`;
console.log(
  options.json
    ? JSON.stringify({ machine, rows })
    : `Measured on ${machine}.\n\n${markdownTable(rows)}`,
);
