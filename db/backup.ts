import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../core/errors.ts';
import { Database } from './database.ts';
import { partSuffix, publishNew } from './durable.ts';
import { refuseOrphanLog } from './orphan-log.ts';
import { toDatabaseError } from './sqlite-error.ts';
import { backupFailure } from './backup-sentences.ts';
import { projectFileFailure } from './project-file-sentences.ts';

/** The ending of a project file. */
export const projectExtension = '.pixelsail';

/**
 * Writes a consistent, compact copy of the database to `target`. The copy has a temporary name
 * until it is complete, was found sound and is on disk.
 * @throws AppError `already-exists`, `not-found` (no such folder); `disk-full` and others, after
 * which no partial copy is left.
 */
export function backupDatabase(database: Database, target: string): void {
  refuseTarget(target);
  const part = target + partSuffix;
  removePart(part);
  try {
    database.copyInto(part);
    refuseUnsound(part);
    publishNew(part, target);
  } catch (thrown) {
    removePart(part);
    const { code, message, detail } = toDatabaseError(thrown, database.file);
    throw new AppError(code, `The backup ${target} was not written. ${message}`, detail, {
      cause: thrown,
    });
  }
}

/**
 * {@link backupDatabase} on a connection of its own, so that it can run in another thread than the
 * project's.
 */
export function backupFile(file: string, target: string): void {
  const database = new Database(file, { mustExist: true, readOnly: true });
  try {
    backupDatabase(database, target);
  } finally {
    database.close();
  }
}

function refuseTarget(target: string): void {
  if (existsSync(target)) throw backupFailure('already-exists', 'backupExists', { file: target });
  const folder = dirname(target);
  if (!existsSync(folder)) throw backupFailure('not-found', 'backupFolderMissing', { folder });
  refuseOrphanLog(target);
}

function refuseUnsound(part: string): void {
  const copy = new Database(part, { mustExist: true, readOnly: true });
  try {
    const problem = copy.pragma('quick_check(1)');
    if (problem !== 'ok') {
      const parts = { file: part, reason: String(problem), advice: 'damaged-disk' as const };
      throw projectFileFailure('database-corrupt', 'projectFileFailed', parts);
    }
  } finally {
    copy.close();
  }
}

function removePart(part: string): void {
  for (const suffix of ['', '-journal']) rmSync(part + suffix, { force: true });
}
