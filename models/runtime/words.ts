import { AppError } from '../../core/errors.ts';
import type { ModelAnswer, RegionPrompt } from '../../core/prompt.ts';
import { signedMarks } from '../processor/prompts.ts';
import {
  choiceQuestion,
  descriptionQuestion,
  imageDescriptionQuestion,
  maximumChoices,
  regionReference,
} from '../processor/templates.ts';
import { wholeView } from '../processor/view.ts';
import { readableText, selectedChoice } from './answers.ts';
import type { AnswerContext, PassRunner } from './passes.ts';
import type { AnswerEvent } from './pixel-sail.ts';
import { drawRegions, foundMasks, maximumTokens } from './segment.ts';

type Answering<Value> = AsyncGenerator<AnswerEvent, Value>;

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
  const asked = choices.length > 0 ? choiceQuestion(question, choices) : question;
  const answer = yield* ask(runner, context, `${lead}${asked}`, regions);
  return { ...answer, choice: selectedChoice(answer.text, choices) };
}

async function* ask(
  runner: PassRunner,
  context: AnswerContext,
  question: string,
  regions: readonly RegionPrompt[],
): Answering<ModelAnswer> {
  const { config } = runner.network;
  const view = wholeView(context.image, config);
  const { prompts } = drawRegions(regions.map(signedMarks), context.image, view, config);
  const result = yield* runner.run(context, {
    view,
    prompts,
    question,
    answerPrefix: '',
    maximumTokens: maximumTokens(context),
  });
  const masks = foundMasks(result, view, context);
  return { text: readableText(result.text), masks, choice: null };
}
