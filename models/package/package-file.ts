import type { Stats } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kindOf } from '../../core/file-kind.ts';
import { onnxFailure } from '../onnx/sentences.ts';
import { packageFailure } from './sentences.ts';

/**
 * File system information about a file of a package. Links lead anywhere, pipes never end and
 * devices do things when they are read, so nothing but a plain file counts, and every folder on the
 * way has to be a real one.
 * @param path relative to `directory`, with slashes
 * @throws AppError `package-invalid` when it is no plain file; the file system's error when there
 * is none
 */
export async function statPackageFile(directory: string, path: string): Promise<Stats> {
  const names = path.split('/');
  let file = directory;
  for (const name of names.slice(0, -1)) {
    file = join(file, name);
    const found = await lstat(file);
    if (!found.isDirectory()) throw notPlain(file, found);
  }
  file = join(file, names.at(-1)!);
  const found = await lstat(file);
  if (!found.isFile()) throw notPlain(file, found);
  return found;
}

/**
 * The bytes of a small file of a package.
 * @throws AppError `package-invalid` when it is larger or no plain file; the file system's error
 * when it cannot be read
 */
export async function readPackageFile(
  directory: string,
  path: string,
  maximumBytes: number,
): Promise<Buffer> {
  const { size } = await statPackageFile(directory, path);
  if (size > maximumBytes) {
    const parts = { path: join(directory, path), bytes: size, maximumBytes };
    throw onnxFailure('package-invalid', 'packageFileTooLarge', parts);
  }
  return readFile(join(directory, path));
}

function notPlain(path: string, found: Stats): Error {
  return packageFailure('package-invalid', 'packageFileNotPlain', {
    path,
    kind: found.isSymbolicLink() ? 'link' : kindOf(found),
  });
}
