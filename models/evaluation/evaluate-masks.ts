import { overlapIou, rleOverlap, rleUnion } from '../../core/geometry/rle.ts';
import type { Rle } from '../../core/geometry/shapes.ts';
import { scoreMasks, type MaskScores } from '../../core/scores/masks.ts';
import type { ModelResult, PromptMark } from '../../core/prompt.ts';
import { baselineMasks, emptyMask, meanShare, type BaselineName } from './baselines.ts';
import { clickCount, clicksUntil, mostClicks, nextClick, type ClicksUntil } from './clicks.ts';
import type { Target } from './targets.ts';
import type { Answerer, Asked } from './evaluation.ts';
import type { GrabCut } from './grabcut.ts';
import { promptFor, type MaskPrompt } from './prompts.ts';
import type { Estimate } from './reliability.ts';

/** COCO's sizes: area below 32², below 96², and the rest, in pixels. */
const sizes = ['small', 'medium', 'large'] as const;
type Size = (typeof sizes)[number];

export interface MaskEvaluation extends MaskScores {
  readonly baselines: Readonly<Partial<Record<BaselineName | 'grabCut', MaskScores>>>;
  readonly sizes: Readonly<Record<Size, MaskScores>>;
  /** After the first click, the second and so on; the model's scores are those after the last. */
  readonly clicks?: readonly MaskScores[];
  /** For each IoU that clicks went on for. */
  readonly until?: readonly ClicksUntil[];
  /**
   * With the best of the masks that an answer offers, the first among them; absent where no answer
   * offers another one.
   */
  readonly oracle?: MaskScores;
  /** The score of each mask, and its true IoU. */
  readonly estimates: readonly Estimate[];
  /** Every target and its answer; to clicks, that after the last scored one. */
  readonly masks: readonly ScoredMask[];
}

interface Pair {
  readonly prediction: Rle;
  readonly target: Rle;
}

/** A target and what was found. */
export interface ScoredMask extends Pair {
  /** Of the target's (first) annotation. */
  readonly id: number;
  readonly category: string;
  readonly size: Size;
  readonly iou: number;
  readonly intersection: number;
  readonly union: number;
  /** Of the first mask of the answer; null when there was none. */
  readonly score: number | null;
  /** How many masks the answer offers in place of the first. */
  readonly offered: number;
  /** The candidate with the highest IoU; absent where none has a higher one than the first mask. */
  readonly closest?: Rle;
}

/**
 * Prompts for every target and scores the answers, and the baselines beside them.
 * @param until values of IoU; clicks on a target go on until its mask reaches the highest of them
 */
export async function evaluateMasks(
  kind: MaskPrompt,
  targets: readonly Target[],
  answerer: Answerer,
  grabCut: GrabCut | null,
  until: readonly number[] = [],
): Promise<MaskEvaluation> {
  const share = meanShare(targets);
  const answered: (readonly ScoredMask[])[] = [];
  const baselines = new Map<BaselineName | 'grabCut', Pair[]>();
  await answerer.forEach(targets, async (target, asked) => {
    answered.push(await answerTarget(kind, target, asked, until));
    const beside: [BaselineName | 'grabCut', Rle][] = baselineMasks(kind, target, share);
    if (grabCut !== null) beside.push(['grabCut', await grabCut.mask(target)]);
    for (const [name, mask] of beside) {
      const pairs = baselines.get(name) ?? [];
      baselines.set(name, pairs);
      pairs.push({ prediction: mask, target: target.rle });
    }
  });
  // Later clicks only count towards `until`: the scores are the same with and without it.
  const rounds = Array.from({ length: kind === 'clicks' ? clickCount : 1 }, (_, round) =>
    answered.map((masks) => masks[round]!),
  );
  const last = rounds.at(-1)!;
  return {
    ...scoreMasks(last),
    baselines: Object.fromEntries([...baselines].map(([name, masks]) => [name, scoreMasks(masks)])),
    sizes: Object.fromEntries(
      sizes.map((size) => [size, scoreMasks(last.filter((pair) => pair.size === size))]),
    ) as Record<Size, MaskScores>,
    ...(last.some(({ offered }) => offered > 0) && {
      oracle: scoreMasks(
        last.map((mask) => ({ ...mask, prediction: mask.closest ?? mask.prediction })),
      ),
    }),
    ...(kind === 'clicks' && { clicks: rounds.map((pairs) => scoreMasks(pairs)) }),
    ...(until.length > 0 && {
      until: until.map((iou) =>
        clicksUntil(
          iou,
          answered.map((masks) => masks.map((mask) => mask.iou)),
        ),
      ),
    }),
    estimates: rounds.flat().flatMap(({ score, iou }) => (score === null ? [] : { score, iou })),
    masks: last,
  };
}

