import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError, type ErrorCode } from '../core/errors.ts';
import type { DatabaseAdvice } from './project-file-sentences.ts';
import { listBackups } from './backup-files.ts';
import { projectFileFailure } from './project-file-sentences.ts';

/**
 * Result codes whose meaning a person can act on, longest prefix first; see
 * https://sqlite.org/rescode.html
 */
const meanings: readonly (readonly [prefix: string, code: ErrorCode, advice: DatabaseAdvice])[] = [
  ['SQLITE_NOTADB', 'database-corrupt', 'not-a-project'],
  ['SQLITE_CORRUPT', 'database-corrupt', 'open-backup'],
  ['SQLITE_IOERR_READ', 'database-corrupt', 'unreadable-part'],
  ['SQLITE_IOERR_SHORT_READ', 'database-corrupt', 'ends-early'],
  ['SQLITE_IOERR_CORRUPTFS', 'database-corrupt', 'damaged-disk'],
  ['SQLITE_IOERR_LOCK', 'permission-denied', 'allow-locking'],
  ['SQLITE_FULL', 'disk-full', 'free-space'],
  ['SQLITE_IOERR', 'disk-full', 'write-refused'],
  ['SQLITE_READONLY', 'permission-denied', 'allow-writing'],
  ['SQLITE_PERM', 'permission-denied', 'allow-access'],
  ['SQLITE_AUTH', 'permission-denied', 'allow-access'],
  ['SQLITE_BUSY', 'project-locked', 'close-elsewhere'],
  ['SQLITE_LOCKED', 'project-locked', 'close-elsewhere'],
  ['SQLITE_CONSTRAINT_UNIQUE', 'conflict', 'nothing-changed'],
  ['SQLITE_CONSTRAINT_FOREIGNKEY', 'conflict', 'nothing-changed'],
  ['SQLITE_CONSTRAINT', 'invalid-input', 'nothing-changed'],
];

/**
 * The error to show for anything that SQLite or the file system threw while working on `file`.
 * An AppError passes unchanged; what has no known meaning becomes `internal` and keeps its cause.
 */
export function toDatabaseError(thrown: unknown, file: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  const newestBackup = () => listBackups(file)[0]?.file ?? null;
  if (isDamagedContent(thrown)) {
    const parts = { file, reason, backup: newestBackup() };
    return projectFileFailure('database-corrupt', 'projectDamaged', parts, thrown);
  }
  const meaning = meaningOf(codeOf(thrown), file);
  if (!meaning) return new AppError('internal', `${file}: ${reason}.`, { file }, { cause: thrown });
  const [code, advice] = meaning;
  const parts = { file, reason, advice };
  if (code !== 'database-corrupt')
    return projectFileFailure(code, 'projectFileFailed', parts, thrown);
  return projectFileFailure(
    code,
    'projectFileCorrupt',
    { ...parts, backup: newestBackup() },
    thrown,
  );
}

/**
 * SQLite's JSON functions and search indexes have no code of their own for what they cannot read;
 * the functions are given columns only, never what a person asks for.
 */
function isDamagedContent(thrown: unknown): boolean {
  const reasons = /malformed JSON|invalid fts5 file format|vtable constructor failed/;
  return codeOf(thrown) === 'SQLITE_ERROR' && reasons.test((thrown as Error).message);
}

function codeOf(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : '';
  return typeof code === 'string' ? code : '';
}

function meaningOf(code: string, file: string): readonly [ErrorCode, DatabaseAdvice] | null {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return ['disk-full', 'free-space'];
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return ['permission-denied', 'allow-folder'];
    case 'ENOENT':
      return ['not-found', 'check-path'];
    case 'ENAMETOOLONG':
    case 'ERR_INVALID_ARG_VALUE': // a NUL in the name
      return ['invalid-input', 'check-path'];
  }
  // The driver looks for the folder before SQLite does, and gives no code.
  if (code === '' && !existsSync(dirname(file))) return ['not-found', 'check-path'];
  if (code.startsWith('SQLITE_CANTOPEN')) {
    return existsSync(dirname(file))
      ? ['permission-denied', 'allow-access']
      : ['not-found', 'check-path'];
  }
  const meaning = meanings.find(([prefix]) => code.startsWith(prefix));
  return meaning ? [meaning[1], meaning[2]] : null;
}
