import { statSync } from 'node:fs';
import { failure } from '../core/errors.ts';

/** What SQLite and this program put beside a project `NAME.pixelsail` while it is open: its name and one of these. */
export const logSuffix = '-wal';
export const logIndexSuffix = '-shm';
export const lockSuffix = '-lock';
export const holderSuffix = '-holder';
const suffixes = ['', logSuffix, logIndexSuffix, lockSuffix];

/** The projects that this process has open, by their real paths. */
const openFiles = new Set<string>();

export function isOpenHere(realFile: string): boolean {
  return openFiles.has(realFile);
}

export function noteOpen(realFile: string): void {
  openFiles.add(realFile);
}

export function noteClosed(realFile: string): void {
  openFiles.delete(realFile);
}

/**
 * Call it before a file that a person named is opened, hashed or copied by anything but SQLite: where the file belongs to a
 * project that this process has open, POSIX would drop the project's locks when that other use ends. Links to it, hard
 * ones too, are found.
 * @throws AppError `conflict`.
 */
export function refuseFileOfOpenProject(path: string): void {
  const asked = identity(path);
  if (asked === null) return;
  for (const file of openFiles) {
    if (suffixes.some((suffix) => identity(file + suffix) === asked)) {
      throw failure('conflict', 'projectFileInUse', { path, file });
    }
  }
}

function identity(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return null; // What cannot be looked at is reported by whoever opens it.
  }
}
