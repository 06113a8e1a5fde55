import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { manifestFile } from '../../models/package/package.ts';
import { openJobModel, type JobEngine } from '../engine/job-model.ts';
import { packInEngine } from '../engine/pack-in-engine.ts';
import { findModel, listModels } from '../features/models/models.ts';
import { announceChange } from '../features/project/announce-change.ts';
import { seatFor, type Services } from '../session.ts';
import type { JobHost, JobModelChoice } from './job-kind.ts';
import { engineFailure } from '../engine/sentences.ts';

/**
 * Services of the application for its jobs: the open project, and models in separate engine
 * processes.
 */
export function applicationHost(
  services: () => Services,
  engine: JobEngine,
  folders: Pick<JobHost, 'home' | 'modelFolders'>,
): JobHost {
  const { modelFolders } = folders;
  const locateModel = async (
    given: string | null,
    use: JobModelChoice['use'] = 'masks',
  ): Promise<string> => {
    if (given !== null && existsSync(join(given, manifestFile))) return given;
    const { status } = seatFor(services(), use).engine;
    const loaded = status.state === 'stopped' ? undefined : status.modelId;
    const wanted = given ?? loaded ?? (await listModels(modelFolders))[0]?.id;
    if (wanted === undefined) throw engineFailure('model-not-loaded', 'modelNotLoaded', {});
    return (await findModel(modelFolders, wanted)).directory;
  };
  return {
    ...folders,
    // Beside the models that come with the program, in a checkout as well as when it is packed.
    trainingFolder: join(dirname(modelFolders[0]!), 'training'),
    project: (window) => services().windows.view(services().projects.require(), window),
    backupBeforeLargeStep: () => services().projects.backupBeforeLargeStep(),
    projectChanged: () => announceChange(services()),
    projectReleased: () => Promise.resolve(),
    locateModel,
    openModel: async (choice, signal) =>
      openJobModel(engine, await locateModel(choice.model, choice.use), choice, signal),
    packGraphs: (files, target, options) => packInEngine(engine, files, target, options),
  };
}
