import { AppError } from '../core/errors.ts';
import type { ModelRequest, ModelResult } from '../core/prompt.ts';
import type { AnswerOptions, PixelSail, RgbImage } from './model.ts';

/** The result of a request, without the stages on the way to it. */
export async function askModel(
  model: PixelSail,
  image: RgbImage,
  request: ModelRequest,
  options: AnswerOptions = {},
): Promise<ModelResult> {
  for await (const event of model.answer(image, request, options)) {
    if (event.kind === 'result') return event.result;
  }
  throw new AppError('internal', 'The model ended without a result.');
}
