import type { StoredAnnotation } from './sqlite/records/annotation.ts';
import type { WaitingRegionPage, WaitingRegionQuery } from './repositories/waiting-regions.ts';
import type { Diff } from '../core/diff.ts';
import type { AppError, ErrorEnvelope } from '../core/errors.ts';
import type { ImageFilter, ImageOrder } from '../core/project/image-filter.ts';
import type { RegionStatistic, SizeClass, SuspectKind } from '../core/project/region-statistic.ts';
import type { StepLabel } from '../core/project/step-labels.ts';
import type { ProjectSettings } from '../core/project-settings.ts';
import type { ScoreOutcome, ScoreRow, ScoreRowQuery, ScoreRun } from '../core/scores/run.ts';
import type {
  Annotation,
  Category,
  ImageRecord,
  ImageState,
  Item,
  Person,
  RecordId,
  Review,
} from '../core/records.ts';
import type { Agreement } from '../core/reviewing/agreement.ts';
import type { Assignment } from '../core/reviewing/assignment.ts';
import type { QueueFilter, QueuePage } from '../core/reviewing/queue.ts';
import type { TaskId } from '../core/tasks/registry.ts';

/** A folder on disk whose images belong to the project. */
export interface ImageFolder {
  readonly id: RecordId;
  /**
   * Relative to the project file's folder where possible (so that a project can be moved), else
   * absolute. `/` separators.
   */
  readonly path: string;
}

/** One step of the journal as the history panel shows it. */
export interface HistoryStep {
  readonly id: number;
  readonly label: StepLabel;
  readonly atMs: number;
  /** Name of who took it; null where nobody has said. */
  readonly person: string | null;
  /** False when the step is undone at present. */
  readonly done: boolean;
  /** An undo or redo that is a step of its own, because other windows have gone on meanwhile. */
  readonly kind: 'change' | 'undo' | 'redo';
  readonly imageId: RecordId | null;
  /** Path of that image; null when it is not in the project now. */
  readonly imagePath: string | null;
}

/** A criterion is there or it is not. */
type WithoutUndefined<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> };

export interface ImageQuery extends Readonly<WithoutUndefined<ImageFilter>> {
  readonly order?: ImageOrder;
  readonly offset?: number;
  readonly limit?: number;
}

/** One row of the image list: all that the list shows, nothing more. */
export interface ImageRow {
  readonly id: RecordId;
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly state: ImageState;
  readonly annotations: number;
}

/** How many annotations a category has, and in how many images. */
export interface CategoryCount {
  /** Null counts the annotations without a category. */
  readonly categoryId: RecordId | null;
  readonly annotations: number;
  readonly images: number;
}

/** How many annotations of a category an image has. */
export interface ImageCount {
  readonly imageId: RecordId;
  readonly annotations: number;
}

/** Counts of the records of the project. */
export interface ProjectCounts {
  readonly images: Readonly<Record<ImageState, number>>;
  /** Every category, the most frequent first. */
  readonly categories: readonly CategoryCount[];
  /** Annotations whose area in pixels is at least `from` and less than twice that. */
  readonly areas: readonly { readonly from: number; readonly annotations: number }[];
  /** How many images have a number of annotations. */
  readonly perImage: readonly { readonly annotations: number; readonly images: number }[];
}

/** Statistics of regions; see repositories/region-statistics.ts. */
export interface RegionStatistics {
  /**
   * How many images have a region of both categories, of the most frequent ones; a pair of one with
   * itself: of that one.
   */
  readonly together: readonly {
    readonly first: RecordId;
    readonly second: RecordId;
    readonly images: number;
  }[];
  /** Where the middles of regions lie, in eighths of the image from its left and its top. */
  readonly places: readonly {
    readonly size: SizeClass;
    readonly column: number;
    readonly row: number;
    readonly annotations: number;
  }[];
  /** Contributions of a person: the existing records and the working time without pauses. */
  readonly people: readonly {
    readonly id: RecordId;
    readonly name: string;
    readonly annotations: number;
    readonly images: number;
    readonly workedMs: number;
  }[];
  /** Images with such a region. */
  readonly suspects: Readonly<Record<SuspectKind, number>>;
}

/** A step of the journal that changed how many images are in each state. */
export interface StateChange {
  readonly atMs: number;
  readonly change: Readonly<Record<ImageState, number>>;
}

/** A person who works on a project beside others. */
export interface Author {
  /** Id of the window; null for a command, whose steps are everybody's. */
  readonly window: string | null;
  /** The person; null without a name. */
  readonly person: Person | null;
  /** Ids of the other windows that are open. */
  others(): readonly string[];
}

