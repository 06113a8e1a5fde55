import { AppError } from '../../../../core/errors.ts';
import type { ModelAnswer, RegionPrompt } from '../../../../core/prompt.ts';
import { signedMarks } from '../processor/prompts.ts';
import {
  choiceAnswers,
  choiceQuestion,
  descriptionQuestion,
  imageDescriptionQuestion,
  isAboutPlace,
  maximumChoices,
  regionReference,
} from '../processor/templates.ts';
import { wholeView, zoomView, type View } from '../processor/view.ts';
import { readableText } from './answers.ts';
import type { AnswerContext, PassRunner } from './passes.ts';
import { foundMasks } from './cut-out.ts';
import { drawRegions, regionBoxes, type Answering } from './regions.ts';
import { maximumTokens } from './segment.ts';

/** One description for each region, or one of the whole image when there is no region. */
export async function* describe(
  runner: PassRunner,
  context: AnswerContext,
  regions: readonly RegionPrompt[],
): Answering<ModelAnswer[]> {
  if (regions.length === 0) return [yield* ask(runner, context, imageDescriptionQuestion, [])];
  const answers: ModelAnswer[] = [];
  for (const region of regions) {
    answers.push(yield* ask(runner, context, descriptionQuestion(0), [region]));
  }
  return answers;
}

/**
 * An answer in words, and the masks that it mentions.
 * @throws AppError `invalid-input` when there are more choices than letters.
 */
export async function* answerQuestion(
  runner: PassRunner,
  context: AnswerContext,
  question: string,
  choices: readonly string[],
  regions: readonly RegionPrompt[],
): Answering<ModelAnswer> {
  if (choices.length > maximumChoices) {
    throw new AppError(
      'invalid-input',
      `A question can have ${maximumChoices} choices at most, found ${choices.length}.`,
    );
  }
  const isReferring = /<Prompt\d+>/.test(question);
  const lead = regions.length > 0 && !isReferring ? regionReference(0) : '';
  return yield* ask(runner, context, `${lead}${question}`, regions, choices);
}

/**
 * The choice is the one that the model finds likeliest, in the form in which it answers, whatever
 * its answer says.
 */
async function* ask(
  runner: PassRunner,
  context: AnswerContext,
  question: string,
  regions: readonly RegionPrompt[],
  choices: readonly string[] = [],
): Answering<ModelAnswer> {
  const { config } = runner.network;
  const view = yield* wordsView(runner, context, question, regions);
  const pass = {
    view,
    prompts: (await drawRegions(regions.map(signedMarks), context, view, config)).prompts,
    question: choices.length === 0 ? question : choiceQuestion(question, choices),
    answerPrefix: '',
    maximumTokens: maximumTokens(context),
  };
  const result = yield* runner.run(context, pass);
  const answer = {
    text: readableText(result.text),
    masks: await foundMasks(runner, context, result, view),
  };
  if (choices.length === 0) return { ...answer, choice: null };
  const answers = choiceAnswers(choices, answer.text);
  const likelihoods = await runner.answerLikelihoods(context, pass, answers);
  return { ...answer, choice: likelihoods.indexOf(Math.max(...likelihoods)) };
}

/**
 * The view for generated text: a crop of one region, as configured by the checkpoint, if its text
 * does not depend on the surroundings; otherwise the whole image.
 */
async function* wordsView(
  runner: PassRunner,
  context: AnswerContext,
  question: string,
  regions: readonly RegionPrompt[],
): Answering<View> {
  const { config } = runner.network;
  const { words, zoom } = config.pixel_sail_studio;
  const look = words ?? zoom;
  if (look === undefined || regions.length !== 1 || isAboutPlace(question)) {
    return wholeView(context.image, config);
  }
  const [boxes] = yield* regionBoxes(runner, context, regions.map(signedMarks));
  return zoomView(context.image, boxes![0]!, look, config);
}
