import type { MaskScores } from '../../../core/scores/masks.ts';
import { scoredPrompts, type ScoredPrompt } from '../../../core/training.ts';
import { evaluateMasks } from '../../../models/evaluation/evaluate-masks.ts';
import { Answerer } from '../../../models/evaluation/evaluation.ts';
import { spreadTargets, uniteByCategory } from '../../../models/evaluation/targets.ts';
import type { HeldOutScores, JobWords } from '../../api/contract/jobs.ts';
import type { JobRun } from '../../jobs/job-kind.ts';
import { askOfJob } from '../evaluation/ask-of-job.ts';
import { readEvaluationDataset } from '../evaluation/dataset.ts';

const promptWords: Readonly<Record<ScoredPrompt, JobWords>> = {
  box: { en: 'box', 'zh-CN': '框' },
  point: { en: 'point', 'zh-CN': '点' },
  text: { en: 'text', 'zh-CN': '文本' },
};

/** Enough for a mean that a few odd objects do not move, few enough for a minute or two. */
const mostTargets = 60;

/**
 * How well a package answers about the held-out images: by box, by one point and by category name,
 * as `pixelsail eval` measures.
 */
export async function scoreHeldOut(
  model: string,
  dataset: string,
  label: JobWords,
  { signal, progress, openModel }: Pick<JobRun, 'signal' | 'progress' | 'openModel'>,
): Promise<HeldOutScores> {
  const { targets } = await readEvaluationDataset(dataset, '', 'dev');
  const opened = await openModel({ model, device: 'auto' });
  const scores: Partial<Record<ScoredPrompt, MaskScores>> = {};
  try {
    for (const prompt of scoredPrompts) {
      const words = promptWords[prompt];
      const stage = {
        en: `${label.en}, ${words.en}`,
        'zh-CN': `${label['zh-CN']}，${words['zh-CN']}`,
      };
      const answerer = new Answerer(askOfJob(opened), { signal }, (done, total) =>
        progress(done, total, stage),
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
