import { rmSync } from 'node:fs';
import { Database } from './database.ts';
import { partSuffix, publishNew } from './durable.ts';
import { refuseOrphanLog } from './orphan-log.ts';
import { copyWithLog, logIndexSuffix, logSuffix } from './project-files.ts';
import { quickProblems } from './quick-check.ts';
import { toDatabaseError } from './sqlite-error.ts';
import { projectFileFailure } from './project-file-sentences.ts';

/**
 * Copies a backup, with the log that a killed process left beside it, to a new name. The copy has
 * that name when it was found sound and is on disk; the backup stays as it is.
 * @throws AppError `not-found`, `invalid-input` (no plain file), `already-exists`,
 * `database-corrupt`, `disk-full`, `permission-denied`.
 */
export function restoreFile(backup: string, target: string): void {
  const part = target + partSuffix;
  try {
    refuseOrphanLog(target);
    removePart(part);
    copyWithLog(backup, part);
    foldLogIn(part, backup);
    publishNew(part, target);
  } catch (thrown) {
    const error = toDatabaseError(thrown, backup);
    if (error.code !== 'invalid-input') removePart(part);
    throw error;
  }
}

/** Closing the copy moves its log into it. */
function foldLogIn(part: string, backup: string): void {
  const database = new Database(part, { mustExist: true });
  try {
    database.pragma('locking_mode = EXCLUSIVE');
    const [problem] = quickProblems(database);
    if (problem === undefined) return;
    const parts = { file: backup, reason: problem, advice: 'open-backup' as const };
    throw projectFileFailure('database-corrupt', 'projectFileFailed', parts);
  } finally {
    database.close();
  }
}

function removePart(part: string): void {
  for (const suffix of ['', '-journal', logSuffix, logIndexSuffix]) {
    rmSync(part + suffix, { force: true });
  }
}
