import type { z } from 'zod';
import type { Diff } from '../../core/diff.ts';
import type { ErrorEnvelope } from '../../core/errors.ts';
import type { TileName } from '../../core/image-tiles.ts';
import type { MaskCandidate } from '../../core/prompt.ts';
import type { RecordId } from '../../core/records.ts';
import { categoriesContract } from './contract/categories.ts';
import { datasetContract } from './contract/dataset.ts';
import { handoutContract } from './contract/handout.ts';
import { filesContract } from './contract/files.ts';
import { imagesContract } from './contract/images.ts';
import { itemsContract } from './contract/items.ts';
import { jobsContract, type JobEnd, type JobUnit, type JobWords } from './contract/jobs.ts';
import { journalContract } from './contract/journal.ts';
import { modelsContract, type EngineStatus } from './contract/models.ts';
import { peopleContract, type PresentWindow } from './contract/people.ts';
import { projectContract, type ProjectSummary } from './contract/project.ts';
import { promptContract } from './contract/prompt.ts';
import { waitingRegionsContract } from './contract/waiting-regions.ts';
import { reviewsContract } from './contract/reviews.ts';
import { settingsContract } from './contract/settings.ts';
import { scoresContract } from './contract/scores.ts';
import { statisticsContract } from './contract/statistics.ts';
import type { NativeMenu } from './native-menu.ts';

/**
 * Everything a user interface may ask of the application, over any transport (Electron IPC,
 * loopback WebSocket, in-process); each feature has its part in contract/. Inputs are parsed with
 * these schemas at the boundary; outputs are typed. Long work runs as a job: the call answers with
 * a job id at once, progress and the end arrive as events.
 */
export const contract = {
  ...projectContract,
  ...imagesContract,
  ...categoriesContract,
  ...itemsContract,
  ...reviewsContract,
  ...journalContract,
  ...waitingRegionsContract,
  ...statisticsContract,
  ...scoresContract,
  ...modelsContract,
  ...promptContract,
  ...datasetContract,
  ...settingsContract,
  ...jobsContract,
  ...filesContract,
  ...handoutContract,
  ...peopleContract,
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
  /** Of the model for words; stopped where the one for masks is asked for them too. */
  'engine:words-status': EngineStatus;
  'prompt:progress': {
    readonly requestId: string;
    readonly imageId: RecordId;
    readonly stage: string;
    readonly token?: string;
    /** A mask that will still get better; it takes the place of the one before. */
    readonly draft?: MaskCandidate;
  };
  /** The pixels of an image of the project turned out to be damaged; said once for each. */
  'image:unreadable': { readonly path: string; readonly error: ErrorEnvelope };
  'job:progress': {
    readonly jobId: string;
    readonly kind: string;
    readonly title: JobWords;
    /** The current unit of a job with several units. */
    readonly stage?: JobWords;
    /** The unit of `done` and `total`, if it is not records of the project. */
    readonly unit?: JobUnit;
    readonly done: number;
    readonly total: number | null;
    /** Milliseconds that are left at the recent rate; null while they cannot be told. */
    readonly leftMs: number | null;
  };
  /** A line of what a job says of itself. */
  'job:log': { readonly jobId: string; readonly line: string };
  'job:end': {
    readonly jobId: string;
    readonly kind: string;
    readonly title: JobWords;
    readonly end: JobEnd;
  };
  /** The file of the open project is damaged; found after it was opened, where it is large. */
  'project:damaged': ErrorEnvelope;
  /** Records changed by something other than this interface's own call (a job, another window). */
  'project:changed': {
    readonly summary: ProjectSummary;
    /** The file that the project was in before a window saved it to another one. */
    readonly savedFrom?: string;
  };
  /**
   * Another window took a step. Hosts do not pass it on to the window that took it. The diff is
   * null when it is too large to be sent about: the records are read again then.
   */
  'journal:changed': { readonly window: string; readonly diff: Diff | null };
  /** Who is there, and on which image; this window is among them. */
  'people:changed': { readonly present: readonly PresentWindow[] };
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
 * The object that a host provides to its interface: Electron's preload puts it on
 * `window.pixelSail`, the browser host's bridge builds the same object over a WebSocket.
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
  /**
   * Native dialogs where the host has them; null where it has none (the interface then browses
   * with files.list).
   */
  readonly dialogs: {
    openFolder(): Promise<string | null>;
    openFile(kind: 'project' | 'dataset' | 'graph'): Promise<string | null>;
    saveFile(suggestedName: string): Promise<string | null>;
  } | null;
  /** Features of a desktop window; absent in a browser. */
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
  /**
   * The window is to be closed: the listener saves, and answers what could not be saved, or null.
   */
  onClosing(listener: () => Promise<Unsaved | null>): void;
}

/**
 * The question whether to close a window although changes are lost, in the interface's language.
 */
export interface Unsaved {
  readonly message: string;
  readonly detail: string;
  readonly stay: string;
  readonly leave: string;
}
