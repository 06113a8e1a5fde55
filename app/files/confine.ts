import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { fileFailure } from './sentences.ts';

/**
 * The real path of a file, once it is sure to lie inside the real `root`.
 * @throws AppError `permission-denied` when it does not; the file system's error when there is no
 * such file.
 */
export async function confine(root: string, path: string): Promise<string> {
  const [realRoot, realFile] = await Promise.all([realpath(root), realpath(path)]);
  if (realFile.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep)) return realFile;
  throw fileFailure('permission-denied', 'imageOutsideFolder', { path, root });
}
