import { overlapIou } from '../../geometry/rle.ts';
import { generalizedScores } from '../referring.ts';
import { unitedOutcomes } from './united-masks.ts';
import { defineScoreTask, metric } from './score-task.ts';

/**
 * Generalized referring segmentation as gRefCOCO scores it: an expression may refer to several
 * objects or to none.
 */
export const gres = defineScoreTask({
  id: 'gres',
  truth: 'masks',
  metrics: [
    metric('ciou', 'cIoU'),
    metric('giou', 'gIoU'),
    metric('n-acc', 'N-acc.'),
    metric('t-acc', 'T-acc.'),
  ],
  outcomes: unitedOutcomes,
  measure(outcomes) {
    const { ciou, giou, noTargetAccuracy, targetAccuracy } = generalizedScores(outcomes);
    return [ciou, giou, noTargetAccuracy, targetAccuracy];
  },
  agreement: (outcome) => overlapIou(outcome),
});
