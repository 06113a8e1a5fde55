import { z } from 'zod';
import { modelRequestSchema, type ModelResult } from '../../../core/prompt.ts';
import { id, method } from './method.ts';

export const promptContract = {
  /** Encodes an image ahead of the first prompt. */
  'prompt.prepare': method<null>()(z.object({ imageId: id })),
  /**
   * Asks the model; tokens and stages arrive as `prompt:progress` events with the same requestId.
   */
  'prompt.ask': method<ModelResult>()(
    z.object({
      requestId: id,
      imageId: id,
      request: modelRequestSchema,
      /** The model that the request is compared with, in place of the chosen one for its task. */
      of: z.enum(['chosen', 'other']).optional(),
    }),
  ),
  'prompt.cancel': method<null>()(z.object({ requestId: id })),
} as const;
