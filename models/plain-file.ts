import { constants, type Stats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { kindOf, notPlainFile } from '../core/file-kind.ts';

/**
 * Passes for plain files only. To open a pipe would wait until somebody writes into it, and a
 * device may never end.
 * @throws AppError `invalid-input` for a folder, pipe, socket or device; the file system's error
 * when nothing is there.
 */
export async function requirePlainFile(path: string): Promise<void> {
  refuseUnlessPlain(path, await stat(path));
}

/**
 * Opens a plain file for reading, without ever waiting for it: what was put in its place meanwhile
 * is found out too.
 * @throws AppError `invalid-input` for anything else than a plain file; the file system's error
 * when it cannot be opened.
 */
export async function openPlainFile(path: string): Promise<FileHandle> {
  await requirePlainFile(path);
  // Windows has no such flag.
  const nonBlocking = (constants.O_NONBLOCK as number | undefined) ?? 0;
  const handle = await open(path, constants.O_RDONLY | nonBlocking);
  try {
    refuseUnlessPlain(path, await handle.stat());
    return handle;
  } catch (thrown) {
    await handle.close();
    throw thrown;
  }
}

/** All bytes of a plain file. @throws as {@link openPlainFile}. */
export async function readPlainFile(path: string): Promise<Buffer> {
  const handle = await openPlainFile(path);
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** The text of a plain file in UTF-8. @throws as {@link openPlainFile}. */
export async function readPlainText(path: string): Promise<string> {
  return (await readPlainFile(path)).toString('utf8');
}

function refuseUnlessPlain(path: string, found: Stats): void {
  const kind = kindOf(found);
  if (kind !== 'file') throw notPlainFile(path, kind);
}
