import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { datasetFailure } from '../../core/formats/sentences.ts';
import { toFileError } from './file-error.ts';
import { makeFolder } from './folders.ts';
import { draftName } from './new-file.ts';
import type { ZipDataset } from './zip-dataset.ts';

/** The file of an unpacked folder that tells which archive it is of. */
const contentsFile = '.pixelsail-unpacked';

/**
 * Unpacks files of a zip archive into a folder that is named like it, or after another name where
 * that is taken. Files that an earlier call unpacked from the same archive stay and are used again.
 * @param parent the folder in which it is made
 * @param paths of the archive
 * @param isKept whether a file stays that an earlier call unpacked, though it was changed since
 * @returns the folder
 * @throws AppError `disk-full` before anything is written, `permission-denied`; what `signal` gives
 */
export async function unpack(
  zip: ZipDataset,
  parent: string,
  paths: readonly string[],
  signal: AbortSignal,
  isKept: (path: string) => boolean = () => false,
): Promise<string> {
  const contents = createHash('sha256').update(zip.contents()).digest('hex');
  const folder = await folderFor(join(parent, folderName(zip.name)), contents);
  const missing: string[] = [];
  let bytes = 0;
  for (const path of paths) {
    const size = await zip.size(path);
    const found = await stat(join(folder, ...path.split('/'))).catch(() => null);
    if (found && (found.size === size || isKept(path))) continue;
    missing.push(path);
    bytes += size;
  }
  await requireSpace(zip, parent, bytes);
  await makeFolder(folder);
  await writeFile(join(folder, contentsFile), contents);
  for await (const [path, content] of zip.contentOf(missing)) {
    const file = join(folder, ...path.split('/'));
    const draft = join(dirname(file), draftName(process.pid));
    try {
      await makeFolder(dirname(file));
      await pipeline(content, createWriteStream(draft, { flags: 'wx' }), { signal });
      await (isKept(path) ? nameNew(draft, file) : rename(draft, file));
    } catch (thrown) {
      await rm(draft, { force: true });
      signal.throwIfAborted();
      throw toFileError(thrown, 'write', file);
    }
  }
  return folder;
}

/** Gives a draft its name unless another call has written the file, which may be in use. */
async function nameNew(draft: string, file: string): Promise<void> {
  try {
    await link(draft, file);
  } catch (thrown) {
    // Some file systems have no hard links.
    if (!(await stat(file).catch(() => null))) return rename(draft, file);
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  }
  await rm(draft, { force: true });
}

/** The name of an archive without its ending; of `...zip` and the like nothing is left to use. */
function folderName(archive: string): string {
  const name = basename(archive).replace(/\.zip$/i, '');
  return /^\.*$/.test(name) ? 'archive' : name;
}

async function folderFor(wanted: string, contents: string): Promise<string> {
  for (let count = 1; ; count++) {
    const folder = count === 1 ? wanted : `${wanted}-${count}`;
    const found = await stat(folder).catch(() => null);
    if (!found) return folder;
    const before = await readFile(join(folder, contentsFile), 'utf8').catch(() => null);
    if (before === contents) return folder;
  }
}

async function requireSpace(zip: ZipDataset, parent: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(parent);
  const free = bavail * bsize;
  if (bytes <= free) return;
  throw datasetFailure('disk-full', 'zipTooLarge', { file: zip.name, bytes, free });
}
