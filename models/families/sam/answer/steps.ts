import { rleBox } from '../../../../core/geometry/rle.ts';
import type { Box, Point } from '../../../../core/geometry/shapes.ts';
import type { SamConfig } from '../config.ts';
import type { Frame } from '../network/frame.ts';
import type { SamPrompt } from '../network/network.ts';
import type { PointedRegion } from './region-prompt.ts';
import { startMask } from './start-mask.ts';

/** One run of the decoder on the way to a region's mask. */
export interface Step {
  readonly prompt: SamPrompt;
  /** Equal for equal steps about one photo, however many follow. */
  readonly key: string;
}

/**
 * The runs that lead to a region's mask, at least one. A decoder that takes an earlier mask is
 * told of one click after another, each time with the mask of those before, which is how these
 * networks are trained; any other one is told everything at once.
 */
export function stepsOf(
  region: PointedRegion,
  { mask: takesMasks, boxes }: Pick<SamConfig, 'mask' | 'boxes'>,
  frame: Frame,
): Step[] {
  const { clicks, mask } = region;
  const points = clicks.flat();
  const previous = mask && takesMasks ? startMask(mask, frame, takesMasks.side) : null;
  const box = boxOf(region, takesMasks !== null);
  const step = (prompt: SamPrompt): Step => ({
    prompt,
    key: JSON.stringify([prompt.points, prompt.box, previous && mask]),
  });
  if (boxes.kind === 'none') {
    const middle = box === null || points.length > 0 ? [] : [{ at: middleOf(box), positive: true }];
    return [step({ points: [...points, ...middle], box: null, previous })];
  }
  if (takesMasks === null) return [step({ points, box, previous })];
  const growing = clicks.map((_, index) => clicks.slice(0, index + 1).flat());
  return [...(box === null ? [] : [[]]), ...growing]
    .filter((seen) => box !== null || previous !== null || seen.some(({ positive }) => positive))
    .map((seen) => step({ points: seen, box, previous }));
}

/**
 * The drawn box; else that of a mask, unless clicks say how the mask is to change and the decoder
 * sees it.
 */
function boxOf({ box, mask, clicks }: PointedRegion, takesMasks: boolean): Box | null {
  if (box !== null || mask === null) return box;
  return clicks.length === 0 || !takesMasks ? rleBox(mask) : null;
}

function middleOf([x, y, width, height]: Box): Point {
  return [x + width / 2, y + height / 2];
}
