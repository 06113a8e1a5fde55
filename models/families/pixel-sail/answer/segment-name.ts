import type { ModelAnswer } from '../../../../core/prompt.ts';
import type { NameEvidence } from '../config.ts';
import { noTargetAnswer, segmentationAnswer, textQuestion } from '../processor/templates.ts';
import { wholeView, type View } from '../processor/view.ts';
import { defaultThreshold, logitOf } from '../../../answer/logit-map.ts';
import { readableText } from './answers.ts';
import { foundMasks } from './cut-out.ts';
import { maskEvidence, maskScore } from './mask-score.ts';
import type { AnswerContext, NamedMask, PassRunner } from './passes.ts';
import type { Answering } from './regions.ts';

/**
 * The mask of a name, none where too little speaks for it: less than the checkpoint asks for, or
 * much less than for another of the names that are asked together, so that one bear is not a dog
 * and a person too. The first word of the answer and the score of the mask speak for a name: on 81
 * dev photos asked for every name of their set, the first word alone denies 0.31 of what is not
 * there and affirms 0.79 of what is; both together 0.51 and 0.77; against the other names 0.57 and
 * 0.76.
 * @param beside the names asked together with it, itself perhaps among them
 */
export async function* segmentName(
  runner: PassRunner,
  context: AnswerContext,
  text: string,
  beside: readonly string[],
  { least, behind }: NameEvidence,
): Answering<ModelAnswer> {
  const view = wholeView(context.image, runner.network.config);
  const named = yield* runner.runName(context, view, textQuestion(text));
  const evidence = evidenceOf(runner, named, view);
  let wanted = least;
  for (const other of evidence < wanted ? [] : beside) {
    const rival = yield* runner.runName(context, view, textQuestion(other));
    wanted = Math.max(wanted, evidenceOf(runner, rival, view) - behind);
  }
  const isThere = evidence >= wanted;
  const masks = isThere ? await foundMasks(runner, context, named.found, view) : [];
  const answer = masks.length > 0 ? segmentationAnswer : noTargetAnswer;
  return { text: readableText(answer), masks, choice: null };
}

/** Scores of 0 and 1 would outweigh every first word. */
const [leastScore, mostScore] = [0.001, 0.999];

/** The logit of the affirmation and that of the mask's score, added. */
function evidenceOf({ network }: PassRunner, { affirmed, found }: NamedMask, view: View): number {
  const { score: weights } = network.config.pixel_sail_studio;
  const soft = { map: found.masks[0]!.map, part: view.part, agreement: null };
  const seen = { ...maskEvidence(soft, defaultThreshold), pointed: false };
  const score = Math.min(Math.max(maskScore(seen, weights), leastScore), mostScore);
  return affirmed + logitOf(score);
}
