import type { Annotation, Category, ImageRecord, ImageState, Item, RecordId } from '../records.ts';
import type { DatasetAbout } from './coco/about.ts';
import type { RowText } from './dataset-row.ts';

export interface ExportedImage {
  readonly exportId: number;
  readonly image: ImageRecord;
  /** How many annotations the project has of it, whichever of them are exported. */
  readonly annotations: number;
  /** Words about the whole image; may be read when they are asked for. */
  readonly texts: readonly RowText[];
  /**
   * What is said of several of its regions, and what else is more than a text; may be read when
   * they are asked for.
   */
  readonly items: readonly Item[];
}

export interface ExportedAnnotation {
  readonly exportId: number;
  readonly imageExportId: number;
  readonly categoryExportId: number | null;
  readonly annotation: Annotation;
  /** Words about it; may be read when they are asked for. */
  readonly texts: readonly RowText[];
}

export interface ExportedCategory {
  readonly exportId: number;
  readonly category: Category;
}

/**
 * What is exported, in export order, with ids from 1 that stay the same between exports. Read more
 * than once.
 */
export interface ExportSource {
  readonly projectName: string;
  /** ISO 8601, of the export. */
  readonly date: string;
  /** By what the export is known again. */
  readonly origin: object;
  /** What imported files said of themselves. */
  readonly about: DatasetAbout;
  /** Only images in these states; null: in any. */
  readonly states: readonly ImageState[] | null;
  /** Whether only the annotations of some categories are asked for. */
  readonly isNarrowed: boolean;
  /** Those of the split that is asked for. */
  readonly images: () => Iterable<ExportedImage>;
  /** Those of these images and of the categories that are asked for. */
  readonly annotations: () => Iterable<ExportedAnnotation>;
  /** The same of one image, in drawing order. */
  readonly annotationsOf: (image: ExportedImage) => readonly ExportedAnnotation[];
  /** Those that are asked for. */
  readonly categories: () => Iterable<ExportedCategory>;
  /**
   * Export ids of the categories that any annotation of the project has; null where one has none.
   */
  readonly usedCategories: ReadonlySet<number | null>;
  /** The image folders, to tell apart equal paths in different folders. */
  readonly folders: readonly { readonly id: RecordId; readonly path: string }[];
}
