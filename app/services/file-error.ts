import { AppError, type ErrorCode } from '../../core/errors.ts';

const reasons: Record<string, { code: ErrorCode; reason: string }> = {
  ENOENT: { code: 'not-found', reason: 'it does not exist. Check the path' },
  ENOTDIR: { code: 'invalid-input', reason: 'it is not a folder. Choose the folder itself' },
  EISDIR: { code: 'invalid-input', reason: 'it is a folder. Choose a file' },
  EEXIST: { code: 'already-exists', reason: 'it exists already. Choose another name' },
  EACCES: { code: 'permission-denied', reason: 'permission is missing. Change its permissions' },
  EPERM: { code: 'permission-denied', reason: 'permission is missing. Change its permissions' },
  EROFS: { code: 'permission-denied', reason: 'the disk is read-only. Choose another place' },
  ENOSPC: { code: 'disk-full', reason: 'the disk is full. Free some space' },
};

/** Turns an error of the file system into one that names the file, the reason and the way out. */
export function toFileError(thrown: unknown, action: string, path: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const { code, message } = thrown as NodeJS.ErrnoException;
  const known = reasons[code ?? ''];
  return new AppError(
    known?.code ?? 'internal',
    known
      ? `Cannot ${action} ${path}: ${known.reason} and try again.`
      : `Cannot ${action} ${path}: ${message}`,
    { path },
    { cause: thrown },
  );
}
