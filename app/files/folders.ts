import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { toFileError } from './file-error.ts';
import { fileFailure } from './sentences.ts';

/**
 * Makes a folder and those above it that are missing. Node's own recursive mkdir never ends where
 * a file system answers ENOENT below a folder that exists, as /proc does.
 * @throws AppError `permission-denied`, `disk-full`, `invalid-input` when a file is in the way.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT') return makeBelow(folder);
    if (!(await isFolder(folder))) throw toFileError(thrown, 'make the folder', folder);
  }
}

async function makeBelow(folder: string): Promise<void> {
  const parent = dirname(folder);
  if (parent !== folder && !(await isFolder(parent))) await makeFolder(parent);
  try {
    await mkdir(folder);
  } catch (thrown) {
    // Something else may have made it meanwhile.
    if (await isFolder(folder)) return;
    const { code } = thrown as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw toFileError(thrown, 'make the folder', folder);
    throw fileFailure('permission-denied', 'folderImpossible', { path: folder, parent });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
