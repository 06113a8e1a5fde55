import { boxIou } from '../../../../core/geometry/box.ts';
import type { Box, Point } from '../../../../core/geometry/shapes.ts';
import type { MaskCandidate, ModelAnswer } from '../../../../core/prompt.ts';
import { logitOf, probabilityOf } from '../../../answer/logit-map.ts';
import { answerMask } from '../../../answer/mask-pixels.ts';
import { rest } from '../../../cancellation.ts';
import type { Size } from '../../../image/resize-rule.ts';
import type { AnswerEvent } from '../../../model.ts';
import { mapOfPhoto } from '../network/frame.ts';
import type { DecodedMask } from '../network/network.ts';
import { decode, thresholdOf, type SamContext } from './context.ts';

/** Logits above and below the threshold at which a mask is measured for its stability. */
const stabilityOffset = 1;

/**
 * Masks of all that a regular grid of points meets, best score first: those that the network is
 * sure of and whose edges hardly depend on the threshold, without repetitions (as
 * segment-anything's automatic mask generator, without crops).
 */
export async function* segmentEverything(
  context: SamContext,
  pointsPerSide: number,
): AsyncGenerator<AnswerEvent, ModelAnswer> {
  const { everything, output } = context.network.manifest.config;
  yield { kind: 'stage', stage: 'mask' };
  const found: MaskCandidate[] = [];
  for (const at of gridPoints(context.image, pointsPerSide)) {
    await rest(context.options.signal);
    const points = [{ at, positive: true }];
    const masks = await decode(context, { points, box: null, previous: null });
    const alternatives = output.singleFirst && masks.length > 1 ? masks.slice(1) : masks;
    for (const mask of alternatives) {
      if (mask.score <= everything.leastScore) continue;
      const stable = stableMask(context, mask, everything.leastStability);
      if (stable !== null && stable.area > 0) found.push(stable);
    }
  }
  const about = { threshold: thresholdOf(context), region: null, label: null };
  const masks = withoutRepetitions(found, everything.mostOverlap).map((mask) => ({
    ...mask,
    score: Math.min(Math.max(mask.score, 0), 1),
    ...about,
  }));
  return { text: '', masks, choice: null };
}

/** Points at the centres of a regular grid of cells, row by row. */
function gridPoints({ width, height }: Size, pointsPerSide: number): Point[] {
  const at = (index: number, length: number) => ((index + 0.5) / pointsPerSide) * length;
  return Array.from({ length: pointsPerSide ** 2 }, (_, index) => [
    at(index % pointsPerSide, width),
    at(Math.floor(index / pointsPerSide), height),
  ]);
}

/**
 * The mask at the photo's size, with the network's own score; null where it depends too much on
 * the threshold.
 */
function stableMask(
  context: SamContext,
  { map, score }: DecodedMask,
  leastStability: number,
): MaskCandidate | null {
  const { width, height } = context.image;
  const placed = {
    map: mapOfPhoto(map, context.photo.encoded.frame),
    part: { left: 0, top: 0, width, height },
  };
  const level = logitOf(thresholdOf(context));
  const inner = answerMask(placed, context.image, probabilityOf(level + stabilityOffset));
  const outer = answerMask(placed, context.image, probabilityOf(level - stabilityOffset));
  if (!(inner.area / outer.area >= leastStability)) return null;
  return { ...answerMask(placed, context.image, thresholdOf(context)), score };
}

/**
 * Best score first; of masks whose boxes overlap by more than `mostOverlap` the best one is kept.
 */
export function withoutRepetitions(
  masks: readonly MaskCandidate[],
  mostOverlap: number,
): MaskCandidate[] {
  const kept: MaskCandidate[] = [];
  for (const mask of masks.toSorted((a, b) => b.score - a.score)) {
    const isRepeated = kept.some(
      ({ bbox }) => boxIou(betweenCentres(bbox), betweenCentres(mask.bbox)) > mostOverlap,
    );
    if (!isRepeated) kept.push(mask);
  }
  return kept;
}

/**
 * A box from the centre of its first pixel to that of its last, between which the reference
 * measures.
 */
function betweenCentres([x, y, width, height]: Box): Box {
  return [x, y, width - 1, height - 1];
}
