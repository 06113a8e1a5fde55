import type { z } from 'zod';
import type { DeviceKind, DeviceReport, ModelRequest, ModelResult } from '../../core/prompt.ts';
import type { ProjectDatabase } from '../../db/project-database.ts';
import type { ImageSource } from '../../models/image/image-source.ts';
import type { Manifest } from '../../models/package/manifest.ts';
import type { PackOptions } from '../../models/pack-graphs.ts';
import type { JobResult, JobUnit, JobWords } from '../api/contract/jobs.ts';

/** Which model a job asks, and where it runs. */
export interface JobModelChoice {
  /** A package folder, or the id of an installed model; null takes the host's default. */
  readonly model: string | null;
  readonly device: 'auto' | DeviceKind;
  readonly threads?: number | undefined;
  /** The use for which the host chooses where no model is given; masks where left out. */
  readonly use?: 'masks' | 'words';
}

/** A model that a job asks about images, one request at a time. */
export interface JobModel {
  readonly manifest: Pick<Manifest, 'id' | 'title' | 'version' | 'minimumScore'>;
  readonly hash: string;
  readonly device: DeviceReport;
  /**
   * @throws AppError `invalid-input` when the texts of a request are longer than the model reads;
   * `cancelled` when the signal aborts.
   */
  requireReadable(request: ModelRequest, signal: AbortSignal): void | Promise<void>;
  /** Begins to read an image that will be asked about next. */
  prefetch(image: ImageSource): void;
  /**
   * @throws AppError `cancelled` when the signal aborts, `engine-lost`, `image-unreadable` and
   * others.
   */
  answer(image: ImageSource, request: ModelRequest, signal: AbortSignal): Promise<ModelResult>;
  /** Answers to all requests about one image, where they travel together; else asked in turn. */
  answerAll?(
    image: ImageSource,
    requests: readonly ModelRequest[],
    signal: AbortSignal,
  ): Promise<ModelResult[]>;
  /** Images that may be asked about at the same time; one where left out. */
  readonly imagesAtOnce?: number;
  dispose(): Promise<void>;
}

/** Services of a process for its jobs. */
export interface JobHost {
  /** Folder of the user's data. */
  readonly home: string;
  /** Folders of model packages; the last one is the user's. */
  readonly modelFolders: readonly string[];
  /** Folder of the Python sources that train models. */
  readonly trainingFolder: string;
  /** The open project as a window sees it. @throws AppError `project-not-open`. */
  project(window?: string): ProjectDatabase;
  /** Copies what was changed in the open project, before something changes much at once. */
  backupBeforeLargeStep(): Promise<void>;
  /** Tells the windows that a job has changed records of the open project. */
  projectChanged(): void;
  /** The job reads and writes the open project no more, and goes on when it is closed. */
  projectReleased(): Promise<void>;
  /**
   * The folder of a model package: one given by folder or id, or the host's default.
   * @throws AppError `not-found`.
   */
  locateModel(model: string | null): Promise<string>;
  /**
   * Loads a model; the caller disposes of it.
   * @throws AppError `not-found`, `package-invalid`, `engine-lost`; `cancelled` when the signal
   * aborts.
   */
  openModel(choice: JobModelChoice, signal: AbortSignal): Promise<JobModel>;
  /** As `packGraphs` of models/, in a process of its own. */
  packGraphs(files: readonly string[], target: string, options: PackOptions): Promise<unknown>;
}

/** Where a job's news go, and the signal that asks it to stop. */
export interface JobContext {
  readonly jobId: string;
  readonly signal: AbortSignal;
  /**
   * @param total null while it is not known
   * @param stage what is counted now, where a job counts several things
   */
  progress(done: number, total: number | null, stage?: JobWords): void;
  /** Records of the project have changed, and more will: what shows them may read them again. */
  projectChanged?(): void;
}

/** The context of a running job. */
export interface JobRun
  extends Omit<JobContext, 'projectChanged'>, Omit<JobHost, 'project' | 'openModel'> {
  /** Says what is being done, a short line at a time. */
  log(line: string): void;
  /** The project that was open when the job was started, as the window that started it sees it. */
  project(): ProjectDatabase;
  /** As the host does it, until the job is cancelled. */
  openModel(choice: JobModelChoice): Promise<JobModel>;
}

/**
 * A kind of long work. A new one is a file in kinds/ and a line in registry.ts. Its input is plain
 * data, so that a queue can store it, a crash can resume it and another machine can run it.
 */
export interface JobKind<Input = unknown, Result extends JobResult = JobResult> {
  readonly id: string;
  readonly title: JobWords;
  /** The unit of its progress, if it is not records of the project. */
  readonly unit?: JobUnit;
  readonly input: z.ZodType<Input>;
  readonly result: z.ZodType<Result>;
  /** Whether it works on the open project, which is not closed before the job has stopped. */
  readonly needsProject: boolean | ((input: Input) => boolean);
  /**
   * Whether a run that was cut off by the end of its process can be run again with the same input.
   */
  readonly resumable: boolean;
  /** Checks before the start; errors are thrown to the caller that starts the job. */
  check?(input: Input, host: Pick<JobRun, 'project' | 'modelFolders'>): Promise<void>;
  /**
   * @throws AppError `cancelled`, with a sentence of what was kept, when the signal aborts; any
   * other that it fails with.
   */
  run(input: Input, run: JobRun): Promise<Result>;
  /** The part of a large result for the windows; by default the whole result. */
  told?(result: Result): JobResult;
}

/** A kind whose input and result are known to itself alone. */
export interface AnyJobKind extends Omit<
  JobKind,
  'input' | 'result' | 'needsProject' | 'check' | 'run' | 'told'
> {
  readonly input: z.ZodType;
  readonly result: z.ZodType;
  readonly needsProject: boolean | ((input: never) => boolean);
  check?(input: never, host: Pick<JobRun, 'project' | 'modelFolders'>): Promise<void>;
  run(input: never, run: JobRun): Promise<JobResult>;
  told?(result: never): JobResult;
}

/** A kind whose types follow from its schemas. */
export function defineJob<Input, Result extends JobResult>(
  kind: JobKind<Input, Result>,
): JobKind<Input, Result> {
  return kind;
}
