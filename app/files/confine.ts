import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileFailure } from './sentences.ts';

/**
 * The real path of a file, once it is sure to lie inside the real `root`.
 * @throws AppError `permission-denied` when it does not; the file system's error when there is no
 * such file.
 */
export async function confine(root: string, path: string): Promise<string> {
  const [realRoot, realFile] = await Promise.all([realpath(root), realpath(path)]);
  if (isBelow(realRoot, realFile)) return realFile;
  throw fileFailure('permission-denied', 'imageOutsideFolder', { path, root });
}

/** Whether a folder is `root` or lies inside it, links followed; false where there is none. */
export async function isFolderInside(root: string, folder: string): Promise<boolean> {
  try {
    const [realRoot, realFolder] = await Promise.all([realpath(root), realpath(folder)]);
    return realFolder === realRoot || isBelow(realRoot, realFolder);
  } catch {
    return false;
  }
}

/**
 * Where a file of a project lies in a new folder, which has no links.
 * @param path relative to its image folder, as a stranger may have named it
 * @throws AppError `permission-denied` when it leads out.
 */
export function placeInside(folder: string, path: string): string {
  const place = join(folder, path);
  if (isBelow(folder, place)) return place;
  throw fileFailure('permission-denied', 'imageOutsideFolder', { path, root: folder });
}

function isBelow(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
