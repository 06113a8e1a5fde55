import { choiceOutcome } from '../perbench.ts';
import { meanOf } from '../referring.ts';
import { defineScoreTask, metric } from './score-task.ts';

/** PerBench's multiple choice about regions. */
export const perbenchMcq = defineScoreTask({
  id: 'perbench-mcq',
  truth: 'choice',
  metrics: [
    metric('accuracy-reference', 'accuracy', { form: 'reference', scale: 1 }),
    metric('accuracy', 'accuracy', { form: 'corrected', scale: 1 }),
  ],
  outcomes: (pairs) => pairs.map(({ item, answer }) => choiceOutcome(answer, item.truth)),
  measure: (outcomes) => [
    meanOf(outcomes.map(({ contained }) => contained)),
    meanOf(outcomes.map(({ chosen }) => chosen)),
  ],
  agreement: ({ chosen }) => chosen,
});
