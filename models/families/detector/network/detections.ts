import { boxIou } from '../../../../core/geometry/box.ts';
import type { Box } from '../../../../core/geometry/shapes.ts';
import type { LogitMap } from '../../../answer/logit-map.ts';

/** An object that a graph found. */
export interface Detection {
  /** Left, top, right, bottom in pixels of the graph's input. */
  readonly corners: readonly [number, number, number, number];
  readonly score: number;
  /** Index into the package's classes. */
  readonly label: number;
  /** Logits over the graph's input; null where the graph gives boxes only. */
  mask(): LogitMap | null;
}

/** Objects of one photo that are kept, as ultralytics keeps them. */
const mostObjects = 300;
/** Places with the best scores that are compared; more take long and are never seen. */
const mostCompared = 30_000;

/**
 * The detections with at least a score, best first, without those that overlap a better one of
 * their class.
 */
export function bestDetections(
  found: readonly Detection[],
  leastScore: number,
  mostOverlap: number | null,
): Detection[] {
  const good = found.filter(({ score }) => score >= leastScore);
  const sorted = good.sort((a, b) => b.score - a.score).slice(0, mostCompared);
  if (mostOverlap === null) return sorted.slice(0, mostObjects);
  const kept: { readonly detection: Detection; readonly box: Box }[] = [];
  for (const detection of sorted) {
    if (kept.length === mostObjects) break;
    const [left, top, right, bottom] = detection.corners;
    const box: Box = [left, top, right - left, bottom - top];
    const repeats = kept.some((better) => {
      return better.detection.label === detection.label && boxIou(better.box, box) > mostOverlap;
    });
    if (!repeats) kept.push({ detection, box });
  }
  return kept.map(({ detection }) => detection);
}
