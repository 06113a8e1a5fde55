import { findModel, listModels } from '../services/models.ts';
import { imageFile, type ApplicationParts, type HandlersOf } from './parts.ts';

export function modelHandlers(parts: ApplicationParts): HandlersOf<'models' | 'prompt'> {
  const { engine, prompts, modelFolders } = parts;
  return {
    'models.list': () => listModels(modelFolders),
    'models.load': async ({ modelId, device }) => {
      const { directory } = await findModel(modelFolders, modelId);
      return engine.load({ modelId, directory, device });
    },
    'models.status': () => engine.status,

    'prompt.prepare': async ({ imageId }) =>
      prompts.prepare(imageId, await imageFile(parts, imageId)),
    'prompt.ask': async ({ requestId, imageId, request }) =>
      prompts.ask(requestId, imageId, await imageFile(parts, imageId), request),
    'prompt.cancel': ({ requestId }) => prompts.cancel(requestId),
  };
}