/** The result of applying a change: what the journal recorded and what it did to the records. */
export interface AppliedStep {
  readonly stepId: number;
  readonly label: StepLabel;
  readonly diff: Diff;
}

export interface ApplyOptions {
  /** The image that the step belongs to. */
  readonly imageId?: RecordId;
  readonly group?: string;
}

/** A step that was taken gradually. */
export interface GradualStep extends Omit<AppliedStep, 'diff'> {
  /** Null where so many records changed that they are read again rather than told. */
  readonly diff: Diff | null;
}

export interface GradualOptions {
  /** Takes the change back where it is. */
  readonly signal?: AbortSignal;
  /** Hears how many parts of the step are done, of how many. */
  readonly progress?: (done: number, total: number) => void;
  /** Whether the diff is told whatever its size. */
  readonly tellsAll?: boolean;
}

/** Every method throws AppError `cancelled` when its signal is aborted; nothing is changed then. */
export interface GradualChanges {
  apply(label: StepLabel, diff: Diff, options?: ApplyOptions): Promise<AppliedStep>;
  /**
   * Applies diffs one after another as one step. They are asked for when the change has its turn;
   * what is read to make them shows the project as it was before all of them. Making them must
   * not write.
   */
  applyEach(
    label: StepLabel,
    diffs: Iterable<Diff>,
    options?: { signal?: AbortSignal },
  ): Promise<void>;
  undo(options?: GradualOptions): Promise<GradualStep | null>;
  redo(options?: GradualOptions): Promise<GradualStep | null>;
  travelTo(stepId: number, options?: GradualOptions): Promise<GradualStep | null>;
  /** Settles when none of these changes is under way, nor waits for its turn. */
  rest(): Promise<void>;
}

/** The readable records of a project. */
export interface ProjectReader {
  readonly file: string;
  readonly name: string;
  /** When the project was made, which also tells it from other projects. */
  readonly createdAtMs: number;
  /** Project settings, stored outside the records so that undo does not change them. */
  settings(): ProjectSettings;

  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /**
   * Steps newest first, from the one before the step `before`; 100 unless `limit` says otherwise.
   */
  history(options?: { before?: number; limit?: number }): HistoryStep[];

  folders(): ImageFolder[];
  categories(): Category[];
  image(id: RecordId): ImageRecord | null;
  images(query?: ImageQuery): ImageRow[];
  imageCount(query?: ImageQuery): number;
  /** Both at once: a page, and how long the list is. */
  imagePage(query?: ImageQuery): { readonly total: number; readonly rows: ImageRow[] };
  /** Regions that a model made and nobody has judged, in images that are to check. */
  waitingRegions(query: WaitingRegionQuery): WaitingRegionPage;
  /**
   * How many images of the query's list come before an image, in the list or not; null for an
   * unknown image.
   */
  imagePlace(id: RecordId, query?: ImageQuery): number | null;
  imageByPath(folderId: RecordId, path: string): ImageRecord | null;
  /** {@link imageByPath} of many paths at once; paths without an image are absent. */
  imagesByPath(folderId: RecordId, paths: readonly string[]): ReadonlyMap<string, ImageRecord>;
  annotation(id: RecordId): Annotation | null;
  /** The annotations of an image in drawing order. */
  annotations(imageId: RecordId): Annotation[];
  /** Those whose bbox overlaps or touches the given x, y, width, height, in drawing order. */
  annotationsInBox(imageId: RecordId, box: readonly [number, number, number, number]): Annotation[];
  /** The items about an image and its annotations, in export order. */
  items(imageId: RecordId): Item[];
  /** The items about each of these annotations, in export order; those without any are absent. */
  itemsOfAnnotations(ids: readonly RecordId[]): ReadonlyMap<RecordId, Item[]>;
  /** The items of a task that one that is written is compared with, the newest first. */
  comparedItems(task: TaskId): ComparedItem[];
  item(id: RecordId): Item | null;
  /** Every review, in export order. */
  exportReviews(): IterableIterator<Review>;
  /** The reviews of an image's items and annotations, in export order. */
  reviews(imageId: RecordId): Review[];
  /** The reviews of items, in export order. */
  reviewsOfItems(ids: readonly RecordId[]): Review[];
  /** Persons who worked on the project, by name. */
  people(): Person[];
  /** The scores that the project keeps, the newest first. */
  scoreRuns(): ScoreRun[];
  /** Null for scores that are not there. */
  scoreRun(id: string): ScoreRun | null;
  /** A page of the items of scores, with what was answered. */
  scoreRows(runId: string, query: ScoreRowQuery): ScoreRow[];
  /** Scores of the items, in their order. */
  scoreOutcomes(runId: string): ScoreOutcome[];
  /** An item in the newest scores that have it; null without any. */
  newestScoreOf(itemId: RecordId): { readonly run: ScoreRun; readonly row: ScoreRow } | null;
  annotationCount(): number;
  /** Whether any annotation has no area, as lines and tags of an image have none. */
  hasAnnotationWithoutArea(): boolean;
  /** At most `limit` annotations of a category, in export order; those after `after`, if given. */
  annotationsOfCategory(categoryId: RecordId, limit: number, after?: RecordId | null): Annotation[];
  categoryCounts(): CategoryCount[];
  /**
   * The images that have annotations of a category, and how many; null: those without a category.
   */
  imageCounts(categoryId: RecordId | null): ImageCount[];
  counts(): ProjectCounts;
  regionStatistics(): RegionStatistics;
  imagesOfStatistic(of: RegionStatistic): RecordId[];
  /**
   * Number of images that a model can learn from: with outlines of a category, and done where any
   * is.
   */
  trainableImages(): number;
  /** How the states of images changed, oldest first. */
  stateChanges(): StateChange[];

