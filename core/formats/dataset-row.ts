import type { AppError } from '../errors.ts';
import type { Box, Part, Rle } from '../geometry/shapes.ts';
import type { ItemWords } from '../project/make-item.ts';
import type {
  Annotation,
  AttributeValue,
  Category,
  ImageRecord,
  Item,
  Keypoint,
  Skeleton,
  Split,
} from '../records.ts';
import type { ItemText, SegmentRole } from '../tasks/task.ts';

/**
 * Where something stands in a dataset, for notes about it: `labels/a.txt line 3`,
 * `images[4] (id 7)`.
 */
export type RowPlace = string;

/**
 * The unit of a shape's coordinates. Fractions and percents are of the width and height of the
 * photo.
 */
export type RowUnit = 'pixel' | 'fraction' | 'percent';

/** A region as a file has it; x to the right, y down, in the frame of the photo as it is shown. */
export type RowShape =
  | { readonly kind: 'polygon'; readonly parts: readonly Part[] }
  /** Of the size that the file gives of its image; pixels only. */
  | { readonly kind: 'mask'; readonly rle: Rle }
  | { readonly kind: 'box'; readonly box: Box }
  /** An open line, flat. */
  | { readonly kind: 'polyline'; readonly points: readonly number[] }
  /** Of the whole image. */
  | { readonly kind: 'tag' };

/** Words about a region or an image, and what a reviewer said of them. */
export type RowText = { readonly verdict?: 'right' | 'wrong' } & ItemText;

type Extra = Annotation['extra'];

/**
 * A category of the dataset. Categories that no row names are made when an annotation names them.
 */
export interface CategoryRow {
  readonly kind: 'category';
  readonly place: RowPlace;
  readonly name: string;
  /** Name of the parent, which may come later. */
  readonly parent?: string | null;
  /** `#rrggbb`. */
  readonly color?: string;
  readonly skeleton?: Skeleton;
  readonly extra?: Extra;
}

/** An image, before its annotations. */
export interface ImageRow {
  readonly kind: 'image';
  readonly place: RowPlace;
  /** The id of the image in its annotations; unique in the dataset, of any type. */
  readonly key: string;
  /** File name as the dataset has it, with folders where it has them. */
  readonly fileName: string;
  /**
   * As the file says; null where it does not. Another size on disk scales the shapes or refuses
   * them, and is noted.
   */
  readonly size: { readonly width: number; readonly height: number } | null;
  readonly split?: Split | null;
  /** The name of its split in the dataset, which may be unknown. */
  readonly splitName?: string;
  /**
   * `reviewed-empty` where the format says that nothing is there, not where it merely lists
   * nothing.
   */
  readonly state?: 'done' | 'reviewed-empty';
  readonly texts?: readonly RowText[];
  readonly extra?: Extra;
}

/** A region of an image that came before. */
export interface AnnotationRow {
  readonly kind: 'annotation';
  readonly place: RowPlace;
  /** {@link ImageRow.key}. */
  readonly image: string;
  /** Its tag in the items of its image; absent without such an item. */
  readonly key?: string;
  /** Null: the file gives none; it is kept without a category, and noted. */
  readonly category: string | null;
  /** Tells two categories of one name apart, where the format has parents. */
  readonly categoryParent?: string | null;
  readonly shape: RowShape;
  /** `pixel` unless given. */
  readonly unit?: RowUnit;
  /** Its number in the dataset, where it has one; evaluation tells objects apart by it. */
  readonly id?: number;
  /** The box that the dataset gives beside an outline or a mask, in the same unit. */
  readonly box?: Box;
  readonly crowd?: boolean;
  /** In pixels, in the order of the category's skeleton. */
  readonly keypoints?: readonly Keypoint[];
  readonly zOrder?: number;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly texts?: readonly RowText[];
  /** Unknown fields of the format, kept for its export. */
  readonly extra?: Extra;
}

/**
 * Words about several regions of an image, which all came before. In its texts `[tag]` stands for
 * a region.
 */
export interface ItemRow {
  readonly kind: 'item';
  readonly place: RowPlace;
  /** {@link ImageRow.key}. */
  readonly image: string;
  readonly words: ItemWords;
  readonly segments: readonly {
    readonly tag: string;
    /** {@link AnnotationRow.key}. */
    readonly annotation: string;
    readonly role: SegmentRole;
  }[];
  readonly extra?: Extra;
}

/**
 * Something that is left out (`isLoss`), or taken over with a doubt. The message is a clause, for
 * the place stands before it.
 */
export interface NoteRow {
  readonly kind: 'note';
  readonly place: RowPlace;
  readonly isLoss: boolean;
  readonly problem: AppError;
}

/**
 * The rows of a reader, in this order if possible: categories, then each image followed by its
 * annotations and items.
 */
export type DatasetRow = CategoryRow | ImageRow | AnnotationRow | ItemRow | NoteRow;

/**
 * An image to export, with the file name under which the dataset knows it: unique, relative, `/`
 * separators.
 */
export interface SourceImage {
  /** From 1, stays the same between exports. */
  readonly exportId: number;
  readonly image: ImageRecord;
  readonly fileName: string;
  /** Words about the whole image; may be read when they are asked for. */
  readonly texts: readonly RowText[];
  /** Items about several of its regions, and items with more than a text; may be read lazily. */
  readonly items: readonly Item[];
  /** Those to export, in drawing order; read anew at each call. Some may have no category. */
  annotations(): readonly SourceAnnotation[];
}

export interface SourceAnnotation {
  readonly exportId: number;
  /** Null where nobody has chosen one. */
  readonly category: SourceCategory | null;
  /** May be read when it is asked for. */
  readonly annotation: Annotation;
  /** Whether it may have keypoints, as far as that is known without reading it. */
  readonly mayHaveKeypoints?: boolean;
  /** Words about it; may be read when they are asked for. */
  readonly texts: readonly RowText[];
}

export interface SourceCategory {
  /** From 1, stays the same between exports; not without gaps. */
  readonly exportId: number;
  readonly category: Category;
  /** The name of the parent; null at the top. */
  readonly parentName: string | null;
}

/** The exported records as a snapshot of the project, readable repeatedly. */
export interface DatasetSource {
  readonly projectName: string;
  /** ISO 8601, of the export. */
  readonly date: string;
  /**
   * By what the program knows its own export again. A JSON file that has it as the value of
   * `pixel_sail_studio` in its first section is replaced by a later export without a question;
   * folders get it in a file of their own.
   */
  readonly origin?: object;
  /** In tree order: parents before children. */
  readonly categories: readonly SourceCategory[];
  images(): Iterable<SourceImage>;
}

/** Losses and approximations of a writer. */
export interface WrittenNote {
  /** The image's file name, or `<file name>, annotation <export id>`. */
  readonly what: string;
  readonly section: 'images' | 'annotations';
  /** False: it was written, but not exactly (a hole was bridged, an attribute has no place, …). */
  readonly isLoss: boolean;
  readonly problem: AppError;
}
