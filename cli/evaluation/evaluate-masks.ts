import { rleUnion } from '../../core/geometry/rle.ts';
import type { Rle } from '../../core/geometry/shapes.ts';
import { scoreMasks, type MaskScores } from '../../core/metrics.ts';
import type { ModelResult } from '../../core/prompt.ts';
import { baselineMasks, emptyMask, meanShare, type BaselineName } from './baselines.ts';
import type { Target } from './dataset.ts';
import type { Answerer } from './evaluation.ts';
import { promptFor, type MaskPrompt } from './prompts.ts';

/** COCO's sizes: area below 32², below 96², and the rest, in pixels. */
const sizes = ['small', 'medium', 'large'] as const;
type Size = (typeof sizes)[number];

export interface MaskEvaluation extends MaskScores {
  readonly baselines: Readonly<Partial<Record<BaselineName, MaskScores>>>;
  readonly sizes: Readonly<Record<Size, MaskScores>>;
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
): Promise<MaskEvaluation> {
  const share = meanShare(targets);
  const pairs: (Pair & { size: Size })[] = [];
  const baselines = new Map<BaselineName, Pair[]>();
  await answerer.forEach(
    targets,
    (target) => promptFor(kind, target),
    (target, result) => {
      const prediction = predictedMask(result, target);
      pairs.push({ prediction, target: target.rle, size: sizeOf(target.area) });
      for (const [name, mask] of baselineMasks(kind, target, share)) {
        const masks = baselines.get(name) ?? [];
        baselines.set(name, masks);
        masks.push({ prediction: mask, target: target.rle });
      }
    },
  );
  return {
    ...scoreMasks(pairs),
    baselines: Object.fromEntries([...baselines].map(([name, masks]) => [name, scoreMasks(masks)])),
    sizes: Object.fromEntries(
      sizes.map((size) => [size, scoreMasks(pairs.filter((pair) => pair.size === size))]),
    ) as Record<Size, MaskScores>,
  };
}

/** Everything that the answer marks, as one mask. */
function predictedMask(result: ModelResult, { image }: Target): Rle {
  const masks = result.answers.flatMap((answer) => answer.masks.map(({ rle }) => rle));
  return masks.reduce(rleUnion, emptyMask(image.width, image.height));
}

function sizeOf(area: number): Size {
  return area < 32 ** 2 ? 'small' : area < 96 ** 2 ? 'medium' : 'large';
}