  /**
   * Streams every image in export order (stable between exports) with its stable positive integer
   * id and the number of its annotations.
   */
  exportImages(): IterableIterator<{ exportId: number; image: ImageRecord; annotations: number }>;
  /** Streams every item in export order. */
  exportItems(): IterableIterator<Item>;
  /** Streams every annotation in export order with the export ids of its image and category. */
  exportAnnotations(): IterableIterator<{
    exportId: number;
    imageExportId: number;
    categoryExportId: number | null;
    annotation: Annotation;
  }>;
  /** The annotations of an image in drawing order with their export ids. */
  exportAnnotationsOf(imageId: RecordId): StoredAnnotation[];
  exportCategories(): { exportId: number; category: Category }[];

  /**
   * Problems found by SQLite's integrity check and by our own invariants; empty when all is well.
   */
  check(): AppError[];
}

/** The remaining work of a task. */
export interface AuthorQueue {
  /** Regions, and those of them that an item of the task is about which is no draft. */
  readonly regions: number;
  readonly written: number;
  readonly drafts: number;
  /** The next image with a draft, or with a region that no item is about; null: there is none. */
  readonly nextImageId: RecordId | null;
}

/** Facts of another item for the checks of a new item. */
export interface ComparedItem {
  readonly itemId: RecordId;
  readonly imageId: RecordId;
  /** See core/authoring/comparison-key.ts. */
  readonly key: string | null;
  /** Where the answer stands among the choices, from 0; -1 where it does not, or there are none. */
  readonly answerAt: number;
  readonly choices: number;
}

/**
 * Requests that may read a large part of a project and therefore run in a separate thread; copied
 * between threads.
 */
export interface Reads {
  /** A page of the image list, and how long the list is. */
  readonly imagePage: {
    readonly input: ImageQuery;
    readonly output: { readonly total: number; readonly rows: readonly ImageRow[] };
  };
  readonly imagePlace: {
    readonly input: { readonly imageId: RecordId; readonly query: ImageQuery };
    readonly output: number | null;
  };
  readonly waitingRegions: {
    readonly input: WaitingRegionQuery;
    readonly output: WaitingRegionPage;
  };
  readonly counts: { readonly input: null; readonly output: ProjectCounts };
  readonly regionStatistics: { readonly input: null; readonly output: RegionStatistics };
  readonly imagesOfStatistic: {
    readonly input: RegionStatistic;
    readonly output: readonly RecordId[];
  };
  readonly trainableImages: { readonly input: null; readonly output: number };
  readonly stateChanges: { readonly input: null; readonly output: readonly StateChange[] };
  /** Items of a task, as {@link ComparedItem}s; the newest where there are too many to compare. */
  readonly comparedItems: {
    readonly input: { readonly task: TaskId };
    readonly output: readonly ComparedItem[];
  };
  readonly authorQueue: {
    readonly input: { readonly task: TaskId; readonly after: RecordId | null };
    readonly output: AuthorQueue;
  };
  /** The queue of a reviewer. */
  readonly reviewQueue: {
    readonly input: {
      readonly filter: QueueFilter;
      readonly reviewer: RecordId | null;
      readonly assignment: Assignment;
    };
    readonly output: QueuePage;
  };
  readonly agreement: { readonly input: null; readonly output: Agreement };
  readonly check: { readonly input: null; readonly output: ErrorEnvelope[] };
}

