import { overlapIou } from '../../geometry/rle.ts';
import {
  visualReferringCorrected,
  visualReferringOutcome,
  visualReferringReference,
} from '../perbench.ts';
import { defineScoreTask, metric } from './score-task.ts';

/** PerBench's referring segmentation, whose texts name shown regions. */
export const perbenchVres = defineScoreTask({
  id: 'perbench-vres',
  truth: 'masks',
  metrics: [
    metric('ciou-reference', 'cIoU', { form: 'reference' }),
    metric('giou-reference', 'gIoU', { form: 'reference' }),
    metric('ciou', 'cIoU', { form: 'corrected' }),
    metric('giou', 'gIoU', { form: 'corrected' }),
  ],
  outcomes: (pairs) =>
    pairs.map(({ item, answer }) => visualReferringOutcome(answer.masks, item.truth.targets)),
  measure(outcomes) {
    const reference = visualReferringReference(outcomes);
    const corrected = visualReferringCorrected(outcomes);
    return [reference.ciou, reference.giou, corrected.ciou, corrected.giou];
  },
  agreement: (outcome) => overlapIou(outcome),
});
