import { logitOf, probabilityOf, type LogitMap } from '../../../answer/logit-map.ts';
import type { PlacedMap } from '../../../answer/mask-pixels.ts';
import type { PixelBox } from '../../../image/resize.ts';
import type { Size } from '../../../image/resize-rule.ts';

/** A mask before it is cut out: logits over a part of an image. */
export interface SoftMask extends PlacedMap {
  /**
   * How well several looks agree: the IoU of their probabilities, 0 to 1; null when there was one.
   */
  readonly agreement: number | null;
}

/**
 * The mean probability of several looks at a region, on the cells of the first. A look counts
 * where it shows something.
 */
export function averageSoftMasks(first: SoftMask, others: readonly SoftMask[]): SoftMask {
  if (others.length === 0) return first;
  const { map, part } = first;
  const count = map.logits.length;
  const [sums, looks] = [new Float64Array(count), new Uint8Array(count).fill(1)];
  const [least, most] = [new Float64Array(count), new Float64Array(count)];
  for (let index = 0; index < count; index++) {
    least[index] = most[index] = sums[index] = probabilityOf(map.logits[index]!);
  }
  for (const other of others) {
    const seen = logitsOnGrid(other, part, map);
    for (let index = 0; index < count; index++) {
      const logit = seen[index]!;
      if (Number.isNaN(logit)) continue;
      const probability = probabilityOf(logit);
      sums[index]! += probability;
      looks[index]!++;
      least[index] = Math.min(least[index]!, probability);
      most[index] = Math.max(most[index]!, probability);
    }
  }
  const logits = new Float32Array(count);
  let [common, united] = [0, 0];
  for (let index = 0; index < count; index++) {
    logits[index] = logitOf(sums[index]! / looks[index]!);
    common += least[index]!;
    united += most[index]!;
  }
  return { map: { ...map, logits }, part, agreement: common / united };
}

/**
 * The interpolated logits at the middles of a grid's cells.
 * @param part the part of the image, in its pixels, that the grid lies over
 * @returns one for each cell, row by row; NaN outside the mask's own part
 */
export function logitsOnGrid(mask: PlacedMap, part: PixelBox, grid: Size): Float64Array {
  const { map, part: own } = mask;
  const columns = cellsAt(grid.width, part.left, part.width, own.left, own.width, map.width);
  const rows = cellsAt(grid.height, part.top, part.height, own.top, own.height, map.height);
  const logits = new Float64Array(grid.width * grid.height);
  let to = 0;
  for (let row = 0; row < grid.height; row++) {
    const [above, below] = [rows.low[row]! * map.width, rows.high[row]! * map.width];
    const weight = rows.weight[row]!;
    for (let column = 0; column < grid.width; column++) {
      const [left, right] = [columns.low[column]!, columns.high[column]!];
      const across = columns.weight[column]!;
      const upper = map.logits[above + left]! * (1 - across) + map.logits[above + right]! * across;
      const lower = map.logits[below + left]! * (1 - across) + map.logits[below + right]! * across;
      logits[to++] = upper * (1 - weight) + lower * weight;
    }
  }
  return logits;
}

/**
 * Along one axis, the two cells of a map that the middle of each grid cell lies between, and the
 * second's weight.
 */
interface Cells {
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** NaN outside the map. */
  readonly weight: Float64Array;
}

function cellsAt(
  count: number,
  from: number,
  length: number,
  ownFrom: number,
  ownLength: number,
  ownCount: number,
): Cells {
  const [low, high] = [new Int32Array(count), new Int32Array(count)];
  const weight = new Float64Array(count).fill(NaN);
  for (let cell = 0; cell < count; cell++) {
    const at = from + ((cell + 0.5) * length) / count;
    if (at < ownFrom || at >= ownFrom + ownLength) continue;
    const position = ((at - ownFrom) * ownCount) / ownLength - 0.5;
    const inside = Math.min(Math.max(position, 0), ownCount - 1);
    low[cell] = Math.floor(inside);
    high[cell] = Math.min(low[cell]! + 1, ownCount - 1);
    weight[cell] = inside - low[cell]!;
  }
  return { low, high, weight };
}

/** A map as its mirror image shows it. */
export function mirrorMap(map: LogitMap): LogitMap {
  const { width, height } = map;
  const logits = new Float32Array(map.logits.length);
  for (let row = 0; row < height; row++) {
    const start = row * width;
    for (let column = 0; column < width; column++) {
      logits[start + column] = map.logits[start + width - 1 - column]!;
    }
  }
  return { logits, width, height };
}
