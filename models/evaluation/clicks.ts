import { deepestInsidePoint } from '../../core/geometry/region.ts';
import { decodeRle, rleArea, rleSubtract } from '../../core/geometry/rle.ts';
import type { Rle } from '../../core/geometry/shapes.ts';
import type { PromptMark } from '../../core/prompt.ts';

/** As many clicks as are scored. */
export const clickCount = 3;

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
