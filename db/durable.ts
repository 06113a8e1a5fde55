import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * The ending of a file that is not complete yet. A process that is killed leaves it under this
 * name, never under the final one.
 */
export const partSuffix = '.part';

/**
 * Gives a complete file its name, in place of what has it now. Its bytes and its name are on disk
 * when this returns.
 * @param part in the same folder
 */
export function publish(part: string, file: string): void {
  sync(part, 'r+');
  renameSync(part, file);
  syncFolder(dirname(file));
}

/** Like {@link publish}, but throws `EEXIST` where something has the name. */
export function publishNew(part: string, file: string): void {
  sync(part, 'r+');
  try {
    linkSync(part, file);
    rmSync(part);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw thrown;
    renameSync(part, file); // This file system has no second names.
  }
  syncFolder(dirname(file));
}

/**
 * Puts the names in a folder on disk, where the system can: Windows and some network disks sync no
 * folders.
 */
export function syncFolder(folder: string): void {
  try {
    sync(folder, 'r');
  } catch {
    // The names are then as safe as the system makes them.
  }
}

/** Puts the bytes of a file on disk while the caller's thread does other things. */
export async function syncFileAside(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function sync(path: string, flags: string): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
