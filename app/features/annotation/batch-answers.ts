import { requestCancelled, toErrorEnvelope } from '../../../core/errors.ts';
import type { ModelRequest } from '../../../core/prompt.ts';
import type { ImageState } from '../../../core/records.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import type { LeftOut } from '../../api/contract/jobs.ts';
import type { JobContext } from '../../jobs/job-kind.ts';
import { imageSource } from '../images/image-files.ts';
import type { AskedModel } from './asked-model.ts';
import { isGivenUp } from './batch-annotation.ts';

/** A model's words about an image. */
export interface BatchAnswer {
  /** Path of the image inside its folder, as the project has it. */
  readonly image: string;
  readonly text: string;
  /** The likeliest of the question's choices; null where it has none. */
  readonly choice: string | null;
}

/** A question with choices, or without; without a question the image is described. */
export interface BatchQuestionText {
  readonly question: string | null;
  readonly choices: readonly string[];
}

/**
 * Asks the model the same about every image of the project, and changes nothing in it. An image
 * that fails does not stop the rest.
 * @param states only images in these; undefined asks about all
 * @throws AppError `invalid-input` when the question is longer than the model reads;
 * `engine-lost`; `cancelled`
 */
export async function answerBatch(
  database: ProjectDatabase,
  model: AskedModel,
  asked: BatchQuestionText,
  states: readonly ImageState[] | undefined,
  { signal, progress }: Pick<JobContext, 'signal' | 'progress'>,
): Promise<{ answers: BatchAnswer[]; failed: LeftOut[] }> {
  const request = requestOf(asked);
  await model.requireReadable(request, signal);
  const images = Array.from(database.exportImages(), ({ image }) => image).filter(
    ({ state }) => states?.includes(state) ?? true,
  );
  const answers: BatchAnswer[] = [];
  const failed: LeftOut[] = [];
  for (const [index, image] of images.entries()) {
    if (signal.aborted) throw requestCancelled();
    try {
      const result = await model.answer(await imageSource(database, image), request, signal);
      const [answer] = result.answers;
      const choice = asked.choices[answer?.choice ?? -1] ?? null;
      answers.push({ image: image.path, text: answer?.text ?? '', choice });
    } catch (thrown) {
      const { code, message, sentence } = toErrorEnvelope(thrown);
      if (code === 'cancelled' || isGivenUp({ code, sentence })) throw thrown;
      failed.push({ what: image.path, reason: message });
    }
    progress(index + 1, images.length);
  }
  return { answers, failed };
}

function requestOf({ question, choices }: BatchQuestionText): ModelRequest {
  return question === null
    ? { task: 'describe', regions: [] }
    : { task: 'ask', question, choices: [...choices], regions: [] };
}
