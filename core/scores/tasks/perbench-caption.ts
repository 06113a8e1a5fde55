import { descriptionOutcome } from '../perbench.ts';
import { meanOf } from '../referring.ts';
import { defineScoreTask, metric } from './score-task.ts';

/** PerBench's detailed descriptions of regions. */
export const perbenchCaption = defineScoreTask({
  id: 'perbench-caption',
  truth: 'text',
  metrics: [
    metric('meteor-reference', 'METEOR', { form: 'reference' }),
    metric('meteor', 'METEOR', { form: 'corrected' }),
  ],
  outcomes: (pairs, { synonyms }) =>
    pairs.map(({ item, answer }) =>
      descriptionOutcome(answer.text, item.truth.references[0]!, synonyms),
    ),
  measure: (outcomes) => [
    meanOf(outcomes.map(({ meteorSwapped }) => meteorSwapped)),
    meanOf(outcomes.map(({ meteor }) => meteor)),
  ],
  agreement: ({ meteor }) => meteor,
});
