import { rleFromRuns, rleUnion } from '../../geometry/rle.ts';
import type { Rle } from '../../geometry/shapes.ts';
import { referringOutcome, type ReferringOutcome } from '../referring.ts';
import type { ScoredPair } from '../scored-item.ts';

/** All masks of an answer, as one, against all that the text refers to. */
export function unitedOutcomes(pairs: readonly ScoredPair<'masks'>[]): ReferringOutcome[] {
  return pairs.map(({ item, answer }) => {
    const { width, height } = item;
    const empty = rleFromRuns([height, width], Uint32Array.of(width * height));
    const united = (masks: readonly Rle[]) => masks.reduce(rleUnion, empty);
    return referringOutcome(united(answer.masks), united(item.truth.targets));
  });
}
