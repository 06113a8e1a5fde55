import { closeSync, existsSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../core/errors.ts';
import type { Database } from './database.ts';
import { toDatabaseError } from './sqlite-error.ts';

/** The ending of a project file. */
export const projectExtension = '.pixelsail';

/**
 * Writes a consistent, compact copy of the database to `target`, on disk when this returns.
 * @throws AppError `already-exists`, `not-found` (no such folder); `disk-full` and others, after which no partial copy is left.
 */
export function backupDatabase(database: Database, target: string): void {
  if (existsSync(target)) {
    throw new AppError(
      'already-exists',
      `${target} exists already and was left as it is. Choose another name for the backup.`,
      { file: target },
    );
  }
  if (!existsSync(dirname(target))) {
    throw new AppError('not-found', `There is no folder ${dirname(target)}. Make it first.`, {
      file: target,
    });
  }
  try {
    database.run('VACUUM INTO @target', { target });
    const descriptor = openSync(target, 'r+');
    fsyncSync(descriptor);
    closeSync(descriptor);
  } catch (thrown) {
    rmSync(target, { force: true });
    const { code, message, detail } = toDatabaseError(thrown, database.file);
    throw new AppError(code, `The backup ${target} was not written. ${message}`, detail, {
      cause: thrown,
    });
  }
}
