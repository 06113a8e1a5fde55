import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError, type ErrorCode } from '../core/errors.ts';
import { listBackups } from './backup-files.ts';

/** Result codes whose meaning a person can act on, longest prefix first; see https://sqlite.org/rescode.html */
const meanings: readonly (readonly [prefix: string, code: ErrorCode, advice: string])[] = [
  [
    'SQLITE_NOTADB',
    'database-corrupt',
    'It is not a project file, or its beginning was overwritten.',
  ],
  ['SQLITE_CORRUPT', 'database-corrupt', 'Keep a copy of the file and open a backup.'],
  ['SQLITE_IOERR_READ', 'database-corrupt', 'Part of the file cannot be read from the disk.'],
  ['SQLITE_IOERR_SHORT_READ', 'database-corrupt', 'The file ends too early.'],
  ['SQLITE_IOERR_CORRUPTFS', 'database-corrupt', 'The file system of the disk is damaged.'],
  [
    'SQLITE_IOERR_LOCK',
    'permission-denied',
    'The file cannot be locked. Allow writing to it, or copy the project to a disk of this computer.',
  ],
  ['SQLITE_FULL', 'disk-full', 'Nothing was changed. Free some space and try again.'],
  [
    'SQLITE_IOERR',
    'disk-full',
    'The disk refused the write. Nothing was changed. Free some space and try again.',
  ],
  [
    'SQLITE_READONLY',
    'permission-denied',
    'Allow writing to the file and its folder, or copy the project elsewhere.',
  ],
  ['SQLITE_PERM', 'permission-denied', 'Allow reading and writing the file and its folder.'],
  ['SQLITE_AUTH', 'permission-denied', 'Allow reading and writing the file and its folder.'],
  ['SQLITE_BUSY', 'project-locked', 'Another program has the file open. Close it there first.'],
  ['SQLITE_LOCKED', 'project-locked', 'Another program has the file open. Close it there first.'],
  ['SQLITE_CONSTRAINT_UNIQUE', 'conflict', 'Nothing was changed.'],
  ['SQLITE_CONSTRAINT_FOREIGNKEY', 'conflict', 'Nothing was changed.'],
  ['SQLITE_CONSTRAINT', 'invalid-input', 'Nothing was changed.'],
];

/**
 * The error to show for anything that SQLite or the file system threw while working on `file`.
 * An AppError passes unchanged; what has no known meaning becomes `internal` and keeps its cause.
 */
export function toDatabaseError(thrown: unknown, file: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  const [code, advice] = meaningOf(codeOf(thrown), file);
  const message = `${file}: ${reason}. ${advice}`.trim();
  if (code !== 'database-corrupt') {
    return new AppError(code, message, { file }, { cause: thrown });
  }
  const backup = listBackups(file)[0]?.file;
  const where = backup
    ? `The last backup beside it is ${backup}.`
    : 'There is no backup beside it.';
  return new AppError(code, `${message} ${where}`, { file, backup }, { cause: thrown });
}

function codeOf(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : '';
  return typeof code === 'string' ? code : '';
}

function meaningOf(code: string, file: string): readonly [ErrorCode, string] {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return ['disk-full', 'Nothing was changed. Free some space and try again.'];
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return ['permission-denied', 'Allow writing to the folder, or choose another one.'];
    case 'ENOENT':
      return ['not-found', 'Check the path.'];
  }
  if (code.startsWith('SQLITE_CANTOPEN')) {
    return existsSync(dirname(file))
      ? ['permission-denied', 'Allow reading and writing the file and its folder.']
      : ['not-found', 'Check the path.'];
  }
  const meaning = meanings.find(([prefix]) => code.startsWith(prefix));
  return meaning ? [meaning[1], meaning[2]] : ['internal', ''];
}
