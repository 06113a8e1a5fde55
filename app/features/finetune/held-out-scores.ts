import type { MaskScores } from '../../../core/scores/masks.ts';
import { evaluateMasks } from '../../../models/evaluation/evaluate-masks.ts';
import { Answerer } from '../../../models/evaluation/evaluation.ts';
import { spreadTargets, uniteByCategory } from '../../../models/evaluation/targets.ts';
import type { HeldOutScores, ResultTable, TrainingReport } from '../../api/contract/jobs.ts';
import type { JobRun } from '../../jobs/job-kind.ts';
import { askOfJob } from '../evaluation/ask-of-job.ts';
import { readEvaluationDataset } from '../evaluation/dataset.ts';

export const scoredPrompts = ['box', 'point', 'text'] as const;

/** Enough for a mean that a few odd objects do not move, few enough for a minute or two. */
const mostTargets = 60;

/**
 * How well a package answers about the held-out images: by box, by one point and by category name,
 * as `pixelsail eval` measures.
 */
export async function scoreHeldOut(
  model: string,
  dataset: string,
  label: string,
  { signal, progress, openModel }: Pick<JobRun, 'signal' | 'progress' | 'openModel'>,
): Promise<HeldOutScores> {
  const { targets } = await readEvaluationDataset(dataset, '', 'dev');
  const opened = await openModel({ model, device: 'auto' });
  const scores: Partial<Record<(typeof scoredPrompts)[number], MaskScores>> = {};
  try {
    for (const prompt of scoredPrompts) {
      const answerer = new Answerer(askOfJob(opened), { signal }, (done, total) =>
        progress(done, total, `${label}, ${prompt}`),
      );
      const asked = spreadTargets(
        prompt === 'text' ? uniteByCategory(targets) : targets,
        mostTargets,
      );
      const { count, miou, ciou, giou } = await evaluateMasks(prompt, asked, answerer, null);
      scores[prompt] = { count, miou, ciou, giou };
    }
  } finally {
    await opened.dispose();
  }
  return scores as HeldOutScores;
}

/** What training gained on the held-out images, prompt by prompt. */
export function heldOutTable({
  before,
  after,
}: Pick<TrainingReport, 'before' | 'after'>): ResultTable {
  return [
    ['mIoU', 'before', 'after', 'objects'],
    ...scoredPrompts.map((prompt) => [
      prompt,
      before[prompt].miou.toFixed(3),
      after[prompt].miou.toFixed(3),
      String(after[prompt].count),
    ]),
  ];
}
