import { rmSync } from 'node:fs';
import { checkDatabase } from './check.ts';
import { Database } from './database.ts';
import { isSameMark, markOf } from './file-mark.ts';
import { partSuffix } from './durable.ts';
import { copyWithLog, logIndexSuffix, logSuffix } from './project-files.ts';
import { hasBytes } from './orphan-log.ts';
import { migrateCopy } from './migrate.ts';
import { readHolder } from './project-lock.ts';
import { refuseForeignSchema } from './schema.ts';
import { toDatabaseError } from './sqlite-error.ts';
import { projectFileFailure } from './project-file-sentences.ts';

/**
 * A process that was killed leaves the newest edits in the log `NAME-wal`. SQLite takes every log
 * that has the right name, also one that belongs to another file of that name, and then mixes
 * both. So it is only taken where the file is as the process that wrote the log noted it, or where
 * both together are found whole.
 * @param file its real path; this process has its lock
 * @throws AppError `database-corrupt`, naming both files, which are left as they are.
 */
export function refuseForeignLog(file: string): void {
  const log = file + logSuffix;
  if (!hasBytes(log) || isSameMark(readHolder(file)?.mark ?? null, markOf(file))) return;
  const copy = `${file}-pair${partSuffix}`;
  removeCopy(copy);
  try {
    copyWithLog(file, copy);
    if (!isWhole(copy))
      throw projectFileFailure('database-corrupt', 'projectLogForeign', { file, log });
  } catch (thrown) {
    throw toDatabaseError(thrown, file);
  } finally {
    removeCopy(copy);
  }
}

function isWhole(copy: string): boolean {
  const database = new Database(copy, { mustExist: true });
  try {
    database.pragma('locking_mode = EXCLUSIVE');
    refuseForeignSchema(database);
    // Logs of earlier versions, or of a process killed before the migration, are checked by the
    // current rules.
    migrateCopy(database);
    return checkDatabase(database).length === 0;
  } catch {
    return false; // An unreadable log is not whole.
  } finally {
    database.close();
  }
}

function removeCopy(copy: string): void {
  for (const suffix of ['', logSuffix, logIndexSuffix]) rmSync(copy + suffix, { force: true });
}
