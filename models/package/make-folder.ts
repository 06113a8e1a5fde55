import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';

/**
 * Makes a folder that appears complete or not at all: `fill` writes into a draft beside it, which
 * is then renamed.
 * @throws AppError `already-exists` when the target does, `not-found` when the folder above it does
 *   not, `disk-full`, `permission-denied`, and whatever `fill` throws
 */
export async function makeFolder<Made>(
  targetDirectory: string,
  fill: (draft: string) => Promise<Made>,
): Promise<Made> {
  const target = resolve(targetDirectory);
  if (await exists(target)) {
    throw new AppError(
      'already-exists',
      `${target} exists already. Remove it or choose another folder.`,
    );
  }
  const draft = join(dirname(target), `.${basename(target)}.partial-${String(process.pid)}`);
  try {
    await rm(draft, { recursive: true, force: true });
    await makeDraft(draft);
    const made = await fill(draft);
    await rename(draft, target);
    return made;
  } catch (error) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
    throw asAppError(error, target);
  }
}

async function makeDraft(draft: string): Promise<void> {
  try {
    await mkdir(draft);
  } catch (cause) {
    const parent = dirname(draft);
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    // A file system such as /proc answers so for a folder that is there but takes no others.
    throw (await exists(parent))
      ? new AppError(
          'permission-denied',
          `No folder can be made in ${parent}. Choose a folder you may write to.`,
          {},
          { cause },
        )
      : new AppError(
          'not-found',
          `There is no folder ${parent}. Make it first, or choose another one.`,
          {},
          { cause },
        );
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function asAppError(error: unknown, target: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || error instanceof AppError) return error;
  if (error.code === 'ENOSPC') {
    return new AppError(
      'disk-full',
      `The disk filled up while writing ${target}. Free some space and try again.`,
      {},
      { cause: error },
    );
  }
  if (error.code === 'EACCES' || error.code === 'EROFS' || error.code === 'EPERM') {
    return new AppError(
      'permission-denied',
      `${target} cannot be written. Choose a folder you may write to.`,
      {},
      { cause: error },
    );
  }
  return error;
}
