import type { Diff } from '../core/diff.ts';
import type { Annotation, Category, ImageRecord, ImageState, RecordId } from '../core/records.ts';

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
}

export interface ImageQuery {
  readonly states?: readonly ImageState[];
  readonly categoryId?: RecordId;
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

/** The result of applying a change: what the journal recorded and what it did to the records. */
export interface AppliedStep {
  readonly stepId: number;
  readonly label: string;
  readonly diff: Diff;
}

/**
 * One project file. The only way to change records is `apply`, `undo` and `redo`; each is one durable
 * transaction that also writes the journal, so an acknowledged edit survives kill -9.
 */
export interface ProjectDatabase {
  readonly file: string;
  readonly name: string;
  setName(name: string): void;

  /**
   * Applies a diff as one step of undo; applying with the `group` of the newest step joins that step, so that
   * work in chunks is undone at once. An empty diff writes nothing.
   * @throws AppError `conflict` naming the record, `invalid-input`, `disk-full`; nothing is changed then.
   */
  apply(label: string, diff: Diff, options?: { imageId?: RecordId; group?: string }): AppliedStep;
  /** Takes back the newest done step; null when there is none. */
  undo(): AppliedStep | null;
  /** Does the oldest undone step again; null when there is none. */
  redo(): AppliedStep | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Steps newest first, from the one before the step `before`; 100 unless `limit` says otherwise. */
  history(options?: { before?: number; limit?: number }): HistoryStep[];

  folders(): ImageFolder[];
  /** The folder with this path, made when it is new. A relative path is relative to the project file's folder. */
  addFolder(path: string): ImageFolder;

  categories(): Category[];
  image(id: RecordId): ImageRecord | null;
  images(query?: ImageQuery): ImageRow[];
  imageCount(query?: ImageQuery): number;
  imageByPath(folderId: RecordId, path: string): ImageRecord | null;
  annotation(id: RecordId): Annotation | null;
  /** The annotations of an image in drawing order. */
  annotations(imageId: RecordId): Annotation[];
  /** Those whose bbox overlaps or touches the given x, y, width, height, in drawing order. */
  annotationsInBox(imageId: RecordId, box: readonly [number, number, number, number]): Annotation[];
  annotationCount(): number;

  /** Streams every image in export order (stable between exports) with its stable positive integer id. */
  exportImages(): IterableIterator<{ exportId: number; image: ImageRecord }>;
  /** Streams every annotation in export order with the export ids of its image and category. */
  exportAnnotations(): IterableIterator<{
    exportId: number;
    imageExportId: number;
    categoryExportId: number | null;
    annotation: Annotation;
  }>;
  exportCategories(): { exportId: number; category: Category }[];

  /** Problems found by SQLite's integrity check and by our own invariants; empty when all is well. */
  check(): string[];
  /** Writes a consistent copy (VACUUM INTO) to a file that must not exist yet. */
  backup(target: string): void;
  close(): void;
}
