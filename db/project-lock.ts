import { existsSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { type AppError } from '../core/errors.ts';
import { Database } from './database.ts';
import { isSameMark, markOf, type FileMark } from './file-mark.ts';
import {
  holderSuffix,
  isOpenHere,
  lockSuffix,
  logSuffix,
  noteClosed,
  noteOpen,
  refuseOddNeighbours,
} from './project-files.ts';
import { projectFileFailure } from './project-file-sentences.ts';

/**
 * That this process alone may change a project; it ends with {@link ProjectLock.release} or with
 * the process.
 */
export interface ProjectLock {
  /** The project's real path. */
  readonly real: string;
  /** Notes how the project's file is while its log may hold more. */
  note(mark: FileMark): void;
  /** Idempotent. */
  release(): void;
}

/**
 * Takes the lock of a project, whether its file exists or not. The lock is SQLite's own write lock
 * on an empty file beside the project that nothing else opens: POSIX drops a process's locks of a
 * file when that process opens and closes the file by other means, and the project itself is a
 * file that people import, hash and copy. The operating system ends the lock with the process, so
 * a lock file that is left behind means nothing.
 * @throws AppError `project-locked`, saying who holds it; `invalid-input` where a link or pipe lies
 *   in a place of its own; `permission-denied`, `disk-full`, `not-found` (no such folder).
 */
export function lockProject(file: string): ProjectLock {
  const real = realFile(file);
  if (isOpenHere(real))
    throw projectFileFailure('project-locked', 'projectLocked', { file, ...whoHolds(real) });
  refuseOddNeighbours(real);
  const lockFile = real + lockSuffix;
  const connection = takeLock(lockFile, file, real);
  noteOpen(real);
  const holder = { pid: process.pid, host: hostname(), sinceMs: Date.now() };
  // The mark of a process that was killed tells which log is the file's own.
  writeHolder(real, { ...holder, mark: readHolder(real)?.mark });
  return {
    real,
    note: (mark) => writeHolder(real, { ...holder, mark }),
    release() {
      if (!isOpenHere(real)) return;
      noteClosed(real);
      if (!isLogNoted(real)) remove(real + holderSuffix);
      // Removed before it is let go: a waiting process sees that it is no longer the lock.
      remove(lockFile);
      connection.close();
      // Windows removes no file that is open.
      if (process.platform === 'win32') remove(lockFile);
    },
  };
}

/** The connection that holds the lock. */
function takeLock(lockFile: string, file: string, real: string): Database {
  for (;;) {
    // The previous holder of the lock may remove the file until it is locked here.
    const before = identity(lockFile);
    const connection = new Database(lockFile, { mustExist: false });
    try {
      // Nothing is ever written to the file, nor beside it.
      connection.pragma('journal_mode = MEMORY');
      connection.exec('BEGIN IMMEDIATE');
      if (before !== null && identity(lockFile) === before) return connection;
      connection.close();
    } catch (thrown) {
      connection.close();
      throw lockedBy(file, real, thrown as AppError);
    }
  }
}

/**
 * The file that a path leads to, so that every link to a project meets the same lock; it need not
 * exist.
 */
function realFile(file: string): string {
  if (existsSync(file)) return realpathSync(file);
  const folder = dirname(file);
  return existsSync(folder) ? join(realpathSync(folder), basename(file)) : file;
}

function identity(file: string): string | null {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found ? `${found.dev} ${found.ino} ${found.ctimeNs}` : null;
}

function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // A lock file that stays is in nobody's way.
  }
}

/**
 * Beside an open project lies a note of the process that has it, which words the error (older
 * versions read it too), and of the file as that process left it.
 */
const holderSchema = z.object({
  pid: z.number(),
  host: z.string(),
  sinceMs: z.number(),
  mark: z
    .object({ identity: z.string(), bytes: z.string(), modifiedNs: z.string() })
    .optional()
    .catch(undefined),
});
type Holder = z.infer<typeof holderSchema>;

function writeHolder(file: string, holder: Holder): void {
  try {
    writeFileSync(file + holderSuffix, JSON.stringify(holder));
  } catch {
    // A full disk must not keep a person from opening and exporting; the error just names nobody
    // then.
  }
}

/** The error, with who holds the project where it is locked. */
export function lockedBy(file: string, real: string, thrown: AppError): AppError {
  if (thrown.code !== 'project-locked') return thrown;
  return projectFileFailure('project-locked', 'projectLocked', { file, ...whoHolds(real) }, thrown);
}

/**
 * Where the log could not be moved, on a full disk for instance, the note goes on telling whose it
 * is.
 */
function isLogNoted(file: string): boolean {
  const mark = readHolder(file)?.mark;
  return mark !== undefined && existsSync(file + logSuffix) && isSameMark(mark, markOf(file));
}

function whoHolds(file: string): Omit<Holder, 'mark'> | null {
  const holder = readHolder(file);
  return holder && { pid: holder.pid, host: holder.host, sinceMs: holder.sinceMs };
}

/** The content of the note beside a project. */
export function readHolder(file: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file + holderSuffix, 'utf8')));
  } catch {
    return null; // No note, or half of one: the error then names nobody.
  }
}
