import { rmSync, statSync } from 'node:fs';
import { logIndexSuffix, logSuffix } from './project-files.ts';
import { projectFileFailure } from './project-file-sentences.ts';

/**
 * Before a project is made: no log of a project that had its name may be left there. One without
 * edits is removed.
 * @throws AppError `already-exists`, naming the log.
 */
export function refuseLogOfNobody(file: string): void {
  const log = file + logSuffix;
  if (hasBytes(log)) throw projectFileFailure('already-exists', 'projectLogLeft', { file, log });
  for (const suffix of [logSuffix, logIndexSuffix]) rmSync(file + suffix, { force: true });
}

/** Whether a log holds edits. A pipe or device in its place has none, but SQLite would read it. */
export function hasBytes(log: string): boolean {
  const found = statSync(log, { throwIfNoEntry: false });
  return found !== undefined && (!found.isFile() || found.size > 0);
}
