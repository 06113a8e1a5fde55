import { rleIou, rleUnion } from '../../core/geometry/rle.ts';
import type { Rle } from '../../core/geometry/shapes.ts';
import { scoreMasks, type MaskScores } from '../../core/metrics.ts';
import type { ModelResult, PromptMark } from '../../core/prompt.ts';
import { baselineMasks, emptyMask, meanShare, type BaselineName } from './baselines.ts';
import { clickCount, nextClick } from './clicks.ts';
import type { Target } from './dataset.ts';
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
  /** What the model thought of each mask, and its true IoU. */
  readonly estimates: readonly Estimate[];
}

interface Pair {
  readonly prediction: Rle;
  readonly target: Rle;
}

/** Prompts for every target and scores the answers, and the baselines beside them. */
export async function evaluateMasks(
  kind: MaskPrompt,
  targets: readonly Target[],
  answerer: Answerer,
  grabCut: GrabCut | null,
): Promise<MaskEvaluation> {
  const share = meanShare(targets);
  const rounds: (Pair & { size: Size })[][] = [];
  const estimates: Estimate[] = [];
  const baselines = new Map<BaselineName | 'grabCut', Pair[]>();
  await answerer.forEach(targets, async (target, asked) => {
    const results =
      kind === 'clicks' ? await click(target, asked) : [await promptOnce(kind, target, asked)];
    for (const [round, result] of results.entries()) {
      const prediction = predictedMask(result, target);
      (rounds[round] ??= []).push({ prediction, target: target.rle, size: sizeOf(target.area) });
      const [mask] = result.answers.flatMap(({ masks }) => masks);
      if (mask) estimates.push({ score: mask.score, iou: rleIou(prediction, target.rle) });
    }
    const beside: [BaselineName | 'grabCut', Rle][] = baselineMasks(kind, target, share);
    if (grabCut !== null) beside.push(['grabCut', await grabCut.mask(target)]);
    for (const [name, mask] of beside) {
      const pairs = baselines.get(name) ?? [];
      baselines.set(name, pairs);
      pairs.push({ prediction: mask, target: target.rle });
    }
  });
  const last = rounds.at(-1) ?? [];
  return {
    ...scoreMasks(last),
    baselines: Object.fromEntries([...baselines].map(([name, masks]) => [name, scoreMasks(masks)])),
    sizes: Object.fromEntries(
      sizes.map((size) => [size, scoreMasks(last.filter((pair) => pair.size === size))]),
    ) as Record<Size, MaskScores>,
    ...(kind === 'clicks' && { clicks: rounds.map((pairs) => scoreMasks(pairs)) }),
    estimates,
  };
}

function promptOnce(
  kind: Exclude<MaskPrompt, 'clicks'>,
  target: Target,
  { ask }: Asked,
): Promise<ModelResult> {
  return ask(promptFor(kind, target));
}

/** The answers after each click; when one is right in every pixel, the clicks left change nothing. */
async function click(target: Target, { ask }: Asked): Promise<ModelResult[]> {
  const marks: PromptMark[] = [];
  const results: ModelResult[] = [];
  let mask = emptyMask(target.image.width, target.image.height);
  while (results.length < clickCount) {
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
function predictedMask(result: ModelResult, { image }: Target): Rle {
  const masks = result.answers.flatMap((answer) => answer.masks.map(({ rle }) => rle));
  return masks.reduce(rleUnion, emptyMask(image.width, image.height));
}

function sizeOf(area: number): Size {
  return area < 32 ** 2 ? 'small' : area < 96 ** 2 ? 'medium' : 'large';
}
