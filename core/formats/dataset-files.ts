import type { Box, Rle } from '../geometry/shapes.ts';

/** A part of a photo, to be written as a file. */
export interface PhotoCrop {
  /** Whole pixels inside the photo as it is shown. */
  readonly box: Box;
  readonly file: 'png' | 'jpeg';
  /** Of the photo's size: pixels outside become clear; PNG only. Null: all are shown. */
  readonly mask: Rle | null;
}

/**
 * The files of a dataset, without I/O of the formats' own. All paths are relative to the dataset,
 * with `/` separators.
 */
export interface DatasetFiles {
  /** Last part of the path that a person gave. */
  readonly name: string;
  /** The file that a person gave, relative to the dataset; null where a folder was given. */
  readonly given: string | null;
  /**
   * Every file that is neither hidden nor a link, in name order, subfolders included. Read once,
   * then kept.
   */
  list(): Promise<readonly string[]>;
  /**
   * The whole text of a small file (a card, a class list, one image's labels), without byte order
   * mark.
   * @throws AppError `not-found`, `permission-denied`; `dataset-invalid` for what is not UTF-8 or
   * is larger than 64 MB.
   */
  text(path: string): Promise<string>;
  /**
   * The text in pieces, for files that may be large.
   * @throws AppError as {@link text}, except for the size.
   */
  chunks(path: string): AsyncIterable<string>;
  /** The bytes of a small file. @throws AppError as {@link text}. */
  bytes(path: string): Promise<Uint8Array>;
  /** The bytes in pieces. @throws AppError likewise. */
  byteChunks(path: string): AsyncIterable<Uint8Array>;
  /** How many bytes a file has, for the progress. @throws AppError as {@link text}. */
  size?(path: string): Promise<number>;
  /**
   * The first bytes of a file, 64 kB at most, to tell what it is; never fails on what the text
   * holds.
   */
  start(path: string): Promise<Uint8Array>;
}

/**
 * Where an exporter writes. Everything appears under its names only when the export is whole and
 * proven; paths that lead outside, or that were written already, are refused.
 */
export interface DatasetOutput {
  /**
   * Writes one file.
   * @throws AppError `invalid-input` for a path that is not confined or is taken; `disk-full`, …
   */
  write(path: string, content: string | Uint8Array): Promise<void>;
  /** Writes one file in pieces, of which at most one is held. @throws AppError as {@link write}. */
  stream(
    path: string,
    pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  ): Promise<void>;
  /**
   * Puts the photo of an image there, as a hard link where the disk allows it, else as a copy.
   * @throws AppError as {@link write}.
   */
  photo(path: string, imageId: string): Promise<void>;
  /**
   * Writes a part of the photo of an image.
   * @throws AppError as {@link write}, and where the photo cannot be read.
   */
  crop(path: string, imageId: string, crop: PhotoCrop): Promise<void>;
}
