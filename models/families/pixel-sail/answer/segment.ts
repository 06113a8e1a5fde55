import type { AnswerMask, ModelAnswer, RegionPrompt } from '../../../../core/prompt.ts';
import { signedMarks, type SignedMarks } from '../processor/prompts.ts';
import { noTargetAnswer, segmentationAnswer, textQuestion } from '../processor/templates.ts';
import { wholeView } from '../processor/view.ts';
import { readableText } from './answers.ts';
import { buildRegion } from './corrections.ts';
import { rest } from '../../../cancellation.ts';
import { cutOut, foundMasks, toAnswerMask } from './cut-out.ts';
import type { AnswerContext, PassResult, PassRunner } from './passes.ts';
import { drawRegions, segmentTogether, type Answering } from './regions.ts';
import { segmentName } from './segment-name.ts';
import { promptTextFailure } from './sentences.ts';

/** One mask for each region. */
export async function* segmentRegions(
  runner: PassRunner,
  context: AnswerContext,
  regions: readonly RegionPrompt[],
): Answering<ModelAnswer> {
  const { config } = runner.network;
  const { zoom } = config.pixel_sail_studio;
  const marks = regions.map(signedMarks);
  const masks: AnswerMask[] = [];
  const about = (region: number) => ({ region, label: null, pointed: isOnePoint(marks[region]!) });
  if (zoom === undefined) {
    const found = yield* segmentTogether(runner, context, marks, wholeView(context.image, config));
    for (const [region, mask] of found.entries()) {
      await rest(context.options.signal);
      const cut = cutOut(runner, context, mask);
      masks.push(toAnswerMask(runner, context, cut, about(region)));
    }
  } else {
    const isOne = marks.length === 1;
    const options = isOne ? context.options : { ...context.options, onDraft: undefined };
    for (const [region, marked] of marks.entries()) {
      const cut = yield* buildRegion(runner, { ...context, options }, marked, zoom);
      masks.push(toAnswerMask(runner, context, cut, about(region)));
    }
  }
  return { text: '', masks, choice: null };
}

function isOnePoint({ positive, negative }: SignedMarks): boolean {
  const [first, ...others] = [...positive, ...negative];
  return first?.kind === 'point' && others.length === 0;
}

/**
 * The masks that a text refers to, asked for as `textQuestion` says; none where the model finds it
 * likelier than the checkpoint allows that there is nothing, or finds no pixel of it. A free
 * answer without `[SEG]` is asked for again with "It is [SEG].".
 * @param beside other names that are asked of the image, for checkpoints that compare names
 * @throws AppError `invalid-input` when the text is blank.
 */
export async function* segmentText(
  runner: PassRunner,
  context: AnswerContext,
  text: string,
  regions: readonly RegionPrompt[],
  beside: readonly string[] = [],
): Answering<ModelAnswer> {
  if (text.trim() === '') {
    throw promptTextFailure('invalid-input', 'promptTextBlank', {});
  }
  const { config } = runner.network;
  const { presence } = config.pixel_sail_studio;
  if (presence?.evidence && regions.length === 0) {
    return yield* segmentName(runner, context, text, beside, presence.evidence);
  }
  const absenceThreshold = regions.length === 0 ? presence?.most_denied : undefined;
  const view = wholeView(context.image, config);
  const pass = {
    view,
    prompts: (await drawRegions(regions.map(signedMarks), context, view, config)).prompts,
    question: textQuestion(text),
    answerPrefix: '',
    // One of two fixed answers is never cut off.
    maximumTokens: absenceThreshold === undefined ? maximumTokens(context) : Infinity,
    absenceThreshold,
  };
  const answer = yield* runner.run(context, pass);
  let found: PassResult = answer;
  if (answer.masks.length === 0) {
    const forced = { ...pass, answerPrefix: segmentationAnswer, maximumTokens: 0 };
    found = yield* runner.run(context, forced);
  }
  const masks = await foundMasks(runner, context, found, view);
  const isFoundEmpty = absenceThreshold !== undefined && masks.length === 0;
  return {
    text: readableText(isFoundEmpty ? noTargetAnswer : answer.text),
    masks,
    choice: null,
  };
}

/** New tokens of an answer at most; the reference's limit when none is given. */
export function maximumTokens({ options }: AnswerContext): number {
  return options.generation?.maximumTokens ?? 512;
}
