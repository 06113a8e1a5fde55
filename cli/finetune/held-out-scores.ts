import type { MaskScores } from '../../core/metrics.ts';
import { spreadTargets, uniteByCategory } from '../../models/evaluation/targets.ts';
import { readEvaluationDataset } from '../evaluation/dataset.ts';
import { evaluateMasks } from '../../models/evaluation/evaluate-masks.ts';
import { Answerer } from '../../models/evaluation/evaluation.ts';
import { openModel } from '../model.ts';
import { Progress } from '../progress.ts';

export const scoredPrompts = ['box', 'point', 'text'] as const;
export type HeldOutScores = Readonly<Record<(typeof scoredPrompts)[number], MaskScores>>;

/** Enough for a mean that a few odd objects do not move, few enough for a minute or two. */
const mostTargets = 60;

/**
 * How well a package answers about the held-out images: by box, by one point and by category name, as
 * `pixelsail eval` measures.
 */
export async function scoreHeldOut(
  model: string,
  dataset: string,
  label: string,
  signal: AbortSignal,
): Promise<HeldOutScores> {
  const { targets } = await readEvaluationDataset(dataset, '', 'dev');
  const opened = await openModel({ model, device: 'auto' });
  const scores: Partial<Record<(typeof scoredPrompts)[number], MaskScores>> = {};
  try {
    for (const prompt of scoredPrompts) {
      const progress = new Progress(`${label}, ${prompt}`);
      const answerer = new Answerer(opened, { signal }, (done, total) =>
        progress.report(done, total),
      );
      const asked = spreadTargets(
        prompt === 'text' ? uniteByCategory(targets) : targets,
        mostTargets,
      );
      const { count, miou, ciou, giou } = await evaluateMasks(prompt, asked, answerer, null);
      scores[prompt] = { count, miou, ciou, giou };
      progress.end();
    }
  } finally {
    await opened.dispose();
  }
  return scores as HeldOutScores;
}
