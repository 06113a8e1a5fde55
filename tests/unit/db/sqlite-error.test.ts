import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AppError } from '../../../core/errors.ts';
import { toDatabaseError } from '../../../db/sqlite-error.ts';

const file = join(tmpdir(), 'cats.pixelsail');
const lost = join(tmpdir(), 'no-such-folder', 'cats.pixelsail');
const failing = (code: string) => Object.assign(new Error('it failed'), { code });

test.each([
  ['SQLITE_FULL', file, 'disk-full'],
  ['SQLITE_IOERR_WRITE', file, 'disk-full'],
  ['SQLITE_IOERR', file, 'disk-full'],
  ['ENOSPC', file, 'disk-full'],
  ['SQLITE_IOERR_READ', file, 'database-corrupt'],
  ['SQLITE_CORRUPT_INDEX', file, 'database-corrupt'],
  ['SQLITE_NOTADB', file, 'database-corrupt'],
  ['SQLITE_READONLY_DIRECTORY', file, 'permission-denied'],
  ['SQLITE_IOERR_LOCK', file, 'permission-denied'],
  ['SQLITE_CANTOPEN', file, 'permission-denied'],
  ['SQLITE_CANTOPEN', lost, 'not-found'],
  ['', lost, 'not-found'],
  ['', file, 'internal'],
  ['EROFS', file, 'permission-denied'],
  ['ENOENT', file, 'not-found'],
  ['ENAMETOOLONG', file, 'invalid-input'],
  ['ERR_INVALID_ARG_VALUE', file, 'invalid-input'],
  ['SQLITE_BUSY', file, 'project-locked'],
  ['SQLITE_CONSTRAINT_UNIQUE', file, 'conflict'],
  ['SQLITE_CONSTRAINT_CHECK', file, 'invalid-input'],
  ['SQLITE_ERROR', file, 'internal'],
])('%s on %s means %s', (thrown, path, code) => {
  const cause = failing(thrown);
  const error = toDatabaseError(cause, path);
  expect(error).toMatchObject({ code, cause, detail: { file: path } });
  expect(error.message).toContain(`${path}: it failed.`);
});

test('an error that is meant for people already passes unchanged', () => {
  const error = new AppError('conflict', 'Image a.jpg was changed in the meantime.');
  expect(toDatabaseError(error, file)).toBe(error);
});

test('a thrown value that is no error keeps its words', () => {
  expect(toDatabaseError('odd', file)).toMatchObject({
    code: 'internal',
    message: `${file}: odd.`,
  });
});
