import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DestinationStream } from 'pino';

/** A larger file makes room for a new one. */
const maximumBytes = 1_000_000;
/** Files that are kept beside the current one, the newest first. */
const keptFiles = 2;

/**
 * The file of a log, as a destination of pino. It is not pino's own destination: hosts, backend and
 * engine share one file, so a line must be one append, and a rotation must reopen the file in
 * every process. A line that is written before `write` returns also survives a crash.
 */
export class LogFile implements DestinationStream {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Appends a line. A file that cannot be written to stops nothing. */
  write(line: string): void {
    try {
      mkdirSync(dirname(this.path), { recursive: true });
      const size = statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
      if (size + line.length > maximumBytes) this.#rotate();
      appendFileSync(this.path, line);
    } catch {
      // The disk is full, or the folder is read-only: the person's own work reports that.
    }
  }

  #rotate(): void {
    for (let number = keptFiles; number >= 1; number--) {
      const from = number === 1 ? this.path : `${this.path}.${number - 1}`;
      if (statSync(from, { throwIfNoEntry: false })) renameSync(from, `${this.path}.${number}`);
    }
  }
}
