import { closeSync, constants, fsync, openSync, writeFileSync } from 'node:fs';
import { copyFile, link, open, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DatasetOutput, PhotoCrop } from '../../core/formats/dataset-files.ts';
import type { Pause } from '../../core/formats/format.ts';
import { datasetFailure } from '../../core/formats/sentences.ts';
import { eachAtOnce } from '../each-at-once.ts';
import { makeFolder } from './folders.ts';
import { toFileError } from './file-error.ts';
import { QuickDisk } from './quick-disk.ts';

/** Files that are brought to the disk at once: it takes many in little more time than one. */
const syncedAtOnce = 8;
/** A file up to this length is written at once, see {@link QuickDisk}. */
const smallLength = 65_536;

/** Properties of the host for an output. */
export interface OutputHost {
  /** The file of an image's photo. @throws AppError as `locateImage`. */
  readonly photoOf: (imageId: string) => Promise<string>;
  /**
   * A part of an image's photo as a file.
   * @throws AppError as `locateImage`, and where it cannot be decoded.
   */
  readonly cropOf: (imageId: string, crop: PhotoCrop) => Promise<Uint8Array>;
  readonly pause: Pause;
}

/** Writes a dataset into a draft, which is a folder or, for a format of one file, that file. */
export class DraftOutput implements DatasetOutput {
  readonly #draft: string;
  readonly #isFolder: boolean;
  readonly #host: OutputHost;
  /** Paths that were written, as they were given. */
  readonly #taken = new Set<string>();
  readonly #folders = new Set<string>();
  /** Paths that were written here, unlike photos. */
  readonly #written: string[] = [];
  readonly #disk = new QuickDisk();

  constructor(draft: string, isFolder: boolean, host: OutputHost) {
    this.#draft = draft;
    this.#isFolder = isFolder;
    this.#host = host;
  }

  /** Nothing else may have put a file into the folder of a draft. */
  get #flag(): 'wx' | 'w' {
    return this.#isFolder ? 'wx' : 'w';
  }

  /** The paths that were written, with `/` separators. */
  get paths(): ReadonlySet<string> {
    return this.#taken;
  }

  async write(path: string, content: string | Uint8Array): Promise<void> {
    const file = await this.#place(path);
    const isWritten =
      content.length <= smallLength &&
      this.#disk.attempt(() => this.#writeAtOnce(file, path, content));
    if (!isWritten) return this.#writeAside(file, path, [content]);
    const rest = this.#host.pause();
    if (rest) await rest;
  }

  #writeAtOnce(file: string, path: string, content: string | Uint8Array): true {
    try {
      writeFileSync(file, content, { flag: this.#flag });
    } catch (thrown) {
      throw toFileError(thrown, 'write', path);
    }
    this.#written.push(path);
    return true;
  }

  async stream(
    path: string,
    pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  ): Promise<void> {
    await this.#writeAside(await this.#place(path), path, pieces);
  }

  async #writeAside(
    file: string,
    path: string,
    pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  ): Promise<void> {
    try {
      const handle = await open(file, this.#flag);
      try {
        for await (const piece of pieces) {
          await writeAll(handle, piece);
          const rest = this.#host.pause();
          if (rest) await rest;
        }
      } finally {
        await handle.close();
      }
      this.#written.push(path);
    } catch (thrown) {
      throw toFileError(thrown, 'write', path);
    }
  }

  async photo(path: string, imageId: string): Promise<void> {
    const photo = await this.#host.photoOf(imageId);
    const file = await this.#place(path);
    try {
      await copyOrLink(photo, file);
    } catch (thrown) {
      throw toFileError(thrown, 'write', path);
    }
    const rest = this.#host.pause();
    if (rest) await rest;
  }

  async crop(path: string, imageId: string, crop: PhotoCrop): Promise<void> {
    await this.write(path, await this.#host.cropOf(imageId, crop));
  }

  /** Brings the files that were written to the disk; photos are as they were. */
  async synchronise(): Promise<void> {
    try {
      await eachAtOnce(this.#written, syncedAtOnce, async (path) => {
        await synchronised(this.#fileOf(path));
        const rest = this.#host.pause();
        if (rest) await rest;
      });
    } catch (thrown) {
      throw toFileError(thrown, 'write', this.#draft);
    }
  }

  /** Where a path lies in the draft; its folders are made. */
  async #place(path: string): Promise<string> {
    if (!isConfined(path)) throw datasetFailure('invalid-input', 'datasetPathOutside', { path });
    const isSecond = this.#isFolder ? this.#taken.has(path) : this.#taken.size > 0;
    if (isSecond) throw datasetFailure('invalid-input', 'exportPathTaken', { path });
    this.#taken.add(path);
    const file = this.#fileOf(path);
    if (!this.#isFolder) return file;
    const folder = dirname(file);
    if (!this.#folders.has(folder)) await makeFolder(folder);
    this.#folders.add(folder);
    return file;
  }

  #fileOf(path: string): string {
    return this.#isFolder ? join(this.#draft, ...path.split('/')) : this.#draft;
  }
}

function isConfined(path: string): boolean {
  return (
    !/[\0\\]/.test(path) &&
    path.split('/').every((piece) => piece !== '' && piece !== '.' && piece !== '..')
  );
}

/** Puts the bytes of a file on disk; only for that another thread is asked. */
async function synchronised(file: string): Promise<void> {
  const descriptor = openSync(file, 'r+');
  try {
    await new Promise<void>((resolve, reject) => {
      fsync(descriptor, (thrown) => (thrown ? reject(thrown) : resolve()));
    });
  } finally {
    closeSync(descriptor);
  }
}

/** A write may take less than it is given. */
async function writeAll(handle: FileHandle, piece: string | Uint8Array): Promise<void> {
  if (piece.length > 0) await handle.writeFile(piece);
}

/**
 * A copy that shares its blocks where the disk can do that, else another name of the same file,
 * else a copy.
 */
async function copyOrLink(photo: string, file: string): Promise<void> {
  const { COPYFILE_EXCL, COPYFILE_FICLONE_FORCE } = constants;
  try {
    await copyFile(photo, file, COPYFILE_EXCL | COPYFILE_FICLONE_FORCE);
  } catch {
    await link(photo, file).catch(() => copyFile(photo, file, COPYFILE_EXCL));
  }
}
