import { AppError } from '../core/errors.ts';
import type { ModelRequest, ModelResult } from '../core/prompt.ts';
import { requireTask, type AnswerOptions, type Model } from './model.ts';
import type { RgbImage } from './image/rgb-image.ts';

/**
 * The result of a request, without the stages on the way to it.
 * @throws AppError `invalid-input` when the model cannot do what is asked
 */
export async function askModel(
  model: Model,
  image: RgbImage,
  request: ModelRequest,
  options: AnswerOptions = {},
): Promise<ModelResult> {
  requireTask(model, request);
  for await (const event of model.answer(image, request, options)) {
    if (event.kind === 'result') return event.result;
  }
  throw new AppError('internal', 'The model ended without a result.');
}
