import { closeSync, existsSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { AppError } from '../core/errors.ts';
import type { Database } from './database.ts';
import { toDatabaseError } from './sqlite-error.ts';

/** The ending of a project file. */
export const projectExtension = '.pixelsail';

/**
 * Writes a consistent, compact copy of the database to `target`, on disk when this returns.
 * @throws AppError `already-exists`; `disk-full` and others, after which no partial copy is left.
 */
export function backupDatabase(database: Database, target: string): void {
  if (existsSync(target)) {
    throw new AppError(
      'already-exists',
      `${target} exists already and was left as it is. Choose another name for the backup.`,
      { file: target },
    );
  }
  try {
    database.run('VACUUM INTO @target', { target });
    const descriptor = openSync(target, 'r+');
    fsyncSync(descriptor);
    closeSync(descriptor);
  } catch (thrown) {
    rmSync(target, { force: true });
    throw toDatabaseError(thrown, target);
  }
}
