import { decodeRle } from '../../../../core/geometry/rle.ts';
import type { Rle } from '../../../../core/geometry/shapes.ts';
import type { LogitMap } from '../../../answer/logit-map.ts';
import type { Frame } from '../network/frame.ts';

/**
 * Logits of what is surely inside, and with the other sign outside, of a mask that comes without
 * any.
 */
const sureLogit = 10;
/** Samples along each side of a cell. */
const samples = 4;

/**
 * A mask of the photo as the low-resolution logits that a decoder starts from: the more of a cell
 * it covers, the higher.
 */
export function startMask(mask: Rle, { image, scaled, covered }: Frame, side: number): LogitMap {
  const { data, width, height } = decodeRle(mask);
  const columns = sources(side * samples, covered.width / scaled.width, image.width);
  const rows = sources(side * samples, covered.height / scaled.height, image.height);
  const logits = new Float32Array(side * side).fill(-sureLogit);
  const gain = (2 * sureLogit) / samples ** 2;
  rows.forEach((row, y) => {
    if (row >= height) return;
    const start = Math.floor(y / samples) * side;
    columns.forEach((column, x) => {
      if (column >= width || data[row * width + column] === 0) return;
      logits[start + Math.floor(x / samples)]! += gain;
    });
  });
  return { logits, width: side, height: side };
}

/**
 * For each sample over the square, the pixel of the photo under it; those beyond the photo lie
 * beyond its length.
 */
function sources(count: number, ofPhoto: number, length: number): number[] {
  return Array.from({ length: count }, (_, index) =>
    Math.floor(((index + 0.5) / count) * ofPhoto * length),
  );
}
