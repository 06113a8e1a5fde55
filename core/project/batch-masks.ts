import { boxesOverlap } from '../geometry/box.ts';
import { rleArea, rleBox, rleIou } from '../geometry/rle.ts';
import { splitRle } from '../geometry/split-rle.ts';
import type { MaskCandidate } from '../prompt.ts';

/** The annotations made from the masks of a model in one image. */
export interface MaskChoice {
  /** Masks with a lower score are left out. */
  readonly minimumScore: number;
  /**
   * `best`: of masks of the same object under several names, the one with the best score; `all`
   * keeps every one.
   */
  readonly overlap: 'best' | 'all';
  /** Each connected part becomes a mask of its own. */
  readonly splitsParts: boolean;
}

/**
 * Where the score is the IoU that the model expects: the IoU from which an object counts as found.
 */
export const defaultMinimumScore = 0.5;

/** Another name of the same object, which lost. */
export interface OtherName {
  readonly category: string;
  readonly score: number;
}

/** Where an annotation keeps the names that lost against its own: a list of `OtherName`. */
export const otherNamesKey = 'pixel_sail_studio_other_names';

/** Two masks with this IoU or more show the same object. */
const sameObjectIou = 0.7;

/** A part with a smaller share of the mask is a speck, left out where others become masks. */
const leastPartShare = 0.05;

/**
 * The masks that are kept, in the order in which they were found, each with the names that lost
 * against it: one object cannot be a bear, a dog and a person.
 */
export function chooseMasks<Mask extends MaskCandidate & { readonly category: string | null }>(
  found: readonly Mask[],
  { minimumScore, overlap, splitsParts }: MaskChoice,
): (Mask & { readonly also: readonly OtherName[] })[] {
  const good = found.filter(({ score }) => score >= minimumScore);
  const parts = splitsParts ? good.flatMap(connectedParts) : good;
  const numbered = parts.map((mask, place) => ({ mask, place, also: [] as OtherName[] }));
  const kept: typeof numbered = [];
  for (const candidate of numbered.toSorted((a, b) => b.mask.score - a.mask.score)) {
    const { mask } = candidate;
    const loses = overlap === 'best';
    const winner = loses ? kept.find((other) => isSameObject(mask, other.mask)) : undefined;
    if (!winner) kept.push(candidate);
    else if (mask.category !== null && mask.category !== winner.mask.category) {
      winner.also.push({ category: mask.category, score: mask.score });
    }
  }
  return kept.toSorted((a, b) => a.place - b.place).map(({ mask, also }) => ({ ...mask, also }));
}

function isSameObject(mask: MaskCandidate, other: MaskCandidate): boolean {
  return boxesOverlap(mask.bbox, other.bbox) && rleIou(mask.rle, other.rle) >= sameObjectIou;
}

function connectedParts<Mask extends MaskCandidate>(mask: Mask): Mask[] {
  const large = splitRle(mask.rle).filter((rle) => rleArea(rle) >= leastPartShare * mask.area);
  if (large.length < 2) return [mask];
  return large.map((rle) => ({ ...mask, rle, area: rleArea(rle), bbox: rleBox(rle) }));
}
