import { logitOf, probabilityOf, type LogitMap } from '../../../answer/logit-map.ts';
import type { PlacedMap } from '../../../answer/mask-pixels.ts';

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
  const logits = new Float32Array(map.logits.length);
  let [common, united] = [0, 0];
  for (let row = 0; row < map.height; row++) {
    const y = part.top + ((row + 0.5) * part.height) / map.height;
    for (let column = 0; column < map.width; column++) {
      const x = part.left + ((column + 0.5) * part.width) / map.width;
      const index = row * map.width + column;
      let sum = probabilityOf(map.logits[index]!);
      let [least, most, count] = [sum, sum, 1];
      for (const other of others) {
        const logit = logitAt(other, x, y);
        if (logit === null) continue;
        const probability = probabilityOf(logit);
        sum += probability;
        count++;
        least = Math.min(least, probability);
        most = Math.max(most, probability);
      }
      logits[index] = logitOf(sum / count);
      common += least;
      united += most;
    }
  }
  return { map: { ...map, logits }, part, agreement: common / united };
}

/** The interpolated logit at a place in image pixels; null outside the part. */
export function logitAt({ map, part }: PlacedMap, x: number, y: number): number | null {
  const { left, top, width, height } = part;
  if (x < left || y < top || x >= left + width || y >= top + height) return null;
  const column = cellsBetween(((x - left) * map.width) / width - 0.5, map.width);
  const row = cellsBetween(((y - top) * map.height) / height - 0.5, map.height);
  const between = (cellRow: number) => {
    const start = cellRow * map.width;
    const [low, high] = [map.logits[start + column.low]!, map.logits[start + column.high]!];
    return low * (1 - column.weight) + high * column.weight;
  };
  return between(row.low) * (1 - row.weight) + between(row.high) * row.weight;
}

function cellsBetween(
  position: number,
  count: number,
): { low: number; high: number; weight: number } {
  const inside = Math.min(Math.max(position, 0), count - 1);
  const low = Math.floor(inside);
  return { low, high: Math.min(low + 1, count - 1), weight: inside - low };
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
