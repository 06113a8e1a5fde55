import type { HandlersOf } from '../../session.ts';
import { allowedServers } from './allowed-servers.ts';
import { deletePackage, findPackageProblem, readCard } from './model-packages.ts';
import { findModel, listModels, readModelChoice, writeModelChoice } from './models.ts';
import { modelListFailure } from './sentences.ts';

export const modelHandlers: HandlersOf<'models'> = {
  'models.list': (_, { modelFolders }) => listModels(modelFolders),
  'models.load': async ({ isOfProject, ...choice }, { engine, home, modelFolders }) => {
    const { directory } = await findModel(modelFolders, choice.modelId);
    const status = await engine.load({
      ...choice,
      directory,
      allowedServers: await allowedServers(home),
    });
    if (isOfProject) return status;
    await writeModelChoice(home, choice).catch((thrown: unknown) => {
      console.error(`The choice of the model could not be written: ${String(thrown)}`);
    });
    return status;
  },
  'models.choice': (_, { home }) => readModelChoice(home),
  'models.status': (_, { engine }) => engine.status,
  'models.testDevice': ({ device }, { engine }) => engine.test(device),
  'models.card': async ({ modelId }, { modelFolders }) =>
    readCard((await findModel(modelFolders, modelId)).directory),
  'models.verify': async ({ modelId }, { modelFolders }) => {
    const { directory } = await findModel(modelFolders, modelId);
    return { problem: await findPackageProblem(directory) };
  },
  'models.importPackage': (input, { jobs }) => jobs.start({ kind: 'import-package', input }),
  'models.add': (input, { jobs }) => jobs.start({ kind: 'add-model', input }),
  'models.addServer': (input, { jobs }) => jobs.start({ kind: 'add-server', input }),
  'models.convert': (input, { jobs }) => jobs.start({ kind: 'convert', input }),
  'models.delete': async ({ modelId }, { engine, modelFolders }) => {
    const { directory, canBeDeleted } = await findModel(modelFolders, modelId);
    if (!canBeDeleted) {
      throw modelListFailure('unsupported', 'modelStays', { id: modelId });
    }
    if (engine.status.state !== 'stopped' && engine.status.modelId === modelId) {
      throw modelListFailure('conflict', 'modelInUse', { id: modelId });
    }
    await deletePackage(directory);
    return listModels(modelFolders);
  },
};
