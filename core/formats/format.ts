import type { z } from 'zod';
import type { Diff } from '../diff.ts';
import type { ErrorEnvelope } from '../errors.ts';
import type { FoundImage } from '../project/image-names.ts';
import type { Category, Person, ProjectRecord } from '../records.ts';
import type { DatasetAbout } from './coco/about.ts';
import type { DatasetFiles, DatasetOutput } from './dataset-files.ts';
import type {
  DatasetRow,
  DatasetSource,
  RowPlace,
  RowShape,
  SourceAnnotation,
  SourceImage,
  WrittenNote,
} from './dataset-row.ts';
import type { ExistingAnnotations } from './existing-annotations.ts';
import type { ExportProof } from './export-proof.ts';
import type { ExportSource } from './export-source.ts';

/** How sure a format is that a dataset is one of its own. */
export type Likeness = 'certain' | 'possible' | 'none';

/** Whether a format writes one file or a folder of them. */
export type OutputKind =
  { readonly kind: 'file'; readonly ending: `.${string}` } | { readonly kind: 'folder' };

/**
 * A reader of datasets: it gives rows, and one shared importer (row-import.ts) makes records of
 * them.
 */
export interface DatasetReader<Options = unknown> {
  /**
   * Reads the dataset in streams; everything that is passed over is a note.
   * @throws AppError `dataset-invalid` where nothing can be read.
   */
  read(files: DatasetFiles, options: Options): AsyncIterable<DatasetRow>;
  /**
   * The rows of categories and images alone, for formats with a quicker way to them than reading
   * all. An image may lack the fields that do not help to find its photo. The notes come with
   * {@link read}.
   */
  readHead?(files: DatasetFiles, options: Options): AsyncIterable<DatasetRow>;
}

/**
 * A writer of datasets; one shared exporter (row-export.ts) gives it a snapshot, publishes what it
 * writes, and proves it.
 */
export interface DatasetWriter<Options = unknown> {
  readonly output: OutputKind;
  /**
   * Writes in streams. Everything that is left out or approximated is noted. Pauses and cancels
   * happen inside `output`.
   */
  write(
    source: DatasetSource,
    options: Options,
    output: DatasetOutput,
    note: (note: WrittenNote) => void,
  ): Promise<void>;
  /**
   * The expected result of reading an annotation back, in pixels; null if the format does not store
   * it (with a note). Images that the format leaves out give null for each of their annotations.
   */
  expected(annotation: SourceAnnotation, image: SourceImage, options: Options): RowShape | null;
  /**
   * IoU below which a reading is wrong: 1 for exact formats, less where coordinates are rounded.
   */
  readonly minimumIou: number;
  /**
   * The options with which the reader reads what was written with these; its defaults unless
   * given.
   */
  readOptions?(options: Options): unknown;
  /**
   * The file name that a reading gives of an image, where it is not {@link SourceImage.fileName}.
   */
  expectedFileName?(image: SourceImage, options: Options): string;
  /**
   * The category that a reading gives of an annotation, where it is not named as in the project.
   */
  expectedCategory?(annotation: SourceAnnotation, options: Options): string | null;
  /** Whether it writes keypoints of annotations whose category has as many, for the proof. */
  readonly takesKeypoints?: true;
  /** Whether images that have words but no regions belong to the export too. */
  readonly takesTexts?: true;
  /** Whether it writes {@link SourceImage.items}, or notes itself which it does not. */
  readonly takesItems?: true;
}

/** The project as seen by an import. */
export interface ImportProject {
  /** The image that a file name (with `/` separators) means; see core/project/image-names.ts. */
  readonly findImage: (fileName: string) => FoundImage;
  /** The project's categories; one of the same name is used instead of adding another. */
  readonly categories: readonly Category[];
  /** Existing annotations of the images, looked up for each annotation. */
  readonly existing: ExistingAnnotations;
  readonly nowMs: number;
  /** The importing person; absent without a name. */
  readonly person?: Person | null;
  /** By the number of a licence in the file, as text: the project's, where it is another. */
  readonly licenses?: ReadonlyMap<string, string | number | null>;
}

/** The result of an import: added records, omitted rows and warnings. */
export interface ImportOutcome {
  /**
   * The remaining changes after all records: removals, changed images, late records. Made while it
   * is asked for, since nothing in it depends on another part.
   */
  readonly rest: Iterable<Diff>;
  readonly images: number;
  readonly annotations: number;
  readonly categories: number;
  readonly notes: readonly RowNote[];
}

