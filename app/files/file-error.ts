import { AppError, type ErrorCode } from '../../core/errors.ts';
import type { FileAction, FileReason } from './sentences.ts';
import { fileFailure } from './sentences.ts';

const reasons: Readonly<Record<string, readonly [ErrorCode, FileReason]>> = {
  ENOENT: ['not-found', 'missing'],
  ENAMETOOLONG: ['invalid-input', 'name-too-long'],
  // A NUL in the name: no system call is made.
  ERR_INVALID_ARG_VALUE: ['invalid-input', 'impossible-name'],
  EILSEQ: ['invalid-input', 'impossible-name'],
  ELOOP: ['invalid-input', 'circle-of-links'],
  ERR_FS_FILE_TOO_LARGE: ['invalid-input', 'too-large'],
  EFBIG: ['disk-full', 'disk-full'],
  EDQUOT: ['disk-full', 'disk-full'],
  EIO: ['permission-denied', 'disk-error'],
  ENOTDIR: ['invalid-input', 'not-a-folder'],
  EISDIR: ['invalid-input', 'is-a-folder'],
  EEXIST: ['already-exists', 'exists'],
  EACCES: ['permission-denied', 'no-permission'],
  EPERM: ['permission-denied', 'no-permission'],
  EROFS: ['permission-denied', 'read-only'],
  ENOSPC: ['disk-full', 'disk-full'],
};

/** Turns an error of the file system into one that names the file, the reason and the way out. */
export function toFileError(thrown: unknown, action: FileAction, path: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const { code, message } = thrown as NodeJS.ErrnoException;
  const known = reasons[code ?? ''];
  if (known) return fileFailure(known[0], 'fileFailed', { action, path, reason: known[1] }, thrown);
  return new AppError(
    'internal',
    `Cannot ${action} ${path}: ${message}`,
    { path },
    { cause: thrown },
  );
}
