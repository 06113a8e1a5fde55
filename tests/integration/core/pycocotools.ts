import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Rle } from '../../../core/geometry/shapes.ts';

const script = fileURLToPath(new URL('../../fixtures/coco/read_coco.py', import.meta.url));
const python = process.env['PIXELSAIL_PYTHON'] ?? 'python3';

/** Whether pycocotools can be run; says why not. */
export function hasPycocotools(): boolean {
  try {
    execFileSync(python, ['-c', 'import pycocotools.mask'], { stdio: 'ignore' });
    return true;
  } catch {
    console.log(
      `skipped: ${python} cannot import pycocotools; PIXELSAIL_PYTHON can name a Python that can`,
    );
    return false;
  }
}

/**
 * The result of pycocotools for a file: the mask of each annotation by id, and the precision of a
 * match with itself.
 */
export interface PycocotoolsReading {
  readonly masks: Readonly<Record<string, Rle>>;
  readonly segm: number | null;
  readonly bbox: number | null;
}

export function readWithPycocotools(file: string, evaluate: boolean): PycocotoolsReading {
  const options = evaluate ? [script, file, '--evaluate'] : [script, file];
  const output = execFileSync(python, options, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  return JSON.parse(output) as PycocotoolsReading;
}
