import type { z } from 'zod';
import type { DatasetFiles, DatasetOutput } from './dataset-files.ts';
import type {
  DatasetRow,
  DatasetSource,
  RowShape,
  SourceAnnotation,
  SourceImage,
  WrittenNote,
} from './dataset-row.ts';

/** How sure a format is that a dataset is one of its own. */
export type Likeness = 'certain' | 'possible' | 'none';

/** Whether a format writes one file or a folder of them. */
export type OutputKind =
  { readonly kind: 'file'; readonly ending: `.${string}` } | { readonly kind: 'folder' };

/** A reader of datasets: it gives rows, and one shared importer (row-import.ts) makes records of them. */
export interface DatasetReader<Options = unknown> {
  /** Reads the dataset in streams; everything that is passed over is a note. @throws AppError `dataset-invalid` where nothing can be read. */
  read(files: DatasetFiles, options: Options): AsyncIterable<DatasetRow>;
}

/** A writer of datasets; one shared exporter (row-export.ts) gives it a snapshot, publishes what it writes, and proves it. */
export interface DatasetWriter<Options = unknown> {
  readonly output: OutputKind;
  /** Writes in streams. Everything that is left out or approximated is noted. Pauses and cancels happen inside `output`. */
  write(
    source: DatasetSource,
    options: Options,
    output: DatasetOutput,
    note: (note: WrittenNote) => void,
  ): Promise<void>;
  /**
   * What a reading must find of an annotation, in pixels; null where the format does not hold it (it was noted).
   * Images that the format leaves out give null for each of their annotations.
   */
  expected(annotation: SourceAnnotation, image: SourceImage, options: Options): RowShape | null;
  /** IoU below which a reading is wrong: 1 for exact formats, less where coordinates are rounded. */
  readonly minimumIou: number;
}

/**
 * A dataset format. A new one is a folder `core/formats/<id>/` and a line in registry.ts.
 * Options are flat objects of booleans, numbers, strings and enums, each with a default and a `describe` or `meta`, so
 * that the dialogs and the command line can be drawn from them.
 */
export interface DatasetFormat<ReadOptions = unknown, WriteOptions = unknown> {
  /** As `--format` takes it: lower case, hyphens. */
  readonly id: string;
  /** As people know it, the same in every language. */
  readonly title: string;
  /** One sentence for the README's table and the dialog: what it cannot hold. */
  readonly cannotHold: string;
  /** Looks at names and starts of files only; fast for 100,000 files. */
  detect(files: DatasetFiles): Promise<Likeness>;
  readonly readOptions?: z.ZodType<ReadOptions>;
  readonly reader?: DatasetReader<ReadOptions>;
  readonly writeOptions?: z.ZodType<WriteOptions>;
  readonly writer?: DatasetWriter<WriteOptions>;
}
