import { boxIou } from '../../../../core/geometry/box.ts';
import type { Box } from '../../../../core/geometry/shapes.ts';
import type { MaskCandidate } from '../../../../core/prompt.ts';
import type { DecodedMask, SamPrompt } from '../network/network.ts';

/** Which of the masks of a run answers the prompt, and which are alternatives to it. */
export interface Choice {
  readonly best: number;
  readonly others: readonly number[];
}

/**
 * The mask with the best score. Where the first of the masks is the one for prompts that leave
 * nothing open, that one is taken, unless the prompt is a single point, which it does not stand
 * for.
 */
export function chooseMask(
  masks: readonly Pick<DecodedMask, 'score'>[],
  prompt: SamPrompt,
  singleFirst: boolean,
): Choice {
  const all = [...masks.keys()];
  const alternatives = singleFirst && masks.length > 1 ? all.slice(1) : all;
  if (alternatives.length < all.length && !isOpen(prompt)) return { best: 0, others: alternatives };
  const best = alternatives.reduce((a, b) => (masks[b]!.score > masks[a]!.score ? b : a));
  return { best, others: alternatives.filter((index) => index !== best) };
}

function isOpen({ points, box, previous }: SamPrompt): boolean {
  return points.length === 1 && box === null && previous === null;
}

/** The index of the mask whose own box has the largest IoU with a box. */
export function bestFit(masks: readonly Pick<MaskCandidate, 'bbox'>[], box: Box): number {
  const fits = masks.map(({ bbox }) => boxIou(bbox, box));
  return fits.indexOf(Math.max(...fits));
}
