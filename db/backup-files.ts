import { readdirSync, statSync } from 'node:fs';
import { join, parse } from 'node:path';

/** A copy of a project that lies beside it. */
export interface BackupFile {
  readonly file: string;
  readonly writtenAtMs: number;
  readonly bytes: number;
}

/** Where the copy of a project goes: beside it, named by the time and by why it was made. */
export function backupName(file: string, atMs: number, reason = ''): string {
  const { dir, name, ext } = parse(file);
  const time = new Date(atMs).toISOString().replaceAll(/[:.]/g, '-');
  return join(dir, `${name}.backup-${reason && `${reason}-`}${time}${ext}`);
}

/** The copies that {@link backupName} named, newest first; none when the folder cannot be listed. */
export function listBackups(file: string): BackupFile[] {
  const { dir, name, ext } = parse(file);
  return list(dir || '.')
    .filter((entry) => entry.startsWith(`${name}.backup-`) && entry.endsWith(ext))
    .flatMap((entry) => {
      const copy = join(dir, entry);
      const found = statSync(copy, { throwIfNoEntry: false });
      return found ? [{ file: copy, writtenAtMs: found.mtimeMs, bytes: found.size }] : [];
    })
    .sort((left, right) => right.writtenAtMs - left.writtenAtMs);
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // The error that asks for a backup matters more than this one.
  }
}
