import { z } from 'zod';
import { diffSchema, type Diff } from '../../core/diff.ts';
import { cocoProfiles, holePolicies } from '../../core/formats/coco-profiles.ts';
import type { ErrorEnvelope } from '../../core/errors.ts';
import type { CocoProof } from '../../core/formats/coco-proof.ts';
import { existingPolicies, type ExistingCounts } from '../../core/formats/existing-annotations.ts';
import type { TileName } from '../../core/image-tiles.ts';
import { precisions } from '../../core/precision.ts';
import { stepLabelSchema } from '../../core/project/step-labels.ts';
import { projectSettingsSchema, type ProjectSettings } from '../../core/project-settings.ts';
import {
  deviceKinds,
  modelRequestSchema,
  type DeviceKind,
  type DeviceReport,
  type ModelResult,
  type ModelTask,
} from '../../core/prompt.ts';
import {
  imageStates,
  splits,
  type Annotation,
  type Category,
  type ImageRecord,
  type ImageState,
  type Item,
  type Person,
  type RecordId,
  type Review,
} from '../../core/records.ts';
import type {
  CategoryCount,
  GradualStep,
  HistoryStep,
  ImageRow,
  ProjectCounts,
} from '../../db/project.ts';
import type { NativeMenu } from './native-menu.ts';
import { settingsSchema, type Settings } from './settings.ts';

export type { CategoryCount, HistoryStep, ImageRow, ProjectCounts };

/**
 * Everything a user interface may ask of the application, over any transport (Electron IPC, loopback
 * WebSocket, in-process). Inputs are parsed with these schemas at the boundary; outputs are typed. Long work
 * runs as a job: the call answers with a job id at once, progress and the end arrive as events.
 */

