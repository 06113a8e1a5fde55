import { setImmediate } from 'node:timers/promises';
import { noImages } from '../../../core/image-states.ts';
import { imageStates } from '../../../core/records.ts';
import type { StateChange } from '../../../db/project.ts';
import type { ProgressPoint } from '../../api/contract/statistics.ts';

/** More points than a plot has pixels would only cost time. */
const maximumPoints = 500;
/** Other calls are answered between pieces of work of about this length. */
const pieceMs = 20;

/** How many images were in each state over time: a point for each change, thinned out evenly. */
export async function readProgress(changes: Iterable<StateChange>): Promise<ProgressPoint[]> {
  const points: ProgressPoint[] = [];
  let now = noImages();
  let pieceEndsAtMs = performance.now() + pieceMs;
  for (const { atMs, change } of changes) {
    now = { ...now };
    for (const state of imageStates) now[state] += change[state];
    points.push({ atMs, ...now });
    if (performance.now() < pieceEndsAtMs) continue;
    await setImmediate();
    pieceEndsAtMs = performance.now() + pieceMs;
  }
  const step = Math.ceil(points.length / maximumPoints);
  return points.filter((_, index) => index % step === 0 || index === points.length - 1);
}
