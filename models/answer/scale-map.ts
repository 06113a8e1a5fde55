import type { Size } from '../image/resize-rule.ts';
import { interpolation } from './interpolation.ts';
import type { LogitMap } from './logit-map.ts';

/**
 * Logits scaled bilinearly (corners not aligned) to `size`, of which only the upper left `kept` is
 * computed.
 * @param kept no larger than `size`
 */
export function scaleMap(map: LogitMap, size: Size, kept: Size): LogitMap {
  const columns = interpolation(map.width, size.width);
  const rows = interpolation(map.height, size.height);
  const logits = new Float32Array(kept.width * kept.height);
  const between = new Float32Array(map.width);
  for (let y = 0; y < kept.height; y++) {
    const [upper, lower, below] = [rows.low[y]!, rows.high[y]!, rows.weight[y]!];
    for (let x = 0; x < map.width; x++) {
      const above = map.logits[upper * map.width + x]!;
      between[x] = above + (map.logits[lower * map.width + x]! - above) * below;
    }
    const start = y * kept.width;
    for (let x = 0; x < kept.width; x++) {
      const left = between[columns.low[x]!]!;
      logits[start + x] = left + (between[columns.high[x]!]! - left) * columns.weight[x]!;
    }
  }
  return { logits, width: kept.width, height: kept.height };
}
