import { closeSync, existsSync, fsyncSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
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

/** Copies the project beside itself as `NAME.backup-VERSION-TIME.pixelsail`. */
export function backupBeforeMigration(database: Database, version: number): void {
  const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
  backupDatabase(database, `${stem(database.file)}.backup-${version}-${time}${projectExtension}`);
}

/** The newest copy that was made beside the project, or null. */
export function lastBackup(file: string): string | null {
  const folder = dirname(file);
  const prefix = `${basename(stem(file))}.backup-`;
  const copies = readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && name.endsWith(projectExtension))
    .map((name) => join(folder, name));
  const modified = (copy: string) => statSync(copy).mtimeMs;
  return copies.sort((a, b) => modified(a) - modified(b)).at(-1) ?? null;
}

function stem(file: string): string {
  return file.endsWith(projectExtension) ? file.slice(0, -projectExtension.length) : file;
}
