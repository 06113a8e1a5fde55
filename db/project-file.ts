import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { z } from 'zod';
import { AppError, failure } from '../core/errors.ts';
import { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { toDatabaseError } from './sqlite-error.ts';

/** "PxSa": marks an SQLite file as a project of this program (see the SQLite file format, offset 68). */
const applicationId = 0x50785361;

/**
 * Makes a new project file and opens it.
 * @throws AppError `already-exists`, `permission-denied`, `disk-full`, `not-found` (no such folder).
 */
export function createProjectFile(file: string, name: string): Database {
  if (existsSync(file)) {
    throw new AppError(
      'already-exists',
      `${file} exists already. Open it, or choose another name.`,
      {
        file,
      },
    );
  }
  if (!existsSync(dirname(file))) {
    throw new AppError('not-found', `There is no folder ${dirname(file)}. Make it first.`, {
      file,
    });
  }
  // The file gets its name when it is complete: a process killed before leaves no half project.
  const draft = `${file}-draft`;
  removeDraft(draft);
  try {
    writeEmptyProject(draft, name);
    renameSync(draft, file);
  } catch (thrown) {
    removeDraft(draft);
    throw toDatabaseError(thrown, file);
  }
  return openProjectFile(file);
}

function writeEmptyProject(file: string, name: string): void {
  const database = new Database(file, { mustExist: false });
  try {
    configure(database);
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
  for (const suffix of ['', '-wal']) rmSync(draft + suffix, { force: true });
}

/**
 * Opens a project file for this process alone, and brings it to the newest format.
 * @throws AppError `not-found`, `project-locked` (says who holds it), `database-from-future` and
 *   `database-corrupt` (the file is left as it is), `permission-denied`, `disk-full`.
 */
export function openProjectFile(file: string): Database {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw failure('not-found', 'projectFileMissing', { file });
  }
  const database = new Database(file, { mustExist: true });
  try {
    // The exclusive lock is taken by the first read and held by the operating system until this process
    // closes the file or dies, so that it is never stale. POSIX drops it when the same process opens and closes
    // the file by other means: an open project is copied with `backup`, never read as a file.
    database.pragma('locking_mode = EXCLUSIVE');
    refuseForeignFile(database);
    configure(database);
    migrate(database);
    writeHolder(file);
    return database;
  } catch (thrown) {
    database.close();
    throw thrown instanceof AppError && thrown.code === 'project-locked'
      ? lockedBy(file, thrown)
      : thrown;
  }
}

/** Closes the file; SQLite moves the write-ahead log into it, so that one file is left. */
export function closeProjectFile(database: Database): void {
  rmSync(database.file + holderSuffix, { force: true });
  database.close();
}

function refuseForeignFile(database: Database): void {
  if (statSync(database.file).size > 0 && database.pragma('application_id') === applicationId)
    return;
  throw failure('database-corrupt', 'projectForeign', { file: database.file });
}

/**
 * `synchronous = FULL`: an acknowledged edit survives a power loss, not only a killed process. It costs one
 * fsync for each edit (measured: 0.3 ms on an SSD at rest, where NORMAL costs 0.02 ms). macOS needs `fullfsync`
 * for the same promise; elsewhere it changes nothing.
 */
function configure(database: Database): void {
  database.pragma('locking_mode = EXCLUSIVE');
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('fullfsync = ON');
  database.pragma('foreign_keys = ON');
  // A statement that fires triggers keeps its own undo log: in memory instead of in a file, writing is
  // 3 times faster.
  database.pragma('temp_store = MEMORY');
  // Imports write much at once: larger than the defaults, they cost memory and disk only while they are needed.
  database.pragma('cache_size = -65536');
  database.pragma('wal_autocheckpoint = 8000');
  database.pragma('journal_size_limit = 67108864');
}

/**
 * Beside an open project lies a note of the process that has it. It only words the error: the lock itself is
 * the operating system's, and a note left behind by a killed process means nothing.
 */
const holderSuffix = '-holder';
const holderSchema = z.object({ pid: z.number(), host: z.string(), sinceMs: z.number() });

function writeHolder(file: string): void {
  const holder = { pid: process.pid, host: hostname(), sinceMs: Date.now() };
  try {
    writeFileSync(file + holderSuffix, JSON.stringify(holder));
  } catch {
    // A full disk must not keep a person from opening and exporting; the error just names nobody then.
  }
}

function lockedBy(file: string, cause: AppError): AppError {
  return failure('project-locked', 'projectLocked', { file, ...readHolder(file) }, cause);
}

function readHolder(file: string): z.infer<typeof holderSchema> | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file + holderSuffix, 'utf8')));
  } catch {
    return null; // No note, or half of one: the error then names nobody.
  }
}
