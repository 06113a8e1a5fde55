import type { MaskScores } from '../../core/scores/masks.ts';
import { mostClicks } from '../../models/evaluation/clicks.ts';
import { table } from '../output.ts';
import type {
  EverythingEvaluation,
  Coverage,
} from '../../models/evaluation/evaluate-everything.ts';
import type { MaskEvaluation } from '../../models/evaluation/evaluate-masks.ts';
import type { PresenceEvaluation } from '../../models/evaluation/evaluate-presence.ts';
import type { WordEvaluation } from '../../models/evaluation/evaluate-words.ts';
import type { Reliability } from '../../models/evaluation/reliability.ts';
import type { Scores } from '../../models/evaluation/scores.ts';

/** The table of one evaluated file: the model, parts of its scores, and the baselines. */
export function scoreTable(scores: Scores): string {
  if ('miou' in scores) return maskTable(scores);
  if ('absentAccuracy' in scores) return presenceTable(scores);
  return 'recall50' in scores ? everythingTable(scores) : wordTable(scores);
}

function everythingTable(scores: EverythingEvaluation): string {
  const row = (name: string, { recall50, recall75, bestIou }: Coverage) => [
    name,
    ...[recall50, recall75, bestIou].map((value) => value.toFixed(3)),
  ];
  return [
    table([
      ['', 'recall at 0.5', 'recall at 0.75', 'mean best IoU'],
      row('model', scores),
      row('grid of boxes', scores.baselines.grid),
    ]),
    `${scores.objects} objects, ${scores.masksPerPhoto.toFixed(1)} masks a photo`,
  ].join('\n');
}

function presenceTable(scores: PresenceEvaluation): string {
  const shares = [scores.absentAccuracy, scores.presentAccuracy, scores.absentShare];
  return table([
    ['', 'N-acc.', 'T-acc.', 'marked where absent'],
    ['model', ...shares.map((share) => (Number.isNaN(share) ? '' : share.toFixed(3)))],
  ]);
}

function maskTable(scores: MaskEvaluation): string {
  const row = (name: string, { count: number, miou, ciou, giou }: MaskScores) => [
    name,
    String(number),
    // The mean over no targets of a size is no number.
    ...[miou, ciou, giou].map((value) => (number === 0 ? '' : value.toFixed(3))),
  ];
  const scored = table([
    ['', 'count', 'mIoU', 'cIoU', 'gIoU'],
    row('model', scores),
    ...(scores.oracle ? [row('  best candidate', scores.oracle)] : []),
    ...(scores.clicks ?? []).map((values, index) => row(`  click ${index + 1}`, values)),
    ...Object.entries(scores.sizes).map(([size, values]) => row(`  ${size}`, values)),
    ...Object.entries(scores.baselines).map(([name, values]) => row(name, values)),
  ]);
  const until = (scores.until ?? []).map(
    ({ iou, clicks, reached }) =>
      `${clicks.toFixed(2)} clicks to IoU ${iou} (at most ${mostClicks}), reached by ${(100 * reached).toFixed(0)} %`,
  );
  return [scored, ...until].join('\n');
}

function wordTable(scores: WordEvaluation): string {
  const row = (name: string, { accuracy, meteor }: { accuracy: number; meteor?: number }) => [
    name,
    accuracy.toFixed(3),
    meteor?.toFixed(3) ?? '',
  ];
  return table([
    ['', 'accuracy', scores.meteor === undefined ? '' : 'METEOR'],
    row('model', scores),
    ...Object.entries(scores.baselines).map(([name, values]) => row(name, values)),
  ]);
}

/** How far scores can be believed, by fifths of their range. */
export function reliabilityTable({ bins, calibrationError, correlation }: Reliability): string {
  return [
    table([
      ['score', 'masks', 'mean score', 'mean IoU'],
      ...bins.map(({ from, to, count: number, meanScore, meanIou }) => [
        `${from.toFixed(1)} to ${to.toFixed(1)}`,
        String(number),
        meanScore.toFixed(3),
        meanIou.toFixed(3),
      ]),
    ]),
    `calibration error ${calibrationError.toFixed(3)}, correlation of score and IoU ${correlation.toFixed(2)}`,
  ].join('\n');
}
