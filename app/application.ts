import { join } from 'node:path';
import { toErrorEnvelope } from '../core/errors.ts';
import { personOf } from '../core/project/person.ts';
import type { RecordId } from '../core/records.ts';
import type { AppEvents } from './api/contract.ts';
import type { EngineStatus } from './api/contract/models.ts';
import type { Handlers } from './api/serve.ts';
import { EngineClient } from './engine/engine-client.ts';
import type { EngineProcess } from './engine/engine-process.ts';
import { categoryHandlers } from './features/categories/handlers.ts';
import { datasetHandlers } from './features/dataset/handlers.ts';
import { fileHandlers } from './features/files/handlers.ts';
import { requireImage } from './features/images/find-image.ts';
import { handoutHandlers } from './features/handout/handlers.ts';
import { imageHandlers } from './features/images/handlers.ts';
import { locateImage, serveFull, type ServedFile } from './features/images/image-files.ts';
import { serveTile } from './features/images/image-tiles.ts';
import { Thumbnails } from './features/images/thumbnails.ts';
import { itemHandlers } from './features/items/handlers.ts';
import { journalHandlers } from './features/journal/handlers.ts';
import { StepOrder } from './features/journal/step-order.ts';
import { allowedServers } from './features/models/allowed-servers.ts';
import { modelHandlers } from './features/models/handlers.ts';
import { projectHandlers } from './features/project/handlers.ts';
import { Projects } from './features/project/projects.ts';
import { stopWork } from './features/project/stop-work.ts';
import { peopleHandlers } from './features/people/handlers.ts';
import { promptHandlers } from './features/prompt/handlers.ts';
import { Prompts } from './features/prompt/prompts.ts';
import { reviewHandlers } from './features/reviews/handlers.ts';
import { settingsHandlers } from './features/settings/handlers.ts';
import { SettingsFile } from './features/settings/settings-file.ts';
import { waitingRegionHandlers } from './features/waiting-regions/handlers.ts';
import { scoreHandlers } from './features/scores/handlers.ts';
import { statisticsHandlers } from './features/statistics/handlers.ts';
import { jobHandlers } from './jobs/handlers.ts';
import { applicationHost } from './jobs/application-host.ts';
import { JobStore } from './jobs/job-store.ts';
import { LocalQueue, type Emit } from './jobs/local-queue.ts';
import { logSlowStatements, openLog } from './log.ts';
import {
  inSessions,
  openSession,
  type HandlersOf,
  type ModelSeat,
  type Services,
} from './session.ts';
import { Windows } from './windows.ts';

export interface ApplicationOptions {
  /** Folder of the user's data: models, cache, recent projects. */
  readonly home: string;
  /** Folder of the packaged models. */
  readonly catalog: string;
  /** Folder of the photos that the sample project is made of. */
  readonly samplePhotos: string;
  /** Folder of the dataset about these photos that the sample benchmark is made of. */
  readonly sampleBenchmark: string;
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

const handlers: HandlersOf<string> = {
  ...projectHandlers,
  ...imageHandlers,
  ...categoryHandlers,
  ...itemHandlers,
  ...reviewHandlers,
  ...journalHandlers,
  ...waitingRegionHandlers,
  ...statisticsHandlers,
  ...scoreHandlers,
  ...modelHandlers,
  ...promptHandlers,
  ...datasetHandlers,
  ...settingsHandlers,
  ...jobHandlers,
  ...fileHandlers,
  ...handoutHandlers,
  ...peopleHandlers,
};

/**
 * Puts the application together; `emit` hears its events.
 * @param startEngine starts the engine process where this process cannot; default: as its child
 */
export function createApplication(
  options: ApplicationOptions,
  emit: Emit,
  startEngine?: () => EngineProcess,
): Application {
  const { home, catalog, samplePhotos, sampleBenchmark, engineEntry } = options;
  const log = openLog(home);
  log.started();
  logSlowStatements(log);
  const openEngine = (onStatus: (status: EngineStatus) => void) =>
    new EngineClient({
      entry: engineEntry,
      ...(startEngine && { start: startEngine }),
      onStatus,
      onDeath: (how) => log.died('engine', how),
    });
  const seat = (onStatus: (status: EngineStatus) => void): ModelSeat => {
    const engine = openEngine(onStatus);
    return { engine, prompts: new Prompts(engine, emit), isOfProject: false };
  };
  const engine = openEngine((status) => emit('engine:status', status));
  const words = seat((status) => emit('engine:words-status', status));
  const other = seat(() => undefined);
  const cache = join(home, 'cache');
  const modelFolders = [catalog, join(home, 'models')];
  const jobs = new LocalQueue({
    emit(event, payload) {
      if (event === 'job:end') {
        const { jobId, end } = payload as AppEvents['job:end'];
        log.jobEnded(jobId, end);
      }
      emit(event, payload);
    },
    host: applicationHost(
      () => services,
      {
        entry: engineEntry,
        ...(startEngine && { start: startEngine }),
        allowedServers: () => allowedServers(home),
      },
      { home, modelFolders },
    ),
    store: new JobStore(home),
  });
  const prompts = new Prompts(engine, emit);
  const thumbnails = new Thumbnails({
    cache,
    isBusy: () =>
      jobs.isBusy || [prompts, words.prompts, other.prompts].some(({ isBusy }) => isBusy),
    onUnreadable: ({ path }, error) =>
      emit('image:unreadable', { path, error: toErrorEnvelope(error) }),
  });
  const services: Services = {
    projects: new Projects(home, (error) => emit('project:damaged', toErrorEnvelope(error))),
    jobs,
    engine,
    prompts,
    masks: { isOfProject: false },
    words,
    other,
    thumbnails,
    settings: new SettingsFile(home),
    windows: new Windows((present) => emit('people:changed', { present })),
    steps: new StepOrder(),
    emit,
    home,
    samplePhotos,
    sampleBenchmark,
    modelFolders,
  };
  // A page that goes on after this process was started again does not ask for the settings anew.
  void services.settings.peek().then(({ person }) => {
    services.windows.person ??= personOf(person);
  });
  return {
    windows: services.windows,
    handlers: inSessions(handlers, (window) => {
      thumbnails.noteUse();
      return openSession(services, window);
    }),
    async imageFile(imageId, variant) {
      thumbnails.noteUse();
      const database = services.projects.require();
      const image = requireImage(database, imageId);
      const path = await locateImage(database, image);
      if (variant === 'full') return serveFull(path, image, cache);
      if (variant === 'thumbnail') return thumbnails.serve(path, image);
      return serveTile(path, image, variant, cache);
    },
    async close() {
      await stopWork(services);
      await services.jobs.close();
      await services.projects.finishChanges();
      await services.projects.close();
      for (const used of [engine, words.engine, other.engine]) used.dispose();
    },
  };
}
