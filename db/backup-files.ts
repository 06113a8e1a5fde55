import { readdirSync, statSync } from 'node:fs';
import { join, parse } from 'node:path';
import { partSuffix } from './durable.ts';

/** A copy of a project that lies beside it. */
export interface BackupFile {
  readonly file: string;
  readonly writtenAtMs: number;
  readonly bytes: number;
  /**
   * The program made it by itself, and deletes it when it is old (see {@link superfluousBackups}).
   */
  readonly isAutomatic: boolean;
}

/**
 * Why a copy is made, where its name says so: by the program itself, or before the format of this
 * number was left.
 */
type BackupReason = '' | 'auto' | `${number}`;

/** Where the copy of a project goes: beside it, named by the time and by why it was made. */
export function backupName(file: string, atMs: number, reason: BackupReason = ''): string {
  const { dir, name, ext } = parse(file);
  const time = new Date(atMs).toISOString().replaceAll(/[:.]/g, '-');
  return join(dir, `${name}.backup-${reason && `${reason}-`}${time}${ext}`);
}

/**
 * The copies that {@link backupName} named, newest first; none when the folder cannot be listed.
 */
export function listBackups(file: string): BackupFile[] {
  const { dir, name, ext } = parse(file);
  const prefix = `${name}.backup-`;
  return list(dir || '.')
    .filter((entry) => entry.startsWith(prefix) && entry.endsWith(ext))
    .flatMap((entry) => {
      const copy = join(dir, entry);
      const found = statSync(copy, { throwIfNoEntry: false });
      if (!found?.isFile()) return [];
      const isAutomatic = entry.startsWith(`${prefix}auto-`);
      return [{ file: copy, writtenAtMs: found.mtimeMs, bytes: found.size, isAutomatic }];
    })
    .sort((left, right) => right.writtenAtMs - left.writtenAtMs);
}

/**
 * Partial copies of a project from killed processes. The holder of the project's lock may delete
 * them.
 */
export function abandonedBackups(file: string): string[] {
  const { dir, name, ext } = parse(file);
  return list(dir || '.')
    .filter((entry) => entry.startsWith(`${name}.backup-`))
    .filter((entry) => entry.includes(`${ext}${partSuffix}`))
    .map((entry) => join(dir, entry));
}

const dayMs = 86_400_000;

/**
 * The automatic copies that are no longer kept. Kept are the newest five, the newest of each of
 * the last fourteen days and the newest of each of the last eight weeks. Copies that a person
 * asked for, or that were made before a change of the format, are never among the superfluous
 * ones.
 */
export function superfluousBackups(backups: readonly BackupFile[], nowMs: number): BackupFile[] {
  const automatic = backups.filter(({ isAutomatic }) => isAutomatic);
  const kept = new Set(automatic.slice(0, 5));
  keepNewestOfEach(automatic, kept, nowMs, dayMs, 14);
  keepNewestOfEach(automatic, kept, nowMs, 7 * dayMs, 8);
  return automatic.filter((backup) => !kept.has(backup));
}

function keepNewestOfEach(
  newestFirst: readonly BackupFile[],
  kept: Set<BackupFile>,
  nowMs: number,
  periodMs: number,
  periods: number,
): void {
  const seen = new Set<number>();
  for (const backup of newestFirst) {
    const period = Math.floor((nowMs - backup.writtenAtMs) / periodMs);
    if (period >= periods || seen.has(period)) continue;
    seen.add(period);
    kept.add(backup);
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // The error that asks for a backup matters more than this one.
  }
}
