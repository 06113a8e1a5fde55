import { overlapIou } from '../../geometry/rle.ts';
import { precisionThresholds, referringScores } from '../referring.ts';
import { unitedOutcomes } from './united-masks.ts';
import { defineScoreTask, metric } from './score-task.ts';

/** Referring segmentation as RefCOCO, RefCOCO+ and RefCOCOg score it. */
export const res = defineScoreTask({
  id: 'res',
  truth: 'masks',
  needsTargets: true,
  metrics: [
    metric('ciou', 'cIoU'),
    metric('giou', 'gIoU'),
    ...precisionThresholds.map((least) => metric(`precision-${least}`, `P@${least}`)),
  ],
  outcomes: unitedOutcomes,
  measure(outcomes) {
    const { ciou, giou, precision } = referringScores(outcomes);
    return [ciou, giou, ...precision];
  },
  agreement: (outcome) => overlapIou(outcome),
});
