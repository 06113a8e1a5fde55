import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
} from 'node:fs';
import { readdir, realpath, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { kindOf, notPlainFile } from '../../core/file-kind.ts';
import type { DatasetFiles } from '../../core/formats/dataset-files.ts';
import { datasetFailure } from '../../core/formats/sentences.ts';
import { refuseFileOfOpenProject } from '../../db/project-files.ts';
import { openPlainFile } from '../../models/plain-file.ts';
import { toFileError } from './file-error.ts';
import { QuickDisk } from './quick-disk.ts';
import { decodeText, decodeWhole } from './decode-text.ts';
import { isZip, ZipDataset } from './zip-dataset.ts';

const bytesAtOnce = 262_144;
const startBytes = 65_536;
/** A file up to this size is read at once, see {@link QuickDisk}. */
const smallBytes = 65_536;
/** Folders whose real place is remembered. */
const mostFolders = 1000;
const maximumBytes = 64 * 2 ** 20;
/**
 * A file is often given that lies in a folder which is no dataset; that folder is not read for
 * long.
 */
const mostFilesBeside = 300_000;

/**
 * The dataset at a path that a person gave: a folder, a zip archive, or a file with all that lies
 * beside it.
 * Links inside are not followed, and nothing outside is read.
 * @throws AppError `not-found`, `permission-denied`; `invalid-input` for a pipe, socket or device;
 * `dataset-invalid` for a zip archive that cannot be read.
 */
export async function openDataset(path: string): Promise<DatasetFiles> {
  const absolute = resolve(path);
  try {
    const found = await stat(absolute);
    const kind = kindOf(found);
    if (kind === 'folder') return new DatasetFolder(await realpath(absolute), absolute, null);
    if (kind !== 'file') throw notPlainFile(path, kind);
    if (isZip(absolute)) return await ZipDataset.open(absolute);
    return new DatasetFolder(await realpath(dirname(absolute)), absolute, basename(absolute));
  } catch (thrown) {
    throw toFileError(thrown, 'read', absolute);
  }
}

/** A dataset of one file whose name it does not have yet. */
export function openDraft(draft: string, name: string): DatasetFiles {
  return new DraftFile(draft, name);
}

/** Common parts of reading dataset files from any source. */
abstract class DiskFiles implements DatasetFiles {
  abstract readonly name: string;
  abstract readonly given: string | null;

  readonly #disk = new QuickDisk();

  abstract list(): Promise<readonly string[]>;
  /** Where a file of the dataset lies. @throws AppError for a path that leads outside. */
  protected abstract locate(path: string): Promise<string>;
  /**
   * {@link locate} without waiting; null where that does not tell. The found file is no
   * link.
   * @throws the file system's error
   */
  protected abstract locateAtOnce(path: string): string | null;

  async text(path: string): Promise<string> {
    return decodeWhole(await this.bytes(path), path);
  }

  async *chunks(path: string): AsyncGenerator<string> {
    yield* decodeText(this.byteChunks(path), path);
  }

  async bytes(path: string): Promise<Uint8Array> {
    const small = this.#disk.attempt(() => this.#bytesAtOnce(path));
    if (small) return small;
    return this.#reading(path, async (handle) => {
      const { size: bytes } = await handle.stat();
      if (bytes > maximumBytes) {
        const parts = { file: path, bytes, maximumBytes };
        throw datasetFailure('dataset-invalid', 'datasetFileTooLarge', parts);
      }
      return handle.readFile();
    });
  }

  /** The bytes of a small plain file; null for any other, whose problem is told by reading it. */
  #bytesAtOnce(path: string): Uint8Array | null {
    try {
      const file = this.locateAtOnce(path);
      if (file === null) return null;
      refuseFileOfOpenProject(file);
      return readSmallFile(file);
    } catch {
      return null;
    }
  }

  async *byteChunks(path: string): AsyncGenerator<Uint8Array> {
    try {
      const handle = await this.#open(path);
      yield* handle.createReadStream({ highWaterMark: bytesAtOnce }) as AsyncIterable<Buffer>;
    } catch (thrown) {
      throw toFileError(thrown, 'read', path);
    }
  }

  size(path: string): Promise<number> {
    return this.#reading(path, async (handle) => (await handle.stat()).size);
  }

  start(path: string): Promise<Uint8Array> {
    return this.#reading(path, async (handle) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(startBytes), 0, startBytes, 0);
      return buffer.subarray(0, bytesRead);
    });
  }

  /** To close a file of an open project would give up its lock. */
  async #open(path: string): Promise<FileHandle> {
    const file = await this.locate(path);
    refuseFileOfOpenProject(file);
    return openPlainFile(file);
  }

  async #reading<Result>(
    path: string,
    read: (handle: FileHandle) => Promise<Result>,
  ): Promise<Result> {
    try {
      const handle = await this.#open(path);
      try {
        return await read(handle);
      } finally {
        await handle.close();
      }
    } catch (thrown) {
      throw toFileError(thrown, 'read', path);
    }
  }
}

