import { failure } from '../../core/errors.ts';
import type { ImageRecord, RecordId } from '../../core/records.ts';
import type { ProjectDatabase } from '../../db/project-database.ts';
import type { ImportReport, JobStarted, MethodName } from '../api/contract.ts';
import type { Handlers } from '../api/serve.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import { locateImage } from '../services/image-files.ts';
import type { Emit, JobContext, Jobs } from '../services/jobs.ts';
import type { Projects } from '../services/projects.ts';
import type { Prompts } from '../services/prompts.ts';
import type { SettingsFile } from '../services/settings.ts';
import type { Thumbnails } from '../services/thumbnails.ts';
import type { Windows } from '../services/windows.ts';

/** What the handlers are made of. */
export interface ApplicationParts {
  readonly projects: Projects;
  readonly jobs: Jobs;
  readonly engine: EngineClient;
  readonly prompts: Prompts;
  readonly settings: SettingsFile;
  readonly windows: Windows;
  readonly emit: Emit;
  /** Folder of the user's data. */
  readonly home: string;
  readonly thumbnails: Thumbnails;
  readonly samplePhotos: string;
  /** Folders of model packages; the last one is the user's. */
  readonly modelFolders: readonly string[];
}

/** The handlers of the methods whose names begin with one of the given words. */
export type HandlersOf<Word extends string> = Pick<
  Handlers,
  Extract<MethodName, `${Word}.${string}`>
>;

/** @throws AppError `not-found`. */
export function requireImage(database: ProjectDatabase, imageId: RecordId): ImageRecord {
  const image = database.image(imageId);
  if (image) return image;
  throw failure('not-found', 'imageGone', { id: imageId });
}

/** The file of an image of the open project; see {@link locateImage}. */
export async function imageFile(
  { projects }: ApplicationParts,
  imageId: RecordId,
): Promise<string> {
  const database = projects.require();
  return locateImage(database, requireImage(database, imageId));
}

/** Tells every interface that records were changed by something other than its own call. */
export function announceChange({ emit, projects, thumbnails }: ApplicationParts): void {
  emit('project:changed', { summary: projects.summary() });
  thumbnails.fill(projects.require());
}

/** The open project as the calling window sees it. */
export function projectOf(
  { projects, windows }: ApplicationParts,
  window: string | undefined,
): ProjectDatabase {
  return windows.view(projects.require(), window);
}

/** Starts a job that brings records into the open project. */
export function startImport(
  parts: ApplicationParts,
  window: string | undefined,
  label: string,
  work: (database: ProjectDatabase, context: JobContext) => Promise<ImportReport>,
): JobStarted {
  const database = projectOf(parts, window);
  return parts.jobs.start(label, async (context) => {
    try {
      await parts.projects.backupBeforeLargeStep();
      return await work(database, context);
    } finally {
      announceChange(parts);
    }
  });
}

/** Cancels prompts and jobs of the open project and waits until nothing reads it any more. */
export async function stopWork({ prompts, jobs, thumbnails }: ApplicationParts): Promise<void> {
  prompts.cancelAll();
  await jobs.cancelOfProject();
  await thumbnails.stop();
}

type Defined<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> };

/** Optional keys of parsed inputs may be present as undefined, which exact optional types refuse. */
export function withoutUndefined<Value extends object>(value: Value): Defined<Value> {
  return Object.fromEntries(
    Object.entries(value).filter(([, present]) => present !== undefined),
  ) as Defined<Value>;
}
