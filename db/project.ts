import type { Diff } from '../core/diff.ts';
import type { AppError } from '../core/errors.ts';
import type { ProjectSettings } from '../core/project-settings.ts';
import type {
  Annotation,
  Category,
  ImageRecord,
  ImageState,
  RecordId,
  Split,
} from '../core/records.ts';

/** A folder on disk whose images belong to the project. */
export interface ImageFolder {
  readonly id: RecordId;
  /** Relative to the project file's folder where possible (so that a project can be moved), else absolute. `/` separators. */
  readonly path: string;
}

/** One step of the journal as the history panel shows it. */
export interface HistoryStep {
  readonly id: number;
  readonly label: string;
  readonly atMs: number;
  /** False when the step is undone at present. */
  readonly done: boolean;
  readonly imageId: RecordId | null;
  /** Path of that image; null when it is not in the project now. */
  readonly imagePath: string | null;
}

export interface ImageQuery {
  readonly states?: readonly ImageState[];
  readonly categoryId?: RecordId;
  /** `none`: images that no split has been chosen for. */
  readonly split?: Split | 'none';
  /** True: images with words about them or about one of their regions; false: those without any. */
  readonly hasTexts?: boolean;
  /** Words to find in paths and texts. */
  readonly text?: string;
  readonly order?: 'path' | 'added' | 'annotations';
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

/** What the project holds, counted. */
export interface ProjectCounts {
  readonly images: Readonly<Record<ImageState, number>>;
  /** Every category, the most frequent first. */
  readonly categories: readonly CategoryCount[];
  /** Annotations whose area in pixels is at least `from` and less than twice that. */
  readonly areas: readonly { readonly from: number; readonly annotations: number }[];
  /** How many images have a number of annotations. */
  readonly perImage: readonly { readonly annotations: number; readonly images: number }[];
}

/** A step of the journal that changed how many images are in each state. */
export interface StateChange {
  readonly atMs: number;
  readonly change: Readonly<Record<ImageState, number>>;
}

/** The result of applying a change: what the journal recorded and what it did to the records. */
export interface AppliedStep {
  readonly stepId: number;
  readonly label: string;
  readonly diff: Diff;
}

export interface ApplyOptions {
  /** The image that the step belongs to. */
  readonly imageId?: RecordId;
  readonly group?: string;
}

export interface GradualChanges {
  apply(label: string, diff: Diff, options?: ApplyOptions): Promise<AppliedStep>;
  undo(): Promise<AppliedStep | null>;
  redo(): Promise<AppliedStep | null>;
  travelTo(stepId: number): Promise<AppliedStep | null>;
}

/** What can be read of a project. */
export interface ProjectReader {
  readonly file: string;
  readonly name: string;
  /** When the project was made, which also tells it from other projects. */
  readonly createdAtMs: number;
  /** What is chosen for the project; beside the records, so that undo does not touch it. */
  settings(): ProjectSettings;

  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Steps newest first, from the one before the step `before`; 100 unless `limit` says otherwise. */
  history(options?: { before?: number; limit?: number }): HistoryStep[];

  folders(): ImageFolder[];
  categories(): Category[];
  image(id: RecordId): ImageRecord | null;
  images(query?: ImageQuery): ImageRow[];
  imageCount(query?: ImageQuery): number;
  /** How many images of the query's list come before an image, in the list or not; null for an unknown image. */
  imagePlace(id: RecordId, query?: ImageQuery): number | null;
  imageByPath(folderId: RecordId, path: string): ImageRecord | null;
  annotation(id: RecordId): Annotation | null;
  /** The annotations of an image in drawing order. */
  annotations(imageId: RecordId): Annotation[];
  /** Those whose bbox overlaps or touches the given x, y, width, height, in drawing order. */
  annotationsInBox(imageId: RecordId, box: readonly [number, number, number, number]): Annotation[];
  annotationCount(): number;
  /** At most `limit` annotations of a category, in export order. */
  annotationsOfCategory(categoryId: RecordId, limit: number): Annotation[];
  categoryCounts(): CategoryCount[];
  counts(): ProjectCounts;
  /** Number of images that a model can learn from: with outlines of a category, and done where any is. */
  trainableImages(): number;
  /** How the states of images changed, oldest first. */
  stateChanges(): StateChange[];

  /** Streams every image in export order (stable between exports) with its stable positive integer id and the number of its annotations. */
  exportImages(): IterableIterator<{ exportId: number; image: ImageRecord; annotations: number }>;
  /** Streams every annotation in export order with the export ids of its image and category. */
  exportAnnotations(): IterableIterator<{
    exportId: number;
    imageExportId: number;
    categoryExportId: number | null;
    annotation: Annotation;
  }>;
  exportCategories(): { exportId: number; category: Category }[];

  /** Problems found by SQLite's integrity check and by our own invariants; empty when all is well. */
  check(): AppError[];
}

/** A project as it was at one moment, whatever is written since. */
export interface ProjectSnapshot extends ProjectReader {
  /** Idempotent. */
  close(): void;
}

/**
 * One project file. The only way to change records is `apply`, `undo` and `redo`; each is one durable
 * transaction that also writes the journal, so an acknowledged edit survives kill -9.
 */
export interface ProjectDatabase extends ProjectReader {
  setName(name: string): void;
  /** Changes some of the settings; answers all of them. @throws AppError `disk-full`. */
  changeSettings(changed: Partial<ProjectSettings>): ProjectSettings;

  /**
   * Applies a diff as one step of undo; applying with the `group` of the newest step joins that step, so that
   * work in chunks is undone at once. An empty diff writes nothing.
   * @throws AppError `conflict` naming the record, `invalid-input`, `disk-full`; nothing is changed then.
   */
  apply(label: string, diff: Diff, options?: ApplyOptions): AppliedStep;
  /** Takes back the newest done step; null when there is none. */
  undo(): AppliedStep | null;
  /** Does the oldest undone step again; null when there is none. */
  redo(): AppliedStep | null;
  /**
   * Takes back or does again steps until this one is the newest that is done; 0 takes back all of them. All or
   * nothing. Null when it is so already.
   */
  travelTo(stepId: number): AppliedStep | null;
  /**
   * The same changes, each as one transaction too, with pauses in which the process answers others. Reads meanwhile
   * see them half done; a write, or closing, takes them to their end first.
   */
  readonly gradually: GradualChanges;

  /** The folder with this path, made when it is new. A relative path is relative to the project file's folder. */
  addFolder(path: string): ImageFolder;

  /** Writes a consistent copy (VACUUM INTO) to a file that must not exist yet. */
  backup(target: string): void;
  /** Commits a gradual change that is under way; its promise has settled when its caller gets a turn. */
  finishChanges(): void;
  close(): void;
}
