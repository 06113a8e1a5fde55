import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { heapArguments } from '../../../app/heap.ts';
import type { BenchRow } from '../statistics.ts';
import { largeShapes, type LargeShape } from './made-checkpoint.ts';

/** The measurement of a phase; each has only some of these numbers. */
export interface LargeFigures {
  readonly ms: number;
  /** The most memory that was resident. */
  readonly megabytes: number;
  readonly loadMs: number;
  readonly loadedMegabytes: number;
  readonly encodeMs: number;
  readonly boxMs: number;
  readonly tokensPerSecond: number;
}

const phaseFile = fileURLToPath(new URL('phase.ts', import.meta.url));

/** Memory that a conversion may take beside its largest tensor, in MB. */
const mostBeside = 2000;
/** Memory in which a network of three billion weights must answer, in MB. */
const mostToAnswer = 16_000;

/**
 * Makes a checkpoint of the shape of the authors' networks, converts it to int4 and asks it, each
 * in a process of its own. Its weights are made up: only times and memory mean something.
 */
export function benchLarge(shape: LargeShape, threads: number): BenchRow[] {
  const folder = mkdtempSync(join(tmpdir(), 'pixelsail-large-'));
  try {
    runPhase('make', folder, shape, threads);
    const convert = runPhase('convert', folder, shape, threads);
    const answer = runPhase('answer', folder, shape, threads);
    const largest = (2 * 151_936 * largeShapes[shape].hidden_size) / 1e6;
    const row = (name: string, value: number, unit: string): BenchRow => {
      return { name: `${shape}: ${name}`, value, unit };
    };
    return [
      row('convert to int4', convert.ms / 1000, 's'),
      {
        ...row('convert, peak memory', convert.megabytes, 'MB'),
        baseline: `largest tensor ${largest.toFixed(0)} MB`,
        targets: [{ what: 'MB above it', found: convert.megabytes - largest, most: mostBeside }],
      },
      row('load', answer.loadMs / 1000, 's'),
      row('loaded, memory', answer.loadedMegabytes, 'MB'),
      row('image encode, 768 patches', answer.encodeMs / 1000, 's'),
      row('box to mask', answer.boxMs / 1000, 's'),
      row('words', answer.tokensPerSecond, 'tokens/s'),
      {
        ...row('answer, peak memory', answer.megabytes, 'MB'),
        targets: [{ what: 'MB', found: answer.megabytes, most: mostToAnswer }],
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runPhase(phase: string, folder: string, shape: string, threads: number): LargeFigures {
  console.error(`bench: large, ${shape}, ${phase}`);
  const { status, stdout } = spawnSync(
    process.execPath,
    [...heapArguments, phaseFile, phase, folder, shape, String(threads)],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  if (status !== 0) throw new Error(`The phase ${phase} of ${shape} failed.`);
  return JSON.parse(stdout) as LargeFigures;
}
