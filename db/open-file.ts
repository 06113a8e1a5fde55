import { statSync } from 'node:fs';
import { failure, type AppError } from '../core/errors.ts';
import { Database } from './database.ts';
import { isSameMark, markOf, type FileMark } from './file-mark.ts';
import { logSuffix } from './project-files.ts';
import type { ProjectLock } from './project-lock.ts';

/** Pages of the log (of 4 kB) from which on it is moved into the file right after an edit. */
const longLogBytes = 8000 * 4096;
/** How long nobody may have edited before the log is moved into the file. */
const idleMs = 1000;

/**
 * Watches over the file of an open project: that the connection still writes to what has the name that the person knows,
 * and that the file alone holds everything as soon as nobody edits.
 */
export class OpenFile {
  readonly #database: Database;
  readonly #lock: ProjectLock;
  /** The file as this process left it; whoever else writes to it makes another. */
  #mark: FileMark;
  #content: string;
  readonly #log: string | null;
  #timer: NodeJS.Timeout | null = null;

  constructor(database: Database, lock: ProjectLock) {
    this.#database = database;
    this.#lock = lock;
    this.#mark = markOf(database.file)!;
    this.#log = markOf(lock.real + logSuffix)?.identity ?? null;
    this.#content = contentOf(database);
    lock.note(this.#mark);
    database.pragma('wal_autocheckpoint = 0');
    database.watcher = {
      beforeCommit: () => this.requireInPlace(),
      afterCommit: () => {
        this.requireInPlace();
        this.#committed();
      },
    };
  }

  /**
   * @throws AppError `project-displaced` when the file was moved, deleted or replaced, or something else wrote to it.
   */
  requireInPlace(): void {
    const problem = this.#findProblem();
    if (problem) throw problem;
  }

  /** Closes the connection; the log moves into the file, unless something else is there now. */
  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#database.finishSlices();
    this.#database.watcher = null;
    const found = markOf(this.#lock.real);
    const isOverwritten = found?.identity === this.#mark.identity && this.#findProblem() !== null;
    // SQLite moves the log with the last connection that is closed, and a reader cannot.
    const reader = isOverwritten
      ? new Database(this.#database.file, { mustExist: true, readOnly: true })
      : null;
    reader?.get('SELECT 1 FROM sqlite_schema');
    this.#database.close();
    reader?.close();
    const left = isOverwritten ? null : markOf(this.#lock.real);
    if (left?.identity === this.#mark.identity) this.#lock.note(left);
  }

  #findProblem(): AppError | null {
    const { file } = this.#database;
    const found = markOf(file);
    const log = markOf(this.#lock.real + logSuffix);
    if (!found) return failure('project-displaced', 'projectGone', { file });
    const isOther = found.identity !== this.#mark.identity || (log?.identity ?? null) !== this.#log;
    if (isOther) return failure('project-displaced', 'projectReplaced', { file });
    if (isSameMark(found, this.#mark)) return null;
    // Its time alone is no proof: whatever copies, marks or scans files may have touched it.
    if (!this.#isContentOurs()) return failure('project-displaced', 'projectReplaced', { file });
    this.#mark = found;
    this.#lock.note(found);
    return null;
  }

  /** Whether a new connection, which has nothing in memory, reads from the file what this one left there. */
  #isContentOurs(): boolean {
    if (markOf(this.#lock.real + logSuffix)?.bytes !== '0') return false;
    try {
      const reader = new Database(this.#database.file, { mustExist: true, readOnly: true });
      try {
        return contentOf(reader) === this.#content;
      } finally {
        reader.close();
      }
    } catch {
      return false; // It is no project any more.
    }
  }

  #committed(): void {
    if (statSync(this.#lock.real + logSuffix).size > longLogBytes) return this.#moveLog();
    this.#timer ??= setTimeout(() => this.#whenIdle(), idleMs).unref();
    this.#timer.refresh();
  }

  #whenIdle(): void {
    if (this.#database.isInTransaction) return; // Its end is the next commit.
    try {
      this.#moveLog();
    } catch {
      // A full or displaced file is told with the next edit; the log keeps what was acknowledged.
    }
  }

  #moveLog(): void {
    if (this.#findProblem()) return;
    try {
      const moved = this.#database.get<{ log: number; checkpointed: number }>(
        'PRAGMA wal_checkpoint(PASSIVE)',
      )!;
      // Only an empty log cannot be taken for that of a file that gets this name later. Readers may hold it for now.
      if (moved.log === moved.checkpointed) this.#database.truncateLog();
    } finally {
      // A full disk may have taken part of it.
      this.#mark = markOf(this.#lock.real) ?? this.#mark;
      this.#lock.note(this.#mark);
    }
    this.#content = contentOf(this.#database);
  }
}

/** Enough of what a project holds to tell it from another one, and from itself at another time. */
function contentOf(database: Database): string {
  return JSON.stringify(
    database.all(
      `SELECT 'step' AS kind, id, at_ms, done FROM (SELECT id, at_ms, done FROM journal_step ORDER BY id DESC LIMIT 100)
       UNION ALL SELECT name, seq, 0, 0 FROM sqlite_sequence
       UNION ALL SELECT name, rootpage, 0, 0 FROM sqlite_schema
       UNION ALL SELECT name, created_at_ms, 0, 0 FROM project`,
    ),
  );
}
