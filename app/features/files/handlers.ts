import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { toFileError } from '../../files/file-error.ts';
import type { HandlersOf } from '../../session.ts';
import { listFolder } from './list-folder.ts';

export const fileHandlers: HandlersOf<'files'> = {
  'files.list': ({ folder }) => listFolder(folder),
  'files.makeFolder': async ({ folder, name }) => {
    const path = join(resolve(folder), name);
    await mkdir(path).catch((thrown: unknown) => {
      throw toFileError(thrown, 'make the folder', path);
    });
    return { path };
  },
};
