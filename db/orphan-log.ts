import { rmSync, statSync } from 'node:fs';
import { logIndexSuffix, logSuffix } from './project-files.ts';
import { projectFileFailure } from './project-file-sentences.ts';

/**
 * Refuses to create a project beside the log of an earlier project with the same name. A log
 * without edits is removed.
 * @throws AppError `already-exists` with the log.
 */
export function refuseOrphanLog(file: string): void {
  const log = file + logSuffix;
  if (hasBytes(log)) throw projectFileFailure('already-exists', 'projectLogLeft', { file, log });
  for (const suffix of [logSuffix, logIndexSuffix]) rmSync(file + suffix, { force: true });
}

/** Whether a log holds edits. A pipe or device in its place has none, but SQLite would read it. */
export function hasBytes(log: string): boolean {
  const found = statSync(log, { throwIfNoEntry: false });
  return found !== undefined && (!found.isFile() || found.size > 0);
}