export interface ProjectSummary {
  readonly file: string;
  readonly name: string;
  readonly images: number;
  readonly annotations: number;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

export interface RecentProject {
  readonly file: string;
  readonly name: string;
  readonly openedAtMs: number;
  /** Its file is not where it was. */
  readonly isMissing: boolean;
}

/** A copy of a project that lies beside it. */
export interface Backup {
  readonly file: string;
  readonly writtenAtMs: number;
  readonly bytes: number;
  /** Made by the application itself, which deletes it when it is old. */
  readonly isAutomatic: boolean;
}

export interface ImagePage {
  readonly total: number;
  readonly offset: number;
  readonly rows: readonly ImageRow[];
}

export interface ImageDocument {
  readonly image: ImageRecord;
  readonly annotations: readonly Annotation[];
  /** About the image and its annotations. */
  readonly items: readonly Item[];
  readonly reviews: readonly Review[];
}

/** What a window can undo and redo; other windows that are open can undo and redo their own steps. */
export interface UndoState {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** A step that the journal took, without what the caller knows already: its diff. */
export interface TakenStep extends Omit<GradualStep, 'diff'>, UndoState {}

/** What one undo or redo changed; the interface makes the change to what it shows, or reads again where there is none. */
export interface AppliedStep extends TakenStep, GradualStep {}

/** How many images were in each state at a time. */
export interface ProgressPoint extends Readonly<Record<ImageState, number>> {
  readonly atMs: number;
}

export interface InstalledModel {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly source: string;
  readonly precision: string;
  readonly directory: string;
  readonly bytes: number;
  /** Estimated bytes of memory while it answers. */
  readonly memoryBytes: number;
  /** False for a model that came with the application. */
  readonly canBeDeleted: boolean;
}

/** The model and device that were asked for last. */
export interface ModelChoice {
  readonly modelId: string;
  readonly device: 'auto' | DeviceKind;
}

/** What the engine process is doing; `ready` carries the device that is truly used. */
export type EngineStatus =
  | { readonly state: 'stopped' }
  | { readonly state: 'starting'; readonly modelId: string }
  | {
      readonly state: 'ready';
      readonly modelId: string;
      readonly hash: string;
      /** What the package offers. */
      readonly tasks: readonly ModelTask[];
      readonly device: DeviceReport;
    }
  | { readonly state: 'failed'; readonly modelId: string; readonly error: ErrorEnvelope };

export interface JobStarted {
  readonly jobId: string;
}

/** What an export left out, and why. Images that were not asked for are no loss; annotations are. */
export interface ExportNote {
  readonly section: 'images' | 'annotations';
  readonly what: string;
  readonly reason: string;
  /** The failure that the reason words. */
  readonly error: ErrorEnvelope;
}

export interface ExportReport {
  readonly file: string;
  readonly images: number;
  readonly annotations: number;
  readonly categories: number;
  readonly skipped: readonly ExportNote[];
  /** Images that were written, but whose files are gone or no longer the photos that were imported. */
  readonly photos: readonly ImportNote[];
  readonly proof: CocoProof;
}

/** What an import left out or took over with a doubt, and why. */
export interface ImportNote {
  readonly what: string;
  readonly reason: string;
  /** The failure that the reason words, where it was one. */
  readonly error?: ErrorEnvelope;
}

export interface ImportReport {
  readonly images: number;
  /** How many were added. */
  readonly annotations: number;
  readonly categories: number;
  /** What an import of annotations did where images held some before. */
  readonly existing?: ExistingCounts;
  readonly skipped: readonly ImportNote[];
  /** What was taken over with a doubt. */
  readonly warnings?: readonly ImportNote[];
}

/** A project that was made of what could be read of another one, and what that was. */
export interface RescuedProject {
  readonly summary: ProjectSummary;
  readonly report: ImportReport;
}

/** A model that an import or a conversion brought in. */
export interface ModelReport {
  readonly model: InstalledModel;
}

/** The step of the journal that undo or redo took, where it took long. */
export interface StepReport {
  readonly stepId: number | null;
}

/** How a job ended. */
export type JobEnd =
  | {
      readonly outcome: 'done';
      readonly result: ImportReport | ExportReport | ModelReport | StepReport;
    }
  /** A cancelled job's error says what was kept. */
  | { readonly outcome: 'cancelled' | 'failed'; readonly error: ErrorEnvelope };

/** Carries the output type of a call next to its input schema; holds nothing at run time. */
interface Method<Input extends z.ZodType, Output> {
  readonly input: Input;
  readonly output?: Output;
}

function method<Output>() {
  return <Input extends z.ZodType>(input: Input): Method<Input, Output> => ({ input });
}

const nothing = z.undefined().or(z.null());
const id = z.string().min(1);

/** Which images are listed, and in what order. */
const imageList = {
  states: z.array(z.enum(imageStates)).optional(),
  text: z.string().optional(),
  categoryId: id.optional(),
  split: z.enum([...splits, 'none']).optional(),
  /** Whether there are items about the image or one of its regions. */
  hasTexts: z.boolean().optional(),
  order: z.enum(['path', 'added', 'annotations']).optional(),
};

export const contract = {
  'project.create': method<ProjectSummary>()(
    z.object({ folder: z.string().min(1), name: z.string().min(1) }),
  ),
  'project.open': method<ProjectSummary>()(z.object({ file: z.string().min(1) })),
  'project.close': method<null>()(nothing),
  'project.current': method<ProjectSummary | null>()(nothing),
  'project.recent': method<RecentProject[]>()(nothing),
  'project.openSample': method<ProjectSummary>()(nothing),
  /** Takes a project off the list of recent ones; answers the rest. */
  'project.forget': method<RecentProject[]>()(z.object({ file: z.string().min(1) })),
  'project.backup': method<{ file: string }>()(nothing),
  /** The copies beside a project, newest first; it need not be open. */
  'project.backups': method<Backup[]>()(z.object({ file: z.string().min(1) })),
  /** Opens a copy of a backup as a project of its own. */
  'project.restore': method<ProjectSummary>()(z.object({ backup: z.string().min(1) })),
  /** Writes the open project to another file and goes on with it; also where its own was moved, deleted or replaced. */
  'project.saveAs': method<ProjectSummary>()(z.object({ file: z.string().min(1) })),
  /** Brings what can be read of a damaged or changed project into a new one beside it, and opens that. */
  'project.rescue': method<RescuedProject>()(z.object({ file: z.string().min(1) })),
  'project.check': method<ErrorEnvelope[]>()(nothing),

  'project.settings': method<ProjectSettings>()(nothing),
  /** Changes some of what is chosen for the open project; answers all of it. */
  'project.changeSettings': method<ProjectSettings>()(projectSettingsSchema.partial()),

  'images.importFolder': method<JobStarted>()(
    z.object({
      folder: z.string().min(1),
      /** Only these files, as paths relative to the folder with `/` separators. */
      files: z.array(z.string().min(1)).optional(),
    }),
  ),
  'images.list': method<ImagePage>()(
    z.object({
      ...imageList,
      offset: z.number().int().min(0),
      limit: z.number().int().min(1).max(1000),
    }),
  ),
  /** How many images of a list come before an image, which need not be in the list itself. */
  'images.place': method<number>()(z.object({ ...imageList, imageId: id })),
  'images.document': method<ImageDocument>()(z.object({ imageId: id })),

  'categories.list': method<Category[]>()(nothing),
  'categories.counts': method<CategoryCount[]>()(nothing),
  /**
   * Removes a category as one step that can be undone. Its annotations stay: in another category with
   * `mergeInto`, else without one. Its subcategories move up to its parent.
   */
  'categories.remove': method<{ annotations: number }>()(
    z.object({ label: stepLabelSchema, categoryId: id, mergeInto: id.nullable() }),
  ),

  /** Applies a change; `conflict` when a record is no longer what the diff says it was. */
  'journal.apply': method<TakenStep>()(
    z.object({ label: stepLabelSchema, diff: diffSchema, imageId: id.optional() }),
  ),
  'journal.undo': method<AppliedStep | null>()(nothing),
  'journal.redo': method<AppliedStep | null>()(nothing),
  /** Undoes or redoes until this step is the newest that is done; 0 undoes all. Null: nothing to do. */
  'journal.travelTo': method<AppliedStep | null>()(z.object({ stepId: z.number().int().min(0) })),
  /** What this window can undo and redo now. */
  'journal.undoState': method<UndoState>()(nothing),
  'journal.history': method<HistoryStep[]>()(
    z.object({ before: z.number().int().optional(), limit: z.number().int().min(1).max(1000) }),
  ),
  /** Whoever worked on the project. */
  'journal.people': method<Person[]>()(nothing),

  'statistics.counts': method<ProjectCounts>()(nothing),
  /** How many images a model could learn from. */
  'statistics.trainable': method<number>()(nothing),
  'statistics.progress': method<ProgressPoint[]>()(nothing),

  'models.list': method<InstalledModel[]>()(nothing),
  /** Loads a model in place of the present one; the application starts with it from now on, unless told otherwise. */
  'models.load': method<EngineStatus>()(
    z.object({
      modelId: id,
      device: z.enum(['auto', ...deviceKinds]),
      /** It is the open project's own model, which other projects do not go on with. */
      isOfProject: z.boolean().optional(),
    }),
  ),
  /** What was loaded last, also before the application was started; null the first time. */
  'models.choice': method<ModelChoice | null>()(nothing),
  'models.status': method<EngineStatus>()(nothing),
  /** Runs the loaded model's timed self-test on a device and says what was truly used. */
  'models.testDevice': method<DeviceReport>()(z.object({ device: z.enum(deviceKinds) })),
  /** The card that a package brings (Markdown); null when it has none. */
  'models.card': method<string | null>()(z.object({ modelId: id })),
  /** Reads every file of a package and compares it with its hash; `problem` is null when all is well. */
  'models.verify': method<{ problem: ErrorEnvelope | null }>()(z.object({ modelId: id })),
  /** Copies a package folder into the user's models; every file is checked on the way. */
  'models.importPackage': method<JobStarted>()(z.object({ folder: z.string().min(1) })),
  /** Makes a package of a checkpoint folder (safetensors) among the user's models. */
  'models.convert': method<JobStarted>()(
    z.object({
      checkpoint: z.string().min(1),
      id: z.string().min(1),
      title: z.string().min(1),
      precision: z.enum(precisions),
      license: z.string().min(1).optional(),
    }),
  ),
  /** Deletes one of the user's models; answers the rest. */
  'models.delete': method<InstalledModel[]>()(z.object({ modelId: id })),

  /** Encodes an image ahead of the first prompt. */
  'prompt.prepare': method<null>()(z.object({ imageId: id })),
  /** Asks the model; tokens and stages arrive as `prompt:progress` events with the same requestId. */
  'prompt.ask': method<ModelResult>()(
    z.object({ requestId: id, imageId: id, request: modelRequestSchema }),
  ),
  'prompt.cancel': method<null>()(z.object({ requestId: id })),

  'dataset.importCoco': method<JobStarted>()(
    z.object({
      file: z.string().min(1),
      images: z.string().min(1),
      /** What is done with images that hold annotations already; `merge` unless given. */
      existing: z.enum(existingPolicies).optional(),
    }),
  ),
  'dataset.exportCoco': method<JobStarted>()(
    z.object({
      file: z.string().min(1),
      /** Also replaces a file that is not an earlier export of this project for the same readers. */
      overwrite: z.boolean().optional(),
      profile: z.enum(cocoProfiles),
      holes: z.enum(holePolicies).optional(),
      /** How far in pixels an outline may be off; 0, the default, keeps masks exactly. */
      tolerance: z.number().min(0).optional(),
      states: z.array(z.enum(imageStates)).optional(),
      split: z.enum(splits).optional(),
      /** Only annotations of these categories; images without any are written all the same. */
      categoryIds: z.array(id).optional(),
    }),
  ),

  /** What the person chose, and what was wrong with the file of it where it could not be used. */
  'settings.get': method<{ settings: Settings; problem: ErrorEnvelope | null }>()(nothing),
  'settings.set': method<Settings>()(settingsSchema),

  'jobs.cancel': method<null>()(z.object({ jobId: id })),

  /** Lists a folder of this machine, for hosts without native dialogs. */
  'files.list': method<{
    folder: string;
    parent: string | null;
    entries: { name: string; path: string; kind: 'folder' | 'image' | 'project' | 'json' }[];
  }>()(z.object({ folder: z.string().nullable() })),
} as const;

export type Contract = typeof contract;
export type MethodName = keyof Contract;
export type MethodInput<Name extends MethodName> = z.input<Contract[Name]['input']>;
export type MethodOutput<Name extends MethodName> = Contract[Name] extends {
  readonly output?: infer Output;
}
  ? Output
  : never;

/** Everything the application announces by itself. */
export interface AppEvents {
  'engine:status': EngineStatus;
  'prompt:progress': {
    readonly requestId: string;
    readonly imageId: RecordId;
    readonly stage: string;
    readonly token?: string;
  };
  /** The pixels of an image of the project turned out to be damaged; said once for each. */
  'image:unreadable': { readonly path: string; readonly error: ErrorEnvelope };
  'job:progress': {
    readonly jobId: string;
    readonly label: string;
    readonly done: number;
    readonly total: number | null;
  };
  'job:end': { readonly jobId: string; readonly label: string; readonly end: JobEnd };
  /** The file of the open project is damaged; found after it was opened, where it is large. */
  'project:damaged': ErrorEnvelope;
  /** Records changed by something other than this interface's own call (a job, another window). */
  'project:changed': { readonly summary: ProjectSummary };
  /**
   * Another window took a step. Hosts do not pass it on to the window that took it. The diff is null when it is too large to be
   * sent about: the records are read again then.
   */
  'journal:changed': { readonly window: string; readonly diff: Diff | null };
}
export type AppEventName = keyof AppEvents;

/** Messages of the WebSocket and process transports. */
export type ClientMessage = {
  readonly id: number;
  readonly method: string;
  readonly input: unknown;
  /** Id of the window that calls; hosts give each page one for as long as it is connected. */
  readonly window?: string | undefined;
};
export type ServerMessage =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | {
      readonly id: number;
      readonly ok: false;
      readonly error: ErrorEnvelope;
    }
  | { readonly event: AppEventName; readonly payload: unknown };

/** Which pixels of an image: the file as shown, at most 256 px of it, or a tile of it. */
export type ImageVariant = 'full' | 'thumbnail' | TileName;

/**
 * What a host gives its interface: Electron's preload puts it on `window.pixelSail`, the browser host's
 * bridge builds the same object over a WebSocket.
 */
export interface HostBridge {
  readonly host: 'electron' | 'browser';
  call<Name extends MethodName>(name: Name, input: MethodInput<Name>): Promise<MethodOutput<Name>>;
  on<Name extends AppEventName>(
    name: Name,
    listener: (payload: AppEvents[Name]) => void,
  ): () => void;
  /** URL of an image's pixels. */
  imageUrl(imageId: RecordId, variant: ImageVariant): string;
  /** Where a dropped file or folder lies on this machine; absent where the host cannot know. */
  readonly pathOfFile?: (file: File) => string | null;
  /** Native dialogs where the host has them; null where it has none (the interface then browses with files.list). */
  readonly dialogs: {
    openFolder(): Promise<string | null>;
    openFile(kind: 'project' | 'json'): Promise<string | null>;
    saveFile(suggestedName: string): Promise<string | null>;
  } | null;
  /** What only a window of its own has; absent in a browser. */
  readonly desktop?: Desktop;
}

/** The window around the interface. Each listener is given once. */
export interface Desktop {
  /** Shows the interface's commands as the window's menu. */
  showMenu(menu: NativeMenu): void;
  /** A command was chosen in the menu. */
  onCommand(listener: (id: string) => void): void;
  /** A project file was opened from outside: by a second start, or in the file manager. */
  onOpenProject(listener: (file: string) => void): void;
  /** The window is to be closed: the listener saves, and answers what could not be saved, or null. */
  onClosing(listener: () => Promise<Unsaved | null>): void;
}

/** The question whether to close a window although changes are lost, in the interface's language. */
export interface Unsaved {
  readonly message: string;
  readonly detail: string;
  readonly stay: string;
  readonly leave: string;
}
