import { readdirSync, statSync } from 'node:fs';
import { join, parse } from 'node:path';

/** Where the copy of a project goes that is made before its format is changed: beside it. */
export function backupName(file: string, version: number, atMs: number): string {
  const { dir, name, ext } = parse(file);
  const time = new Date(atMs).toISOString().replaceAll(/[:.]/g, '-');
  return join(dir, `${name}.backup-${version}-${time}${ext}`);
}

/** The newest copy that {@link backupName} named, or null when there is none or the folder cannot be listed. */
export function lastBackup(file: string): string | null {
  const { dir, name, ext } = parse(file);
  const copies = list(dir || '.')
    .filter((entry) => entry.startsWith(`${name}.backup-`) && entry.endsWith(ext))
    .map((entry) => join(dir, entry));
  const modifiedMs = (copy: string) => statSync(copy).mtimeMs;
  return copies.sort((a, b) => modifiedMs(a) - modifiedMs(b)).at(-1) ?? null;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // The error that asks for a backup matters more than this one.
  }
}
