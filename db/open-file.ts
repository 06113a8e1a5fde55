import { statSync } from 'node:fs';
import { type AppError } from '../core/errors.ts';
import { inBackground } from './background.ts';
import { Database } from './database.ts';
import { isSameMark, markOf, type FileMark } from './file-mark.ts';
import { logSuffix } from './project-files.ts';
import type { ProjectLock } from './project-lock.ts';
import { projectFileFailure } from './project-file-sentences.ts';

/** Bytes of the log from which on everybody would wait too long for its move. */
const shortLogBytes = 1_000_000;
/**
 * Bytes of the log from which on it is moved into the file by another thread, while edits go on.
 */
const longLogBytes = 8000 * 4096;
/**
 * And from which on nothing else goes on: without a rest this thread does not see the end of
 * the other one.
 */
const endlessLogBytes = 64 * longLogBytes;
/** Edits that never rest would keep the other thread at it for ever. */
const mostRounds = 2;
/** How long nobody may have edited before the log is moved into the file. */
const idleMs = 1000;

/**
 * Watches over the file of an open project: that the connection still writes to what has the name
 * that the person knows, and that the file alone holds everything as soon as nobody edits.
 */
export class OpenFile {
  readonly #database: Database;
  readonly #lock: ProjectLock;
  /** The mark of the file as this process left it; a change by another process changes it. */
  #mark: FileMark;
  #content: string;
  readonly #log: string | null;
  #timer: NodeJS.Timeout | null = null;
  /**
   * While another thread of this process moves the log into the file, the file's time and size
   * change.
   */
  #moving: Promise<void> | null = null;
  #commits = 0;
  #isClosed = false;

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
   * @throws AppError `project-displaced` when the file was moved, deleted or replaced, or
   * something else wrote to it.
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
    this.#isClosed = true;
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
    if (!found) return projectFileFailure('project-displaced', 'projectGone', { file });
    const isOther = found.identity !== this.#mark.identity || (log?.identity ?? null) !== this.#log;
    if (isOther) return projectFileFailure('project-displaced', 'projectReplaced', { file });
    if (this.#moving || isSameMark(found, this.#mark)) return null;
    // Its time alone is no proof: whatever copies, marks or scans files may have touched it.
    if (!this.#isContentOurs())
      return projectFileFailure('project-displaced', 'projectReplaced', { file });
    this.#mark = found;
    this.#lock.note(found);
    return null;
  }

  /**
   * Whether a new connection, which has nothing in memory, reads from the file what this one left
   * there.
   */
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
    this.#commits += 1;
    const { size } = statSync(this.#lock.real + logSuffix);
    if (size > endlessLogBytes && this.#moving) return this.#moveLog();
    if (size > longLogBytes) return this.#moveLogBeside();
    this.#timer ??= setTimeout(() => this.#whenIdle(), idleMs).unref();
    this.#timer.refresh();
  }

  #whenIdle(): void {
    if (this.#moving || this.#database.isInTransaction) return; // Its end is the next commit.
    if (
      (statSync(this.#lock.real + logSuffix, { throwIfNoEntry: false })?.size ?? 0) > shortLogBytes
    ) {
      this.#moveLogBeside();
    } else {
      this.#moveRest();
    }
  }

  #moveRest(): void {
    if (this.#database.isInTransaction) return; // Its end is the next commit.
    try {
      this.#moveLog();
    } catch {
      // A full or displaced file is told with the next edit; the log keeps what was acknowledged.
    }
  }

  /**
   * The other thread also moves the rest, which was written while it was at it and may be all of a
   * large step: this thread would wait for the disk, and everybody for this thread.
   * @param rounds how often it was
   */
  #moveLogBeside(rounds = 0): void {
    if (this.#moving || this.#findProblem()) return;
    const commits = this.#commits;
    this.#moving = inBackground({ kind: 'move-log', file: this.#database.file })
      .then(
        () => undefined,
        () => undefined, // A full disk is told with the next edit; the log keeps what was acknowledged.
      )
      .then(() => {
        this.#moving = null;
        if (this.#isClosed) return;
        this.#mark = markOf(this.#lock.real) ?? this.#mark;
        this.#lock.note(this.#mark);
        if (this.#commits === commits || rounds >= mostRounds) this.#moveRest();
        else this.#moveLogBeside(rounds + 1);
      });
  }

  /** Settles when no other thread is at the file. */
  async settled(): Promise<void> {
    while (this.#moving) await this.#moving;
  }

  #noteContent(): void {
    this.#mark = markOf(this.#lock.real) ?? this.#mark;
    this.#lock.note(this.#mark);
    this.#content = contentOf(this.#database);
  }

  #moveLog(): void {
    if (this.#findProblem()) return;
    try {
      const moved = this.#database.get<{ log: number; checkpointed: number }>(
        'PRAGMA wal_checkpoint(PASSIVE)',
      )!;
      // Only an empty log cannot be taken for that of a file that gets this name later. Readers
      // may hold it for now.
      if (moved.log === moved.checkpointed) this.#database.truncateLog();
    } finally {
      // Also where the disk was full on the way: what is written of the file is this process's own.
      this.#noteContent();
    }
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
