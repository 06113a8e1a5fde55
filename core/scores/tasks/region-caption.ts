import { bleu, bleuCounts, type BleuCounts } from '../bleu.ts';
import { captionTokens } from '../caption-tokens.ts';
import { cider } from '../cider.ts';
import { meteorOfTokens } from '../meteor.ts';
import { meteorCounts, scoreOf, sumOf, type MeteorCounts } from '../meteor15/meteor.ts';
import { meanOf } from '../referring.ts';
import { defineScoreTask, metric } from './score-task.ts';

interface CaptionOutcome {
  readonly meteor: number;
  /** Absent where an earlier version of this program scored. */
  readonly meteor15?: MeteorCounts;
  /** 0 to 10; depends on the set that it was scored in. */
  readonly cider: number;
  readonly bleu: BleuCounts;
}

/**
 * Captions of regions, on the words that pycocoevalcap counts. SPICE is left out: it compares
 * scene graphs made by Stanford's Java parser and its models, which cannot be had without them.
 */
export const regionCaption = defineScoreTask({
  id: 'region-caption',
  truth: 'text',
  metrics: [
    metric('meteor-1.5', 'METEOR 1.5'),
    metric('meteor', 'METEOR'),
    metric('cider', 'CIDEr'),
    ...[1, 2, 3, 4].map((length) => metric(`bleu-${length}`, `BLEU-${length}`)),
  ],
  outcomes(pairs, { synonyms, meteor: tables }) {
    const captions = pairs.map(({ item, answer }) => ({
      tokens: captionTokens(answer.text),
      references: item.truth.references.map(captionTokens),
    }));
    const ciders = cider(captions);
    return captions.map(({ tokens, references }, index): CaptionOutcome => {
      const meteor = meteorOfTokens(tokens, references, synonyms);
      return {
        ...{ meteor, meteor15: meteorCounts(tokens, references, tables) },
        ...{ cider: ciders[index]!, bleu: bleuCounts(tokens, references) },
      };
    });
  },
  measure: (outcomes) => [
    setMeteor15(outcomes.map(({ meteor15 }) => meteor15)),
    meanOf(outcomes.map(({ meteor }) => meteor)),
    meanOf(outcomes.map((outcome) => outcome.cider)),
    ...bleu(outcomes.map((outcome) => outcome.bleu)),
  ],
  agreement: ({ meteor }) => meteor,
});

/** Meteor 1.5 of a set, as pycocoevalcap gives it; NaN where it was not computed of every text. */
function setMeteor15(counts: readonly (MeteorCounts | undefined)[]): number {
  const known = counts.filter((each) => each !== undefined);
  return known.length < counts.length || known.length === 0 ? NaN : scoreOf(sumOf(known));
}
