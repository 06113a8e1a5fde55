import { scoresOfMatches, type CocoScores } from '../coco-evaluation.ts';
import { matchesOfPhoto, type CategoryMatches } from '../coco-matches.ts';
import { defineScoreTask, metric } from './score-task.ts';

const numbers: readonly (readonly [keyof CocoScores, string])[] = [
  ['ap', 'AP'],
  ['ap50', 'AP50'],
  ['ap75', 'AP75'],
  ['apSmall', 'AP small'],
  ['apMedium', 'AP medium'],
  ['apLarge', 'AP large'],
  ['ar1', 'AR 1'],
  ['ar10', 'AR 10'],
  ['ar100', 'AR 100'],
  ['arSmall', 'AR small'],
  ['arMedium', 'AR medium'],
  ['arLarge', 'AR large'],
];

/** The matches of one photo, from which the scores of any set of photos are computed. */
interface PhotoOutcome {
  readonly categories: readonly CategoryMatches[];
}

/** An interval needs fewer draws than of other tasks: each of them is a whole evaluation. */
const draws = 200;

/**
 * COCO's average precision and recall, for boxes or for masks: the items' regions are what is
 * compared.
 */
function cocoTask<const Id extends string>(id: Id) {
  return defineScoreTask({
    id,
    truth: 'objects',
    metrics: numbers.map(([name, title]) => metric(name, title)),
    draws,
    outcomes: (pairs): PhotoOutcome[] =>
      pairs.map(({ item, answer }) => ({
        categories: matchesOfPhoto(item.truth.objects, answer.detections),
      })),
    measure(outcomes) {
      const scores = scoresOfMatches(outcomes.map(({ categories }) => categories));
      return numbers.map(([name]) => (scores[name] === -1 ? NaN : scores[name]));
    },
    agreement: shareAtHalf,
  });
}

/** The share that is right of what was found at an IoU of 0.5, and of what was missed. */
function shareAtHalf({ categories }: PhotoOutcome): number {
  let [right, all] = [0, 0];
  for (const { ranges } of categories) {
    const { objects, matched, ignored } = ranges[0]!;
    const counted = matched.filter((_, at) => (ignored[at]! & 1) === 0);
    const found = counted.filter((bits) => bits & 1).length;
    right += found;
    all += objects + counted.length - found;
  }
  return all === 0 ? 1 : right / all;
}

export const detection = cocoTask('detection');
export const segmentation = cocoTask('segmentation');