/** The answers for a target: one, or one after each click. */
export async function answerTarget(
  kind: MaskPrompt,
  target: Target,
  asked: Asked,
  until: readonly number[] = [],
): Promise<ScoredMask[]> {
  const results =
    kind === 'clicks'
      ? await click(target, asked, until)
      : [await asked.ask(promptFor(kind, target))];
  return results.map((result) => scoredMask(result, target));
}

function scoredMask(result: ModelResult, target: Target): ScoredMask {
  const prediction = predictedMask(result, target);
  const overlap = rleOverlap(prediction, target.rle);
  const [first] = result.answers.flatMap(({ masks }) => masks);
  const candidates = first?.candidates ?? [];
  return {
    id: target.id,
    category: target.category,
    size: sizeOf(target.area),
    iou: overlapIou(overlap),
    ...overlap,
    score: first?.score ?? null,
    prediction,
    target: target.rle,
    offered: candidates.length,
    ...closestOf(target.rle, overlapIou(overlap), candidates),
  };
}

/** The candidate that fits a target best, if better than `iou`. */
function closestOf(
  target: Rle,
  iou: number,
  candidates: readonly { readonly rle: Rle }[],
): Pick<ScoredMask, 'closest'> {
  const [best] = candidates
    .map(({ rle }) => ({ rle, iou: overlapIou(rleOverlap(rle, target)) }))
    .sort((a, b) => b.iou - a.iou);
  return best && best.iou > iou ? { closest: best.rle } : {};
}

/**
 * The answers after each click, at least {@link clickCount}; when one is right in every pixel, the
 * clicks left change nothing.
 */
async function click(
  target: Target,
  { ask }: Asked,
  until: readonly number[],
): Promise<ModelResult[]> {
  const enough = Math.max(0, ...until);
  const most = until.length > 0 ? mostClicks : clickCount;
  const marks: PromptMark[] = [];
  const results: ModelResult[] = [];
  let mask = emptyMask(target.image.width, target.image.height);
  while (results.length < most) {
    const isEnough = enough > 0 && overlapIou(rleOverlap(mask, target.rle)) >= enough;
    if (isEnough && results.length >= clickCount) break;
    const next = nextClick(mask, target.rle);
    const last = results.at(-1);
    if (next === null && last) {
      results.push(last);
      continue;
    }
    marks.push(next!);
    const result = await ask({ task: 'segment', text: null, regions: [{ marks: [...marks] }] });
    mask = predictedMask(result, target);
    results.push(result);
  }
  return results;
}

/** Everything that the answer marks, as one mask. */
export function predictedMask(result: ModelResult, { image }: Pick<Target, 'image'>): Rle {
  const masks = result.answers.flatMap((answer) => answer.masks.map(({ rle }) => rle));
  return masks.reduce(rleUnion, emptyMask(image.width, image.height));
}

function sizeOf(area: number): Size {
  return area < 32 ** 2 ? 'small' : area < 96 ** 2 ? 'medium' : 'large';
}