class DatasetFolder extends DiskFiles {
  readonly name: string;
  readonly given: string | null;
  /** Links followed. */
  readonly #root: string;
  /** As it was given: a file that is given may be a link itself. */
  readonly #path: string;
  /** The real places of folders, by their paths. */
  readonly #folders = new Map<string, string>();
  #listed: Promise<readonly string[]> | null = null;

  constructor(root: string, path: string, given: string | null) {
    super();
    this.#root = root;
    this.#path = path;
    this.name = basename(path);
    this.given = given;
  }

  list(): Promise<readonly string[]> {
    return (this.#listed ??= this.#walkAll());
  }

  async #walkAll(): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const path of walk(this.#root, '')) {
      if (found.push(path) > mostFilesBeside && this.given !== null) {
        const parts = { folder: dirname(this.#path), maximum: mostFilesBeside };
        throw datasetFailure('dataset-invalid', 'datasetTooManyFiles', parts);
      }
    }
    return found;
  }

  protected async locate(path: string): Promise<string> {
    if (path === this.given) return this.#path;
    const pieces = path.split('/');
    const isInside = pieces.every((piece) => !['', '.', '..'].includes(piece));
    const real = isInside ? await realpath(join(this.#root, ...pieces)) : '';
    if (this.#isBelow(real)) return real;
    throw datasetFailure('permission-denied', 'datasetPathOutside', { path });
  }

  #isBelow(real: string): boolean {
    return real.startsWith(this.#root.endsWith(sep) ? this.#root : this.#root + sep);
  }

  protected locateAtOnce(path: string): string | null {
    const pieces = path.split('/');
    if (pieces.some((piece) => ['', '.', '..'].includes(piece))) return null;
    const name = pieces.pop()!;
    const file = join(this.#folderAtOnce(pieces), name);
    return this.#isBelow(file) && lstatSync(file).isFile() ? file : null;
  }

  #folderAtOnce(pieces: readonly string[]): string {
    const folder = pieces.join('/');
    let real = this.#folders.get(folder);
    if (real === undefined) {
      if (this.#folders.size >= mostFolders) this.#folders.clear();
      real = realpathSync.native(join(this.#root, ...pieces));
      this.#folders.set(folder, real);
    }
    return real;
  }
}

class DraftFile extends DiskFiles {
  readonly name: string;
  readonly given: string;
  readonly #draft: string;

  constructor(draft: string, name: string) {
    super();
    this.#draft = draft;
    this.name = name;
    this.given = name;
  }

  async list(): Promise<readonly string[]> {
    return [this.given];
  }

  protected async locate(path: string): Promise<string> {
    if (path === this.given) return this.#draft;
    throw datasetFailure('permission-denied', 'datasetPathOutside', { path });
  }

  /** It is one file, which costs the same either way. */
  protected locateAtOnce(): null {
    return null;
  }
}

/** Plain files that are not hidden, in name order, as paths with `/` separators. */
async function* walk(root: string, folder: string): AsyncGenerator<string> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(
    (thrown: unknown) => {
      throw toFileError(thrown, 'list', join(root, folder));
    },
  );
  for (const entry of entries.sort((left, right) => (left.name < right.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isDirectory()) yield* walk(root, path);
    else if (entry.isFile()) yield path;
  }
}

/** @returns null where it is no plain file, or is larger */
function readSmallFile(file: string): Uint8Array | null {
  const { O_RDONLY } = constants;
  // Windows has no such flags.
  const { O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants as Readonly<Record<string, number>>;
  const descriptor = openSync(file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile() || found.size > smallBytes) return null;
    // One byte more tells whether the file grows.
    const bytes = Buffer.allocUnsafe(found.size + 1);
    let length = 0;
    for (;;) {
      const read = readSync(descriptor, bytes, length, bytes.length - length, null);
      length += read;
      if (length === bytes.length) return null;
      if (read === 0) return bytes.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}
