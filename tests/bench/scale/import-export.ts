import { constants } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { heapArguments } from '../../../app/heap.ts';
import type { BenchRow, Target } from '../statistics.ts';
import { makeDataset } from './made-dataset.ts';
import type { ScaleSize } from './make-project.ts';

/** The measurement of a phase, which runs in a separate process. */
export interface PhaseFigures {
  readonly ms: number;
  /** Of all threads; what other programs do meanwhile hardly changes it. */
  readonly processorMs: number;
  /** The most memory that was resident. */
  readonly megabytes: number;
}

const { MAX_STRING_LENGTH } = constants;
const compiled = fileURLToPath(new URL('../../../node_modules/.cache/pixelsail', import.meta.url));
const phaseFile = fileURLToPath(new URL('import-export-phase.ts', import.meta.url));

/**
 * Times registering photos, importing a COCO file and exporting it, beside plain SQLite with the
 * same rows.
 */
export async function benchImportExport(size: ScaleSize): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pixelsail-scale-'));
  try {
    const { images, annotations } = await makeDataset(folder, size.images, 10);
    const hash = runPhase('bare hash', folder);
    const photos = runPhase('photos', folder);
    // JSON.parse reads one string, which 1,000,000 annotations do not fit into.
    const { size: bytes } = statSync(join(folder, 'instances.json'));
    const parse = bytes < MAX_STRING_LENGTH ? runPhase('bare parse', folder) : null;
    const imported = runPhase('import', folder);
    const insert = runPhase('bare insert', folder);
    const again = runPhase('import again', folder);
    const read = runPhase('bare read', folder);
    const exports = (['evaluation', 'training'] as const).map(
      (profile) => [profile, runPhase(`export ${profile}`, folder)] as const,
    );
    const rate = (count: number, { ms }: PhaseFigures): number => (1000 * count) / ms;
    const beside = (phase: PhaseFigures, floor: PhaseFigures, what: string): string =>
      `${(phase.processorMs / floor.processorMs).toFixed(2)} times the processor time and ` +
      `${(phase.ms / floor.ms).toFixed(2)} times as long as ${what}, ` +
      `${Math.round(phase.megabytes)} MB`;
    const inserts = ({ processorMs }: PhaseFigures): Target => ({
      what: 'times the processor time of bare inserts',
      found: processorMs / insert.processorMs,
      most: 3,
    });
    const rows: BenchRow[] = [
      {
        name: 'register photos',
        value: rate(images, photos),
        unit: 'images/s',
        baseline: beside(photos, hash, 'reading and hashing the files'),
        targets: [
          { what: 'images/s', found: rate(images, photos), least: 1000 },
          memoryTarget(photos),
        ],
      },
      {
        name: 'import COCO annotations',
        value: rate(annotations, imported),
        unit: 'annotations/s',
        baseline: `${beside(imported, insert, 'bare inserts')}; ${parse ? `parsing the file ${(parse.ms / 1000).toFixed(2)} s` : 'too long for JSON.parse'}`,
        targets: [inserts(imported), memoryTarget(imported)],
      },
      {
        name: 'import the same file again',
        value: rate(annotations, again),
        unit: 'annotations/s',
        baseline: beside(again, insert, 'bare inserts'),
        targets: [inserts(again), memoryTarget(again)],
      },
      ...exports.map(([profile, figures]) => ({
        name: `export and prove (${profile})`,
        value: rate(annotations, figures),
        unit: 'annotations/s',
        baseline: beside(figures, read, 'bare reads and writes'),
        targets: [
          { what: 'annotations/s', found: rate(annotations, figures), least: 20_000 },
          memoryTarget(figures),
        ],
      })),
    ];
    return rows.map((row) => ({
      ...row,
      name: `files (${images} images, ${annotations} annotations): ${row.name}`,
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same for every number of annotations. */
export function memoryTarget({ megabytes }: PhaseFigures): Target {
  return { what: 'MB', found: megabytes, most: 400 };
}

/** Runs one phase of import-export-phase.ts on the dataset in a folder. */
export function runPhase(phase: string, folder: string): PhaseFigures {
  console.error(`bench: ${phase}`);
  const child = spawnSync(process.execPath, [...heapArguments, phaseFile, phase, folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    // As the script `pixelsail` has it: threads of the database load sources, too.
    env: { NODE_COMPILE_CACHE: compiled, ...process.env },
  });
  if (child.status !== 0) throw new Error(`The phase "${phase}" failed.`);
  return JSON.parse(child.stdout) as PhaseFigures;
}
