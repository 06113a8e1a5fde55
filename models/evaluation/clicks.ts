import { deepestInsidePoint } from '../../core/geometry/region.ts';
import { decodeRle, rleArea, rleSubtract } from '../../core/geometry/rle.ts';
import type { Rle } from '../../core/geometry/shapes.ts';
import type { PromptMark } from '../../core/prompt.ts';

/** As many clicks as are scored. */
export const clickCount = 3;
/** Where clicks go on until a mask is good enough: a target that needs more counts as so many. */
export const mostClicks = 20;

/** How many clicks targets need until their masks reach an IoU. */
export interface ClicksUntil {
  readonly iou: number;
  /** Mean over the targets; {@link mostClicks} for one that does not reach it. */
  readonly clicks: number;
  /** Share of the targets that reach it. */
  readonly reached: number;
}

/** @param ious of each target, after each of its clicks */
export function clicksUntil(iou: number, ious: readonly (readonly number[])[]): ClicksUntil {
  const needed = ious.map((ofTarget) => ofTarget.findIndex((one) => one >= iou));
  const clicks = needed.map((index) => (index < 0 ? mostClicks : index + 1));
  return {
    iou,
    clicks: clicks.reduce((sum, one) => sum + one, 0) / ious.length,
    reached: needed.filter((index) => index >= 0).length / ious.length,
  };
}

/**
 * The next click of a person who corrects a mask: the deepest point of what is missing, or, where
 * more is too much, of that as "not this". Null when nothing is wrong. Before the first click the
 * mask is empty.
 */
export function nextClick(mask: Rle, target: Rle): PromptMark | null {
  const missing = rleSubtract(target, mask);
  const excess = rleSubtract(mask, target);
  const positive = rleArea(missing) >= rleArea(excess);
  const error = positive ? missing : excess;
  if (rleArea(error) === 0) return null;
  return { kind: 'point', at: deepestInsidePoint(decodeRle(error)), positive };
}
