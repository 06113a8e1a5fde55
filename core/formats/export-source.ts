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
  /** Items about several of its regions, and items with more than a text; may be read lazily. */
  readonly items: readonly Item[];
}

export interface ExportedAnnotation {
  readonly exportId: number;
  readonly imageExportId: number;
  readonly categoryExportId: number | null;
  /** May be read when it is asked for. */
  readonly annotation: Annotation;
  /** Whether it may have keypoints, as far as that is known without reading it. */
  readonly mayHaveKeypoints?: boolean;
  /** Words about it; may be read when they are asked for. */
  readonly texts: readonly RowText[];
}

export interface ExportedCategory {
  readonly exportId: number;
  readonly category: Category;
}

/** The exported records in export order, with stable ids from 1. Read more than once. */
export interface ExportSource {
  readonly projectName: string;
  /** ISO 8601, of the export. */
  readonly date: string;
  /** By what the export is known again. */
  readonly origin: object;
  /** Information of imported files about themselves. */
  readonly about: DatasetAbout;
  /** Only images in these states; null: in any. */
  readonly states: readonly ImageState[] | null;
  /** Whether any annotation of the project may have no area. */
  readonly mayHaveNoArea: boolean;
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
