import type { Annotation, Category, ImageRecord, RecordId } from '../records.ts';
import type { RowText } from './dataset-row.ts';

export interface ExportedImage {
  readonly exportId: number;
  readonly image: ImageRecord;
  /** How many annotations the project has of it, whichever of them are exported. */
  readonly annotations: number;
  /** Words about the whole image. */
  readonly texts: readonly RowText[];
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

/** What annotations refer to, by export ids. */
export interface ExportUse {
  /** Images whose annotations have no category, so that none is written. */
  readonly uncategorised: ReadonlySet<number>;
  readonly categories: ReadonlySet<number | null>;
}

/** What is exported, in export order, with ids from 1 that stay the same between exports. Read more than once. */
export interface CocoExportSource {
  readonly images: () => Iterable<ExportedImage>;
  readonly annotations: () => Iterable<ExportedAnnotation>;
  readonly categories: () => Iterable<ExportedCategory>;
  /** The images that have none but uncategorised annotations, and the categories that are in use at all. */
  readonly use: ExportUse;
  /** The image folders, to tell apart equal paths in different folders. */
  readonly folders: readonly { readonly id: RecordId; readonly path: string }[];
}
