import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { failure } from '../../core/errors.ts';
import { toFileError } from './file-error.ts';

/**
 * Makes a folder and those above it that are missing. Node's own recursive mkdir never ends where a file system
 * answers ENOENT below a folder that exists, as /proc does.
 * @throws AppError `permission-denied`, `disk-full`, `invalid-input` when a file is in the way.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      await makeFolder(await missingParent(folder));
      return makeFolder(folder);
    }
    const isThere = await stat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isThere) throw toFileError(thrown, 'make the folder', folder);
  }
}

async function missingParent(folder: string): Promise<string> {
  const parent = dirname(folder);
  const exists = await stat(parent).then(
    () => true,
    () => false,
  );
  if (!exists && parent !== folder) return parent;
  throw failure('permission-denied', 'folderImpossible', { path: folder, parent });
}
