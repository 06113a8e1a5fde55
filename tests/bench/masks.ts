import { fileURLToPath } from 'node:url';
import { rasterizeScribble } from '../../core/geometry/raster.ts';
import { decodeRle, encodeRle } from '../../core/geometry/rle.ts';
import type { Bitmap, Point } from '../../core/geometry/shapes.ts';
import { traceMask } from '../../core/geometry/trace.ts';
import { LineChild, pythonWith } from './line-child.ts';
import { median, milliseconds, type BenchRow } from './statistics.ts';

const side = 4096;
const python = fileURLToPath(new URL('pycocotools_masks.py', import.meta.url));

/**
 * Times run-length encoding, decoding and tracing of a mask of 4096 x 4096 pixels, pycocotools
 * beside the first two.
 */
export async function benchMasks(rounds: number): Promise<BenchRow[]> {
  const bitmap = drawMask();
  const rle = encodeRle(bitmap);
  const interpreter = pythonWith('pycocotools', 'numpy', 'cv2');
  const child = interpreter === null ? null : new LineChild(interpreter, [python]);
  if (child) await child.ask(JSON.stringify(rle));
  const operations = [
    { name: 'RLE encode', run: () => encodeRle(bitmap), other: 'encode' },
    { name: 'RLE decode', run: () => decodeRle(rle), other: 'decode' },
    { name: 'edge tracing', run: () => traceMask(bitmap), other: 'trace' },
  ];
  const rows: BenchRow[] = [];
  for (const { name, run, other } of operations) {
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = -2; round < rounds; round++) {
      const time = await milliseconds(run);
      const otherTime = child ? Number(await child.ask(other)) : NaN;
      if (round < 0) continue;
      ours.push(time);
      theirs.push(otherTime);
    }
    const library = other === 'trace' ? 'OpenCV findContours' : 'pycocotools';
    rows.push({
      name: `${name} of a 4096 x 4096 mask`,
      value: median(ours),
      unit: 'ms',
      ...(child && {
        baseline: `${library} ${median(theirs).toFixed(1)} ms, ${(median(theirs) / median(ours)).toFixed(2)} x`,
      }),
    });
  }
  child?.end();
  return rows;
}

/** A blob with a wavy outline and a hole, as an object on a large photo looks. */
function drawMask(): Bitmap {
  const points = Array.from({ length: 64 }, (_, index): Point => {
    const angle = (index / 63) * 2 * Math.PI;
    const radius = side * (0.28 + 0.06 * Math.sin(9 * angle));
    return [side / 2 + radius * Math.cos(angle), side / 2 + radius * Math.sin(angle)];
  });
  return rasterizeScribble(points, side / 5, side, side);
}
