import { rleIou } from '../../core/geometry/rle.ts';
import type { MaskCandidate } from '../../core/prompt.ts';

/** Masks that overlap by this IoU or more show the same. */
const sameMaskIou = 0.95;

/** Alternative masks: non-empty and different from the given one, largest first. */
export function worthOffering(
  mask: Pick<MaskCandidate, 'rle'>,
  others: readonly MaskCandidate[],
): MaskCandidate[] {
  const kept: MaskCandidate[] = [];
  for (const other of others.toSorted((a, b) => b.score - a.score)) {
    const isKnown = [mask, ...kept].some(({ rle }) => rleIou(rle, other.rle) >= sameMaskIou);
    if (other.area > 0 && !isKnown) kept.push(other);
  }
  return kept.sort((a, b) => b.area - a.area);
}
