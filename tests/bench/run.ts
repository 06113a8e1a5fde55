import { availableParallelism, cpus } from 'node:os';
import { Command, Option } from 'commander';
import { locateModel } from '../../cli/model.ts';
import { parsePositiveInteger, parseThreads } from '../../cli/numbers.ts';
import { readManifest } from '../../models/registry.ts';
import { benchBatch } from './batch.ts';
import { benchDatabase } from './db.ts';
import { benchMasks } from './masks.ts';
import { benchLarge } from './large/large.ts';
import { largeShapes, type LargeShape } from './large/made-checkpoint.ts';
import { benchModel } from './model.ts';
import { benchFormats } from './scale/formats.ts';
import { benchScale } from './scale/scale.ts';
import { benchScores } from './scores.ts';
import { benchWorkers } from './workers.ts';
import { markdownTable, type BenchRow } from './statistics.ts';

/**
 * `npm run bench [-- --only PART,... --json]` (parts below): ratios within one run, as a Markdown
 * table. PyTorch, pycocotools and datumaro take part where PIXELSAIL_PYTHON names an interpreter
 * that has them. `--only scale,formats --annotations 1000000` measures a project of that many
 * annotations and a tenth as many images; `--only large --shape 3B` a network of the authors' size.
 */
const parts = [
  'model',
  'masks',
  'batch',
  'database',
  'scale',
  'formats',
  'scores',
  'workers',
  'large',
] as const;
/** A large network takes minutes and gigabytes: it is measured when asked for. */
const usualParts = parts.filter((part) => part !== 'large');

const options = new Command('bench')
  .option('--model <folder>', 'model package')
  .option('--only <part,...>', `some of ${parts.join(', ')}`, usualParts.join(','))
  .option('--threads <number>', 'threads on the CPU', parseThreads, availableParallelism())
  .option('--rounds <number>', 'of each measurement', parsePositiveInteger, 31)
  .option('--images <number>', 'of the larger batch', parsePositiveInteger, 1000)
  .option(
    '--annotations <number>',
    'in the project of the scale and formats parts',
    parsePositiveInteger,
    100_000,
  )
  .addOption(
    new Option('--shape <shape>', 'of the large part')
      .choices(Object.keys(largeShapes))
      .default('0.5B'),
  )
  .option('--json', 'print JSON')
  .parse()
  .opts<{
    model?: string;
    only: string;
    threads: number;
    rounds: number;
    images: number;
    annotations: number;
    shape: LargeShape;
    json?: boolean;
  }>();

const directory = await locateModel(options.model);
const { threads, rounds } = options;
const benches: Record<(typeof parts)[number], () => Promise<BenchRow[]>> = {
  model: () => benchModel({ directory, threads, rounds }),
  masks: () => benchMasks(rounds),
  batch: () => benchBatch({ directory, threads, images: options.images }),
  database: benchDatabase,
  scale: () => benchScale(options.annotations),
  formats: () => benchFormats(options.annotations),
  scores: benchScores,
  workers: benchWorkers,
  large: async () => benchLarge(options.shape, threads),
};

const rows: BenchRow[] = [];
for (const part of parts.filter((name) => options.only.split(',').includes(name))) {
  console.error(`bench: ${part}`);
  rows.push(...(await benches[part]()));
}
const { id, precision } = await readManifest(directory);
const machine = `${cpus()[0]?.model.trim() ?? 'unknown'}, ${threads} threads, Node ${process.version}, ${id} (${precision})`;
console.log(
  options.json
    ? JSON.stringify({ machine, rows })
    : `Measured on ${machine}.\n\n${markdownTable(rows)}`,
);