/** A project as it was at one moment, whatever is written since. */
export interface ProjectSnapshot extends ProjectReader {
  /** Idempotent. */
  close(): void;
}

/**
 * One project file. The only way to change records is `apply`, `undo` and `redo`; each is one
 * durable transaction that also writes the journal, so an acknowledged edit survives kill -9.
 */
export interface ProjectDatabase extends ProjectReader {
  /** The current person from `by`; null without a name. */
  readonly person: Person | null;
  setName(name: string): void;
  /** Changes some of the settings; answers all of them. @throws AppError `disk-full`. */
  changeSettings(changed: Partial<ProjectSettings>): ProjectSettings;

  /**
   * Applies a diff as one step of undo; applying with the `group` of the newest step joins that
   * step, so that work in chunks is undone at once. An empty diff writes nothing.
   * @throws AppError `conflict` naming the record, `invalid-input`, `disk-full`; nothing is
   * changed then.
   */
  apply(label: StepLabel, diff: Diff, options?: ApplyOptions): AppliedStep;
  /**
   * The same project as a person in one window sees it: its steps carry their name, and undo and
   * redo pass over those of other windows that are open. Steps of windows that are closed, and of
   * jobs, are everybody's.
   */
  by(author: Author): ProjectDatabase;
  /**
   * Takes back the newest done step; null when there is none. Where steps of others came after it,
   * this is a step of its own.
   * @throws AppError `conflict` when one of those changed the same records.
   */
  undo(): AppliedStep | null;
  /**
   * Does again what was taken back last; null when there is nothing.
   * @throws AppError `conflict` as `undo`.
   */
  redo(): AppliedStep | null;
  /**
   * Takes back or does again steps until this one is the newest that is done; 0 takes back all of
   * them. All or nothing. Null when it is so already.
   * @throws AppError `conflict` when steps of other open windows are among them.
   */
  travelTo(stepId: number): AppliedStep | null;
  /**
   * The same changes, each as one transaction too and one after another, with pauses in which the
   * process answers others. Reads meanwhile see the project as it was before; any other write, or
   * closing, takes them to their end first, so a caller that can wait awaits
   * `gradually.rest()` before.
   */
  readonly gradually: GradualChanges;

  /**
   * Makes a person known to the project, for items and reviews that name them; no step, so undo
   * does not take it back.
   */
  addPerson(person: Person): void;

  /** Keeps scores and their items; no step. @throws AppError `disk-full`. */
  addScoreRun(run: ScoreRun, rows: readonly ScoreRow[]): void;
  removeScoreRun(id: string): void;

  /**
   * The folder with this path, made when it is new. A relative path is relative to the project
   * file's folder.
   */
  addFolder(path: string): ImageFolder;

  /**
   * Writes a consistent, compact and checked copy to a file that must not exist yet, in a thread
   * of its own. Its file has that name when it is complete and on disk.
   * @throws AppError `already-exists`, `not-found` (no such folder), `disk-full`,
   * `database-corrupt`.
   */
  backup(target: string): Promise<void>;
  /**
   * SQLite's quick check of a file that is too large to be checked while it is opened, in a thread
   * of its own; smaller ones were checked then. Empty when all is well.
   */
  quickCheck(): Promise<AppError[]>;
  /**
   * Like {@link backup}, but on the connection that has the project open: it also copies a project
   * whose file was moved, deleted or replaced meanwhile.
   */
  saveCopy(target: string): void;
  /**
   * Makes the paths of image folders, which were relative to this folder, relative to the project
   * file's.
   */
  rebaseFolders(oldHome: string): void;
  /** How many rows were written since the project was opened. */
  readonly rowsWritten: number;
  /** Whether undo, redo or {@link travelTo} a step would change many records. */
  isLargeStep(step: 'undo' | 'redo' | number): boolean;
  /**
   * Reads what may take long in a thread of its own, from a snapshot of what is committed when it
   * is asked, while this thread goes on. Searches for words and the check have threads for
   * themselves, so that nothing else waits for them.
   * @throws AppError `project-not-open` when {@link endReads} comes first.
   */
  read<Name extends keyof Reads>(
    name: Name,
    input: Reads[Name]['input'],
  ): Promise<Reads[Name]['output']>;
  /**
   * Ends what other threads read, and waits for what they write, so that closing leaves one file.
   */
  endReads(): Promise<void>;
  /**
   * Commits a gradual change that is under way; its promise has settled when its caller gets a
   * turn.
   */
  finishChanges(): void;
  close(): void;
}
