import { failure } from '../../core/errors.ts';
import {
  convertModel,
  deletePackage,
  findPackageProblem,
  importPackage,
  readCard,
} from '../services/model-packages.ts';
import { findModel, listModels, readModelChoice, writeModelChoice } from '../services/models.ts';
import { imageFile, withoutUndefined, type ApplicationParts, type HandlersOf } from './parts.ts';

export function modelHandlers(parts: ApplicationParts): HandlersOf<'models' | 'prompt'> {
  const { engine, prompts, jobs, home, modelFolders } = parts;
  return {
    'models.list': () => listModels(modelFolders),
    'models.load': async ({ isOfProject, ...choice }) => {
      const { directory } = await findModel(modelFolders, choice.modelId);
      const status = await engine.load({ ...choice, directory });
      if (isOfProject) return status;
      await writeModelChoice(home, choice).catch((thrown: unknown) => {
        console.error(`The choice of the model could not be written: ${String(thrown)}`);
      });
      return status;
    },
    'models.choice': () => readModelChoice(home),
    'models.status': () => engine.status,
    'models.testDevice': ({ device }) => engine.test(device),
    'models.card': async ({ modelId }) =>
      readCard((await findModel(modelFolders, modelId)).directory),
    'models.verify': async ({ modelId }) => {
      const { directory } = await findModel(modelFolders, modelId);
      return { problem: await findPackageProblem(directory) };
    },
    'models.importPackage': ({ folder }) =>
      jobs.startBesideProject('Import model', (context) =>
        importPackage(folder, modelFolders, context),
      ),
    'models.convert': (input) =>
      jobs.startBesideProject('Convert model', (context) =>
        convertModel(withoutUndefined(input), modelFolders, context),
      ),
    'models.delete': async ({ modelId }) => {
      const { directory, canBeDeleted } = await findModel(modelFolders, modelId);
      if (!canBeDeleted) {
        throw failure('unsupported', 'modelStays', { id: modelId });
      }
      if (engine.status.state !== 'stopped' && engine.status.modelId === modelId) {
        throw failure('conflict', 'modelInUse', { id: modelId });
      }
      await deletePackage(directory);
      return listModels(modelFolders);
    },

    'prompt.prepare': async ({ imageId }) =>
      prompts.prepare(imageId, await imageFile(parts, imageId)),
    'prompt.ask': async ({ requestId, imageId, request }) =>
      prompts.ask(requestId, imageId, await imageFile(parts, imageId), request),
    'prompt.cancel': ({ requestId }) => prompts.cancel(requestId),
  };
}
