import {
  evaluateCoco,
  matchesAtHalf,
  type CocoDataset,
  type CocoScores,
} from '../coco-evaluation.ts';
import type { ScoredPair } from '../scored-item.ts';
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

/** Detections of a photo at an IoU of at least 0.5, over all categories and scores. */
interface PhotoOutcome {
  readonly right: number;
  readonly wrong: number;
  readonly missed: number;
}

/**
 * COCO's average precision and recall, for boxes or for masks: the items' regions are what is
 * compared.
 */
function cocoTask<const Id extends string>(id: Id) {
  return defineScoreTask({
    id,
    truth: 'objects',
    metrics: numbers.map(([name, title]) => metric(name, title)),
    outcomes: (pairs): PhotoOutcome[] =>
      pairs.map((pair) => {
        const { objects, detections, matches } = matchesAtHalf(datasetOf([pair]));
        return { right: matches, wrong: detections - matches, missed: objects - matches };
      }),
    measure: () => numbers.map(() => NaN),
    measureSet(pairs) {
      const scores = evaluateCoco(datasetOf(pairs));
      return numbers.map(([name]) => (scores[name] === -1 ? NaN : scores[name]));
    },
    agreement({ right, wrong, missed }) {
      const all = right + wrong + missed;
      return all === 0 ? 1 : right / all;
    },
  });
}

export const detection = cocoTask('detection');
export const segmentation = cocoTask('segmentation');

function datasetOf(pairs: readonly ScoredPair<'objects'>[]): CocoDataset {
  const truth = pairs.flatMap(({ item }) =>
    item.truth.objects.map((object) => ({ ...object, image: item.id })),
  );
  const detections = pairs.flatMap(({ item, answer }) =>
    answer.detections.map((found) => ({ ...found, image: item.id })),
  );
  const categories = new Set([...truth, ...detections].map(({ category }) => category));
  return {
    images: pairs.map(({ item }) => item.id),
    categories: [...categories],
    truth,
    detections,
  };
}