/** A `NoteRow` as it is kept and sent on: an error would hold its stack. */
export interface RowNote {
  readonly place: RowPlace;
  readonly isLoss: boolean;
  readonly error: ErrorEnvelope;
}

/**
 * A dataset whose images are known, so that their photos can be registered before the records
 * come.
 */
export interface OpenDataset {
  /** File names of the images that it lists. */
  readonly fileNames: readonly string[];
  /** Information of the file about itself, stored in the project. */
  readonly about?: DatasetAbout;
  /**
   * Records to add, few at a time and often none, categories before the annotations that need them.
   * @param progress `total` is null while it is not known
   * @throws AppError `dataset-invalid` where nothing more can be read.
   */
  records(
    project: ImportProject,
    progress: (done: number, total: number | null) => void,
  ): AsyncGenerator<readonly ProjectRecord[], ImportOutcome>;
}

/**
 * For a format whose files say more than rows can. All others are imported through their reader;
 * see row-import.ts.
 */
export interface DatasetImporter<Options = unknown> {
  /** @throws AppError `dataset-invalid` where nothing can be read; what `pause` throws. */
  open(files: DatasetFiles, options: Options, pause: Pause): Promise<OpenDataset>;
}

/** A {@link WrittenNote} as it is kept and sent on: an error would hold its stack. */
export interface ExportNote extends Pick<WrittenNote, 'what' | 'section' | 'isLoss'> {
  readonly error: ErrorEnvelope;
}

/** Counts of written and omitted records of an export. */
export interface ExportWritten {
  readonly images: number;
  readonly annotations: number;
  readonly categories: number;
  /** Export ids of the images that were left out. */
  readonly leftOutImages: ReadonlySet<number>;
  readonly notes: readonly ExportNote[];
  /** IoU that no written mask falls below. */
  readonly minimumIou: number;
}

/** Called often during long work: others get a turn now and then; throws where it is to stop. */
export type Pause = () => Promise<void> | null;

/**
 * For a format that is written in its own way. All others are exported through their writer; see
 * row-export.ts.
 */
export interface DatasetExporter<Options = unknown> {
  readonly output: OutputKind;
  /**
   * Pattern of the name by default, see file-name.ts; the project's name and the format's id
   * unless given.
   */
  readonly fileName?: string;
  /** The variant of an export: different variants of one project do not replace each other. */
  identity?(options: Options): object;
  /** How often each annotation is read; told for the progress. */
  passes(source: ExportSource): number;
  write(
    source: ExportSource,
    options: Options,
    output: DatasetOutput,
    pause: Pause,
  ): Promise<ExportWritten>;
  /** Reads what was written in another way than it was written, and compares it with the source. */
  prove(
    source: ExportSource,
    options: Options,
    written: ExportWritten,
    files: DatasetFiles,
    pause: Pause,
  ): Promise<ExportProof>;
}

/**
 * A dataset format. A new one is a folder `core/formats/<id>/` and a line in registry.ts.
 * Options are flat objects of booleans, numbers, strings and enums, each with a default and the
 * words that `.meta(optionWords(…))` (see options.ts) gives it, so that the dialogs and the
 * command line can be drawn from them.
 */
export interface DatasetFormat<ReadOptions = unknown, WriteOptions = unknown> {
  /** As `--format` takes it: lower case, hyphens. */
  readonly id: string;
  /** As people know it, the same in every language. */
  readonly title: string;
  /** One sentence for the README's table and the dialog: what it cannot hold. */
  readonly cannotHold: string;
  /** The same in Chinese; a test asks for it. */
  readonly chinese?: { readonly cannotHold: string };
  /** The programs whose own readers open its exports in the tests, beside ours. */
  readonly provenAgainst?: readonly string[];
  /**
   * Of a format of whole folders: the names of files that a person gives for the folder. Another
   * file is none of the format's, also with the right files beside it.
   */
  readonly namesForFolder?: RegExp;
  /** Looks at names and starts of files only; fast for 100,000 files. */
  detect(files: DatasetFiles): Promise<Likeness>;
  readonly readOptions?: z.ZodType<ReadOptions>;
  readonly reader?: DatasetReader<ReadOptions>;
  readonly writeOptions?: z.ZodType<WriteOptions>;
  readonly writer?: DatasetWriter<WriteOptions>;
  /**
   * Reads what was written again, for the proof of a format that is not imported: as much as that
   * needs.
   */
  readonly proofReader?: DatasetReader;
  readonly importer?: DatasetImporter<ReadOptions>;
  readonly exporter?: DatasetExporter<WriteOptions>;
}
