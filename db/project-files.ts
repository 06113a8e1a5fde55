import { constants, copyFileSync, existsSync, lstatSync, statSync, type Stats } from 'node:fs';
import { kindOf, notPlainFile } from '../core/file-kind.ts';
import { toDatabaseError } from './sqlite-error.ts';
import { projectFileFailure } from './project-file-sentences.ts';

/** Suffixes of the files of SQLite and of this program beside an open project `NAME.pixelsail`. */
export const logSuffix = '-wal';
export const logIndexSuffix = '-shm';
export const lockSuffix = '-lock';
export const holderSuffix = '-holder';
const suffixes = ['', logSuffix, logIndexSuffix, lockSuffix];
const neighbours = [logSuffix, logIndexSuffix, lockSuffix, holderSuffix, '-journal'];

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
 * Call it before a file that a person named is opened, hashed or copied by anything but SQLite:
 * where the file belongs to a project that this process has open, POSIX would drop the project's
 * locks when that other use ends. Links to it, hard ones too, are found.
 * @throws AppError `conflict`.
 */
export function refuseFileOfOpenProject(path: string): void {
  const asked = identity(path);
  if (asked === null) return;
  for (const file of openFiles) {
    if (suffixes.some((suffix) => identity(file + suffix) === asked)) {
      throw projectFileFailure('conflict', 'projectFileInUse', { path, file });
    }
  }
}

function identity(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return null; // Unreadable files are reported when they are opened.
  }
}

function statOf(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch (thrown) {
    throw toDatabaseError(thrown, file);
  }
}

/**
 * Passes for plain files only: opening a pipe would wait for its writer.
 * @throws AppError `not-found`, also for a folder; `invalid-input` for a pipe, socket or device,
 *   and for a name that no file can have; `permission-denied`.
 */
export function requireProjectFile(file: string): void {
  const found = statOf(file);
  if (!found || found.isDirectory())
    throw projectFileFailure('not-found', 'projectFileMissing', { file });
  const kind = kindOf(found);
  if (kind !== 'file') throw notPlainFile(file, kind);
}

/**
 * Call it before anything opens a project: what lies under the names of its log, lock and note is
 * written to, and a stranger's link there would lead into any file, a pipe would be waited for.
 * @throws AppError `invalid-input`.
 */
export function refuseOddNeighbours(file: string): void {
  for (const suffix of neighbours) {
    const path = file + suffix;
    if (lstatSync(path, { throwIfNoEntry: false })?.isFile() === false) {
      throw projectFileFailure('invalid-input', 'projectNeighbourOdd', { file, path });
    }
  }
}

/**
 * Copies a project that nobody has open, with the log that a killed process left beside it.
 * @throws AppError as {@link requireProjectFile}; the file system's errors.
 */
export function copyWithLog(file: string, copy: string): void {
  requireProjectFile(file);
  const log = file + logSuffix;
  const hasLog = existsSync(log);
  if (hasLog) requireProjectFile(log);
  copyFileSync(file, copy, constants.COPYFILE_FICLONE);
  if (hasLog) copyFileSync(log, copy + logSuffix);
}
