import { existsSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../core/errors.ts';
import { listBackups } from './backup-files.ts';
import { configureConnection } from './configure-connection.ts';
import { Database } from './database.ts';
import { publishNew } from './durable.ts';
import { refuseForeignLog } from './leftover-log.ts';
import { refuseOrphanLog } from './orphan-log.ts';
import { migrate } from './migrate.ts';
import { OpenFile } from './open-file.ts';
import { requireProjectFile } from './project-files.ts';
import { lockedBy, lockProject, type ProjectLock } from './project-lock.ts';
import { quickProblems } from './quick-check.ts';
import { refuseForeignSchema } from './schema.ts';
import { toDatabaseError } from './sqlite-error.ts';
import { projectFileFailure } from './project-file-sentences.ts';

/**
 * "PxSa": marks an SQLite file as a project of this program (see the SQLite file format, offset
 * 68).
 */
const applicationId = 0x50785361;

/**
 * Makes a new project file and opens it.
 * @throws AppError `already-exists`, `permission-denied`, `disk-full`, `not-found` (no such
 * folder).
 */
export function createProjectFile(file: string, name: string): Database {
  refuseExisting(file);
  if (!existsSync(dirname(file))) {
    throw new AppError('not-found', `There is no folder ${dirname(file)}. Make it first.`, {
      file,
    });
  }
  const lock = lockProject(file);
  try {
    // Another process may have made it while this one waited for the lock.
    refuseExisting(file);
    refuseOrphanLog(lock.real);
    writeNewFile(file, name);
  } catch (thrown) {
    lock.release();
    throw toDatabaseError(thrown, file);
  }
  return openLocked(file, lock);
}

/** @throws AppError `already-exists` */
export function refuseExisting(file: string): void {
  if (!existsSync(file)) return;
  throw projectFileFailure('already-exists', 'projectExists', { file });
}

/**
 * The file gets its name when it is complete and on disk: a process killed before leaves no half
 * project.
 */
function writeNewFile(file: string, name: string): void {
  const draft = `${file}-draft`;
  removeDraft(draft);
  try {
    writeEmptyProject(draft, name);
    publishNew(draft, file);
  } catch (thrown) {
    removeDraft(draft);
    throw thrown;
  }
}

function writeEmptyProject(file: string, name: string): void {
  const database = new Database(file, { mustExist: false });
  try {
    configureConnection(database);
    database.pragma(`application_id = ${applicationId}`);
    migrate(database);
    database.run('INSERT INTO project (id, name, created_at_ms) VALUES (1, @name, @now)', {
      name,
      now: Date.now(),
    });
  } finally {
    database.close();
  }
}

function removeDraft(draft: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(draft + suffix, { force: true });
}

/**
 * Opens a project file for this process alone, and brings it to the newest format.
 * @throws AppError `not-found`, `project-locked` (says who holds it), `database-from-future` and
 *   `database-corrupt` (the file is left as it is), `permission-denied`, `disk-full`.
 */
export function openProjectFile(file: string): Database {
  requireProjectFile(file);
  return openLocked(file, lockProject(file));
}

/**
 * The open projects and their locks; what nothing refers to would be closed by the garbage
 * collector.
 */
const openFiles = new Map<Database, { file: OpenFile; lock: ProjectLock }>();

function openLocked(file: string, lock: ProjectLock): Database {
  try {
    refuseForeignLog(lock.real);
    prepareAlone(file);
    const database = new Database(file, { mustExist: true });
    try {
      configureConnection(database);
      // SQLite keeps its shared lock on the file from its first read on, which keeps out what
      // wants the file for itself: versions of this program that do not know the lock file, and
      // links with another name.
      refuseForeignFile(database);
    } catch (thrown) {
      database.close();
      throw thrown;
    }
    openFiles.set(database, { file: new OpenFile(database, lock), lock });
    return database;
  } catch (thrown) {
    lock.release();
    throw thrown instanceof AppError ? lockedBy(file, lock.real, thrown) : thrown;
  }
}

/**
 * Looks at the file and brings it to the newest format while nobody else can have it open, under
 * any name; the write-ahead log of a process that was killed moves into it.
 */
function prepareAlone(file: string): void {
  const database = new Database(file, { mustExist: true });
  try {
    database.pragma('locking_mode = EXCLUSIVE');
    refuseForeignFile(database);
    refuseForeignSchema(database);
    if (isCheckedAtOnce(file)) refuseDamagedFile(database);
    configureConnection(database);
    migrate(database);
  } finally {
    database.close();
  }
}

/** Settles when no other thread of this process is at the file. */
export async function settleProjectFile(database: Database): Promise<void> {
  await openFiles.get(database)?.file.settled();
}

/** Closes the file; SQLite moves the write-ahead log into it, so that one file is left. */
export function closeProjectFile(database: Database): void {
  const open = openFiles.get(database);
  if (!open) return;
  openFiles.delete(database);
  open.file.close();
  open.lock.release();
}

/**
 * Larger files would keep a window waiting (100 MB take about 0.3 s): they are checked once they
 * are open, see `ProjectDatabase.quickCheck`.
 */
const checkedAtOnceBytes = 64e6;

export function isCheckedAtOnce(file: string): boolean {
  return statSync(file).size <= checkedAtOnceBytes;
}

/** @throws AppError `database-corrupt`. */
function refuseDamagedFile(database: Database): void {
  const [reason] = quickProblems(database);
  if (reason !== undefined) throw damagedFile(database.file, reason);
}

/** The error for a project file that SQLite finds damaged. */
export function damagedFile(file: string, reason: string): AppError {
  const backup = listBackups(file)[0]?.file ?? null;
  return projectFileFailure('database-corrupt', 'projectDamaged', { file, reason, backup });
}

function refuseForeignFile(database: Database): void {
  if (statSync(database.file).size > 0 && database.pragma('application_id') === applicationId)
    return;
  throw projectFileFailure('database-corrupt', 'projectForeign', { file: database.file });
}
