import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import { openPromise, validateFileName, type Entry, type ZipFile } from 'yauzl';
import { AppError } from '../../core/errors.ts';
import type { DatasetFiles } from '../../core/formats/dataset-files.ts';
import { isPhoto } from '../../core/formats/photo-files.ts';
import { datasetFailure } from '../../core/formats/sentences.ts';
import { decodeText, decodeWhole } from './decode-text.ts';
import { toFileError } from './file-error.ts';

/** Whether a path is taken for a zip archive, by its name. */
export function isZip(path: string): boolean {
  return /\.zip$/i.test(path);
}

const startBytes = 65_536;
const maximumBytes = 64 * 2 ** 20;
const mostFiles = 2_000_000;
/**
 * A file that unpacks to more than so many bytes, and to so many times its packed size, is no
 * dataset's: text of datasets shrinks to a tenth or a thirtieth.
 */
const bomb = { bytes: 256 * 2 ** 20, ratio: 200 };

/**
 * Folders that parts of datasets have as their names: they are not taken for one that merely holds
 * the dataset.
 */
const partNames: ReadonlySet<string> = new Set([
  ...['annotations', 'images', 'labels', 'masks'],
  ...['train', 'val', 'valid', 'validation', 'test'],
]);

/** The files of a zip archive, read where they are; nothing is unpacked but what is asked for. */
export class ZipDataset implements DatasetFiles {
  readonly name: string;
  /** The only file at the top that is no photo, as if it had been given itself. */
  readonly given: string | null;
  readonly #file: string;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(file: string, entries: ReadonlyMap<string, Entry>) {
    this.name = basename(file);
    this.#file = file;
    this.#entries = entries;
    const others = Array.from(entries.keys()).filter((path) => !isPhoto(path));
    this.given = others.length === 1 && !others[0]!.includes('/') ? others[0]! : null;
  }

  /**
   * Reads the list of files. Hidden files, links and folders of other systems are passed over;
   * a folder that holds all the others is not part of their paths.
   * @throws AppError `dataset-invalid` for what is no zip, names a path that leads outside, is
   *   encrypted, or unpacks to far too much; `not-found`, `permission-denied`
   */
  static async open(file: string): Promise<ZipDataset> {
    const entries = new Map<string, Entry>();
    await inZip(file, async (zip) => {
      for await (const entry of zip.eachEntry()) {
        const path = nameOf(entry);
        const outside = validateFileName(path);
        if (outside !== null) throw zipFailure(file, outside);
        if (path.endsWith('/') || isHidden(path) || isLink(entry)) continue;
        if (entry.isEncrypted()) throw zipFailure(file, 'it is protected by a password');
        const { uncompressedSize: bytes, compressedSize } = entry;
        if (bytes > bomb.bytes && bytes > bomb.ratio * compressedSize) {
          throw zipFailure(file, `"${path}" unpacks to ${bytes} bytes from ${compressedSize}`);
        }
        if (entries.has(path)) throw zipFailure(file, `it has two files named "${path}"`);
        entries.set(path, entry);
        if (entries.size > mostFiles) throw zipFailure(file, `it has more than ${mostFiles} files`);
      }
    });
    return new ZipDataset(file, belowTheOnlyFolder(entries));
  }

  async list(): Promise<readonly string[]> {
    return [...this.#entries.keys()].sort();
  }

  /** The content of the archive: names, sizes and checksums, one line per file. */
  contents(): string {
    const lines = Array.from(
      this.#entries,
      ([path, { uncompressedSize, crc32 }]) => `${path}\t${uncompressedSize}\t${crc32}`,
    );
    return lines.sort().join('\n');
  }

  async size(path: string): Promise<number> {
    return this.#entry(path).uncompressedSize;
  }

  async text(path: string): Promise<string> {
    return decodeWhole(await this.bytes(path), path);
  }

  async *chunks(path: string): AsyncGenerator<string> {
    yield* decodeText(this.byteChunks(path), path);
  }

  async bytes(path: string): Promise<Uint8Array> {
    const { uncompressedSize: bytes } = this.#entry(path);
    if (bytes > maximumBytes) {
      const parts = { file: path, bytes, maximumBytes };
      throw datasetFailure('dataset-invalid', 'datasetFileTooLarge', parts);
    }
    return this.#firstOf(this.byteChunks(path), bytes);
  }

  byteChunks(path: string): AsyncGenerator<Uint8Array> {
    return this.#read(path, true);
  }

  async *#read(path: string, isChecked: boolean): AsyncGenerator<Uint8Array> {
    const entry = this.#entry(path);
    const zip = await openZip(this.#file);
    try {
      yield* contentOf(zip, entry, this.#file, isChecked);
    } catch (thrown) {
      throw zipError(thrown, this.#file, path);
    } finally {
      zip.close();
    }
  }

  async start(path: string): Promise<Uint8Array> {
    return this.#firstOf(this.#read(path, false), startBytes);
  }

  /** The bytes of files one after another, with the archive opened once. */
  async *contentOf(
    paths: Iterable<string>,
  ): AsyncGenerator<[path: string, content: AsyncIterable<Uint8Array>]> {
    const zip = await openZip(this.#file);
    try {
      for (const path of paths) yield [path, contentOf(zip, this.#entry(path), this.#file)];
    } catch (thrown) {
      throw zipError(thrown, this.#file);
    } finally {
      zip.close();
    }
  }

  async #firstOf(chunks: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of chunks) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes >= most) break;
    }
    return Buffer.concat(pieces).subarray(0, most);
  }

  #entry(path: string): Entry {
    const entry = this.#entries.get(path);
    if (entry) return entry;
    throw datasetFailure('not-found', 'zipWithoutFile', { path, file: this.name });
  }
}

async function inZip(file: string, read: (zip: ZipFile) => Promise<void>): Promise<void> {
  const zip = await openZip(file);
  try {
    await read(zip);
  } catch (thrown) {
    throw zipError(thrown, file);
  } finally {
    zip.close();
  }
}

async function openZip(file: string): Promise<ZipFile> {
  try {
    return await openPromise(file, { autoClose: false, lazyEntries: true });
  } catch (thrown) {
    throw zipError(thrown, file);
  }
}

/**
 * The bytes of a file, the last of them only where all are as they were packed: whole text that is
 * damaged would be read as other labels.
 * @param isChecked false while a format is looked for: what cannot be read would be of another one
 */
async function* contentOf(
  zip: ZipFile,
  entry: Entry,
  file: string,
  isChecked = true,
): AsyncGenerator<Uint8Array> {
  let checksum = 0;
  let bytes = 0;
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const piece of stream as AsyncIterable<Buffer>) {
      checksum = crc32(piece, checksum);
      bytes += piece.length;
      const isWhole = bytes >= entry.uncompressedSize;
      if (isChecked && isWhole && checksum !== entry.crc32) {
        throw zipFailure(file, `"${nameOf(entry)}" is damaged`);
      }
      yield piece;
    }
  } catch (thrown) {
    throw zipError(thrown, file);
  }
}

const isUtf8Flag = 0x800;
const unicodePathField = 0x7075;

/**
 * The name of a file. Where the archive does not say in which encoding names are, they are UTF-8,
 * as macOS writes them, or GBK, as Windows writes Chinese ones; else they are what the format says.
 */
function nameOf({ fileName, fileNameRaw, generalPurposeBitFlag, extraFields }: Entry): string {
  const isSaid =
    (generalPurposeBitFlag & isUtf8Flag) !== 0 ||
    extraFields.some(({ id }) => id === unicodePathField) ||
    fileNameRaw.every((byte) => byte < 0x80);
  if (isSaid) return fileName;
  const encoding = isChinese(fileNameRaw) ? 'gb18030' : null;
  const name = decoded(fileNameRaw, 'utf-8') ?? (encoding && decoded(fileNameRaw, encoding));
  return name?.replaceAll('\\', '/') ?? fileName;
}

function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Whether all that is no ASCII are characters of GB 2312, of two bytes each. */
function isChinese(bytes: Uint8Array): boolean {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return /^(?:[\0-\x7f]|[\xa1-\xf7][\xa1-\xfe])*$/.test(text);
}

function zipError(thrown: unknown, file: string, path = file): unknown {
  const isOfSystem = thrown instanceof Error && 'syscall' in thrown;
  if (thrown instanceof AppError || isOfSystem) return toFileError(thrown, 'read', path);
  return zipFailure(file, thrown instanceof Error ? thrown.message : String(thrown));
}

function zipFailure(file: string, reason: string): AppError {
  return datasetFailure('dataset-invalid', 'zipInvalid', { file, reason });
}

/** Files whose name begins with a dot, and what macOS and NAS systems put beside others. */
function isHidden(path: string): boolean {
  return path
    .split('/')
    .some((piece) => piece.startsWith('.') || piece === '__MACOSX' || piece === '@eaDir');
}

/** Made on Unix, the upper half of the attributes is the file's mode. */
function isLink({ externalFileAttributes }: Entry): boolean {
  return ((externalFileAttributes >>> 16) & 0o170000) === 0o120000;
}

function belowTheOnlyFolder(entries: ReadonlyMap<string, Entry>): ReadonlyMap<string, Entry> {
  const tops = new Set(Array.from(entries.keys(), (path) => path.split('/', 1)[0]!));
  const [top] = tops;
  const isPart = top === undefined || partNames.has(top.toLowerCase());
  if (tops.size !== 1 || isPart || entries.has(top)) return entries;
  return new Map(Array.from(entries, ([path, entry]) => [path.slice(top.length + 1), entry]));
}
