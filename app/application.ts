import { join } from 'node:path';
import type { RecordId } from '../core/records.ts';
import { toErrorEnvelope } from '../core/errors.ts';
import type { AppEvents } from './api/contract.ts';
import { beforeEachCall, type Handlers } from './api/serve.ts';
import { EngineClient } from './engine/engine-client.ts';
import type { EngineProcess } from './engine/engine-process.ts';
import { datasetHandlers } from './handlers/dataset-handlers.ts';
import { modelHandlers } from './handlers/model-handlers.ts';
import { imageFile, requireImage, stopWork, type ApplicationParts } from './handlers/parts.ts';
import { projectHandlers } from './handlers/project-handlers.ts';
import { recordHandlers } from './handlers/record-handlers.ts';
import { settingsHandlers } from './handlers/settings-handlers.ts';
import { logSlowStatements, openLog } from './log.ts';
import { serveFull, type ServedFile } from './services/image-files.ts';
import { serveTile } from './services/image-tiles.ts';
import { Jobs, type Emit } from './services/jobs.ts';
import { Projects } from './services/projects.ts';
import { Prompts } from './services/prompts.ts';
import { SettingsFile } from './services/settings.ts';
import { Thumbnails } from './services/thumbnails.ts';
import { Windows } from './services/windows.ts';

export interface ApplicationOptions {
  /** Folder of the user's data: models, cache, recent projects. */
  readonly home: string;
  /** Folder of the packaged models. */
  readonly catalog: string;
  /** Folder of the photos that the sample project is made of. */
  readonly samplePhotos: string;
  /** File of the engine process. */
  readonly engineEntry: string;
}

/** The application behind every host: the contract's handlers, and what only a host may ask. */
export interface Application {
  readonly handlers: Handlers;
  /** Which windows are open; a host says so. */
  readonly windows: Windows;
  /**
   * A file of an image of the open project, for a host that serves it to its interface.
   * @param variant an `ImageVariant` of the contract; another is `not-found`
   */
  imageFile(imageId: RecordId, variant: string): Promise<ServedFile>;
  /** Stops jobs and prompts, closes the project and ends the engine process. */
  close(): Promise<void>;
}

/**
 * Puts the application together; `emit` hears its events.
 * @param startEngine starts the engine process where this process cannot; default: as its child
 */
export function createApplication(
  options: ApplicationOptions,
  emit: Emit,
  startEngine?: () => EngineProcess,
): Application {
  const { home, catalog, samplePhotos, engineEntry } = options;
  const log = openLog(home);
  log.started();
  logSlowStatements(log);
  const engine = new EngineClient({
    entry: engineEntry,
    ...(startEngine && { start: startEngine }),
    onStatus: (status) => emit('engine:status', status),
    onDeath: (how) => log.died('engine', how),
  });
  const cache = join(home, 'cache');
  const jobs = new Jobs((event, payload) => {
    if (event === 'job:end') {
      const { jobId, end } = payload as AppEvents['job:end'];
      log.jobEnded(jobId, end);
    }
    emit(event, payload);
  });
  const prompts = new Prompts(engine, emit);
  const thumbnails = new Thumbnails({
    cache,
    isBusy: () => jobs.isBusy || prompts.isBusy,
    onUnreadable: ({ path }, error) =>
      emit('image:unreadable', { path, error: toErrorEnvelope(error) }),
  });
  const parts: ApplicationParts = {
    projects: new Projects(home, (error) => emit('project:damaged', toErrorEnvelope(error))),
    jobs,
    engine,
    prompts,
    thumbnails,
    settings: new SettingsFile(home),
    windows: new Windows(),
    emit,
    home,
    samplePhotos,
    modelFolders: [catalog, join(home, 'models')],
  };
  return {
    windows: parts.windows,
    handlers: beforeEachCall(() => thumbnails.noteUse(), {
      ...projectHandlers(parts),
      ...recordHandlers(parts),
      ...modelHandlers(parts),
      ...datasetHandlers(parts),
      ...settingsHandlers(parts),
    }),
    async imageFile(imageId, variant) {
      thumbnails.noteUse();
      const image = requireImage(parts.projects.require(), imageId);
      const path = await imageFile(parts, imageId);
      if (variant === 'full') return serveFull(path, image, cache);
      if (variant === 'thumbnail') return thumbnails.serve(path, image);
      return serveTile(path, image, variant, cache);
    },
    async close() {
      await stopWork(parts);
      await parts.jobs.cancelAll();
      await parts.projects.finishChanges();
      await parts.projects.close();
      engine.dispose();
    },
  };
}
