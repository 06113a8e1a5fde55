import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { rleBox, rleFromUncompressed } from '../../core/geometry/rle.ts';
import type { Rle } from '../../core/geometry/shapes.ts';
import type { Target } from './targets.ts';

const script = fileURLToPath(new URL('grabcut.py', import.meta.url));
const answerSchema = z.object({
  size: z.tuple([z.number(), z.number()]),
  counts: z.array(z.number()),
});

/**
 * OpenCV's GrabCut, in a Python process that PIXELSAIL_PYTHON names: what a tool without a model
 * makes of a box.
 */
export class GrabCut {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string, undefined>;

  private constructor(python: string) {
    this.#child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Null where there is no Python that has OpenCV. */
  static start(): GrabCut | null {
    const python = process.env['PIXELSAIL_PYTHON'];
    const hasOpenCv = python && spawnSync(python, ['-c', 'import cv2']).status === 0;
    return hasOpenCv ? new GrabCut(python) : null;
  }

  /** GrabCut started from a target's tight box. @throws AppError `internal` when Python ends. */
  async mask({ image, rle }: Target): Promise<Rle> {
    this.#child.stdin.write(`${JSON.stringify({ file: image.file, box: rleBox(rle) })}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new AppError('internal', `GrabCut ended without a mask for ${image.file}.`);
    const { size, counts } = answerSchema.parse(JSON.parse(value));
    return rleFromUncompressed(size, counts);
  }

  end(): void {
    this.#child.stdin.end();
  }
}
