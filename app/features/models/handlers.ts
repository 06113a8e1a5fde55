import type { EngineStatus, ModelChoice } from '../../api/contract/models.ts';
import type { EngineClient } from '../../engine/engine-client.ts';
import type { HandlersOf, Session } from '../../session.ts';
import { allowedServers } from './allowed-servers.ts';
import { deletePackage, findPackageProblem, readCard } from './model-packages.ts';
import { findModel, listModels, readModelChoice, writeModelChoice } from './models.ts';
import { requireAgreement } from './project-servers.ts';
import { modelListFailure } from './sentences.ts';

export const modelHandlers: HandlersOf<'models'> = {
  'models.list': (_, { modelFolders }) => listModels(modelFolders),
  'models.load': async ({ isOfProject, isConfirmed, ...choice }, session) => {
    if (isOfProject) await requireProjectMay(choice.modelId, isConfirmed ?? false, session);
    session.masks.isOfProject = isOfProject ?? false;
    const status = await load(session.engine, choice, session);
    if (!isOfProject) await rememberChoice(session.home, choice);
    return status;
  },
  'models.loadWords': async ({ modelId, isOfProject, isConfirmed }, session) => {
    const { engine } = session.words;
    if (isOfProject && modelId !== null) {
      await requireProjectMay(modelId, isConfirmed ?? false, session);
    }
    session.words.isOfProject = isOfProject ?? false;
    if (modelId === null) engine.dispose();
    else await load(engine, { modelId, device: 'auto' }, session);
    if (!isOfProject) await rememberChoice(session.home, { wordsModelId: modelId ?? undefined });
    return engine.status;
  },
  'models.wordsStatus': (_, { words }) => words.engine.status,
  'models.loadOther': async ({ modelId }, session) => {
    const { engine } = session.other;
    if (modelId === null) engine.dispose();
    else await load(engine, { modelId, device: 'auto' }, session);
    return engine.status;
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
  'models.delete': async ({ modelId }, { engine, words, other, modelFolders }) => {
    const { directory, canBeDeleted } = await findModel(modelFolders, modelId);
    if (!canBeDeleted) {
      throw modelListFailure('unsupported', 'modelStays', { id: modelId });
    }
    if ([engine, words.engine].some((used) => hasModel(used, modelId))) {
      throw modelListFailure('conflict', 'modelInUse', { id: modelId });
    }
    if (hasModel(other.engine, modelId)) other.engine.dispose();
    await deletePackage(directory);
    return listModels(modelFolders);
  },
};

/**
 * The open project may choose a model of a server only with the person's agreement, unless the
 * person has chosen the model, too.
 * @throws AppError `permission-denied`
 */
async function requireProjectMay(
  modelId: string,
  isConfirmed: boolean,
  { projects, home, modelFolders }: Session,
): Promise<void> {
  const project = projects.current;
  const model = await findModel(modelFolders, modelId);
  const own = await readModelChoice(home);
  const isOwn = own?.modelId === modelId || own?.wordsModelId === modelId;
  if (project && !isOwn) await requireAgreement(home, project, model, isConfirmed);
}

async function load(
  engine: EngineClient,
  choice: Pick<ModelChoice, 'modelId' | 'device'>,
  { home, modelFolders }: Pick<Session, 'home' | 'modelFolders'>,
): Promise<EngineStatus> {
  const { directory } = await findModel(modelFolders, choice.modelId);
  return engine.load({ ...choice, directory, allowedServers: await allowedServers(home) });
}

function hasModel({ status }: EngineClient, modelId: string): boolean {
  return status.state !== 'stopped' && status.modelId === modelId;
}

/** Keeps a part of the choice; the program works without it, so a failure is only logged. */
async function rememberChoice(home: string, changed: Partial<ModelChoice>): Promise<void> {
  const known = await readModelChoice(home);
  const choice = { modelId: '', device: 'auto' as const, ...known, ...changed };
  await writeModelChoice(home, choice).catch((thrown: unknown) => {
    console.error(`The choice of the model could not be written: ${String(thrown)}`);
  });
}
