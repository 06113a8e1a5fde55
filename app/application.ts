import { join } from 'node:path';
import { AppError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { ImageRecord, RecordId } from '../core/records.ts';
import type { AppliedStep as DatabaseStep, ProjectDatabase } from '../db/project-database.ts';
import type { AppliedStep, ImportReport, ProjectSummary } from './api/contract.ts';
import type { Handlers } from './api/serve.ts';
import { EngineClient } from './engine/engine-client.ts';
import { exportCoco } from './services/coco-export-file.ts';
import { importCoco } from './services/coco-import-file.ts';
import { listFolder } from './services/files.ts';
import { locateImage, serveFull, serveThumbnail, type ServedFile } from './services/image-files.ts';
import { importFolder, requireFolder } from './services/image-import.ts';
import { Jobs, type Emit, type JobContext } from './services/jobs.ts';
import { findModel, listModels } from './services/models.ts';
import { openSample, Projects, undoState } from './services/projects.ts';
import { Prompts } from './services/prompts.ts';

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
  /** The file of an image of the open project, for a host that serves it to its interface. */
  imageFile(imageId: RecordId, variant: 'full' | 'thumbnail'): Promise<ServedFile>;
  /** Stops jobs and prompts, closes the project and ends the engine process. */
  close(): Promise<void>;
}

const neverAborted = new AbortController().signal;

export function createApplication(options: ApplicationOptions, emit: Emit): Application {
  const cache = join(options.home, 'cache');
  const modelFolders = [options.catalog, join(options.home, 'models')];
  const projects = new Projects(options.home);
  const jobs = new Jobs(emit);
  const engine = new EngineClient({
    entry: options.engineEntry,
    onStatus: (status) => emit('engine:status', status),
  });
  const prompts = new Prompts(engine, emit);

  const stopWork = async () => {
    prompts.cancelAll();
    await jobs.cancelAll();
  };
  const announce = () => emit('project:changed', { summary: projects.summary() });
  const switchTo = async (open: () => Promise<ProjectSummary>) => {
    await stopWork();
    const summary = await open();
    announce();
    return summary;
  };
  const imageFile = (imageId: RecordId) => {
    const database = projects.require();
    return locateImage(database, requireImage(database, imageId));
  };
  const startImport = (
    label: string,
    work: (database: ProjectDatabase, context: JobContext) => Promise<ImportReport>,
  ) => {
    const database = projects.require();
    return jobs.start(label, async (context) => {
      try {
        return await work(database, context);
      } finally {
        announce();
      }
    });
  };

  const handlers: Handlers = {
    'project.create': ({ folder, name }) => switchTo(() => projects.create(folder, name)),
    'project.open': ({ file }) => switchTo(() => projects.open(file)),
    'project.close': async () => {
      await stopWork();
      return projects.close();
    },
    'project.current': () => (projects.current ? projects.summary() : null),
    'project.recent': () => projects.recent(),
    'project.openSample': () =>
      switchTo(async () => {
        const sample = await openSample(projects, options.home, options.samplePhotos);
        if (sample.photosToImport === null) return sample.summary;
        const context = { jobId: newId(), signal: neverAborted, progress: () => undefined };
        await importFolder(projects.require(), sample.photosToImport, cache, context);
        return projects.summary();
      }),
    'project.backup': () => projects.backup(),
    'project.check': () => projects.require().check(),

    'images.importFolder': async ({ folder }) => {
      await requireFolder(folder);
      return startImport('Import images', (database, context) =>
        importFolder(database, folder, cache, context),
      );
    },
    'images.list': ({ offset, limit, ...filter }) => {
      const database = projects.require();
      const query = withoutUndefined(filter);
      return {
        total: database.imageCount(query),
        offset,
        rows: database.images({ ...query, offset, limit }),
      };
    },
    'images.document': ({ imageId }) => {
      const database = projects.require();
      return {
        image: requireImage(database, imageId),
        annotations: database.annotations(imageId),
      };
    },
    'categories.list': () => projects.require().categories(),

    'document.apply': ({ label, diff, imageId }) => {
      const database = projects.require();
      return withUndoState(database, database.apply(label, diff, imageId ? { imageId } : {}));
    },
    'document.undo': () => step(projects.require(), (database) => database.undo()),
    'document.redo': () => step(projects.require(), (database) => database.redo()),
    'document.history': (page) => projects.require().history(withoutUndefined(page)),

    'models.list': () => listModels(modelFolders),
    'models.load': async ({ modelId, device }) => {
      const { directory } = await findModel(modelFolders, modelId);
      return engine.load({ modelId, directory, device });
    },
    'models.status': () => engine.status,

    'prompt.prepare': async ({ imageId }) => prompts.prepare(imageId, await imageFile(imageId)),
    'prompt.ask': async ({ requestId, imageId, request }) =>
      prompts.ask(requestId, imageId, await imageFile(imageId), request),
    'prompt.cancel': ({ requestId }) => prompts.cancel(requestId),

    'dataset.importCoco': async ({ file, images }) => {
      await requireFolder(images);
      return startImport('Import COCO', (database, context) =>
        importCoco(database, { file, images }, cache, context),
      );
    },
    'dataset.exportCoco': (input) => {
      const database = projects.require();
      return jobs.start('Export COCO', (context) => exportCoco(database, input, context));
    },

    'jobs.cancel': ({ jobId }) => jobs.cancel(jobId),
    'files.list': ({ folder }) => listFolder(folder),
  };

  return {
    handlers,
    async imageFile(imageId, variant) {
      const image = requireImage(projects.require(), imageId);
      const path = await imageFile(imageId);
      return variant === 'thumbnail'
        ? serveThumbnail(path, image, cache)
        : serveFull(path, image, cache);
    },
    async close() {
      await stopWork();
      projects.close();
      engine.dispose();
    },
  };
}

function requireImage(database: ProjectDatabase, imageId: RecordId): ImageRecord {
  const image = database.image(imageId);
  if (image) return image;
  throw new AppError('not-found', `The project has no image ${imageId}; it may have been removed.`);
}

function step(
  database: ProjectDatabase,
  take: (database: ProjectDatabase) => DatabaseStep | null,
): AppliedStep | null {
  const applied = take(database);
  return applied && withUndoState(database, applied);
}

function withUndoState(database: ProjectDatabase, applied: DatabaseStep): AppliedStep {
  return { ...applied, ...undoState(database) };
}

type Defined<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> };

/** Optional keys of parsed inputs may be present as undefined, which exact optional types refuse. */
function withoutUndefined<Value extends object>(value: Value): Defined<Value> {
  return Object.fromEntries(
    Object.entries(value).filter(([, present]) => present !== undefined),
  ) as Defined<Value>;
}
