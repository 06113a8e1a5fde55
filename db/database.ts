import Sqlite from 'better-sqlite3';
import { AppError } from '../core/errors.ts';
import { logSuffix } from './project-files.ts';
import { SlicedWork, type QueuedWork } from './sliced-work.ts';
import type { Slices } from './slices.ts';
import { noteStatement, timeStatement } from './slow-statements.ts';
import { toDatabaseError } from './sqlite-error.ts';

/** A value that SQLite stores. JavaScript numbers become INTEGER or REAL by the column's type. */
export type SqlValue = string | number | null | Uint8Array;
/**
 * By name; as a list where a statement that has `?` runs very often, since names cost half as much
 * as a small statement.
 */
export type SqlParameters = Readonly<Record<string, SqlValue>> | readonly SqlValue[];
export type SqlRow = Record<string, SqlValue>;

/**
 * An error before a commit rolls the transaction back; after the commit, the caller gets it instead
 * of the result.
 */
export interface CommitWatcher {
  beforeCommit(): void;
  afterCommit(): void;
}

/**
 * One connection to one SQLite file. Statements are prepared once and kept.
 * Every method throws AppError with a code that says what happened to the file (see
 * sqlite-error.ts).
 */
export class Database {
  readonly file: string;
  /** Is asked right before every commit, and told right after. */
  watcher: CommitWatcher | null = null;
  readonly #sqlite: Sqlite.Database;
  #closed = false;
  #realFile: string | null = null;
  /** Work in slices: the first is under way, the others wait. */
  readonly #sliced: QueuedWork[] = [];
  #rest: PromiseWithResolvers<void> | null = null;
  #isAdvancing = false;
  /**
   * How deep this is in transactions of its own; asking SQLite costs more than a small statement.
   */
  #depth = 0;
  readonly #statements = new Map<string, Sqlite.Statement<[SqlParameters]>>();

  constructor(file: string, options: { mustExist: boolean; readOnly?: boolean }) {
    this.file = file;
    const { mustExist, readOnly = false } = options;
    this.#sqlite = this.#translate(
      () =>
        new Sqlite(file, { fileMustExist: mustExist, readonly: readOnly, timeout: busyTimeoutMs }),
    );
    // The schema of a file may only call functions without side effects.
    this.pragma('trusted_schema = OFF');
    this.pragma('cell_size_check = ON');
  }

  /** The first row, or undefined. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- SQL is not typed
  get<Row = SqlRow>(sql: string, parameters: SqlParameters = {}): Row | undefined {
    return this.#timed(sql, () => this.#prepare(sql).get(parameters) as Row | undefined);
  }

  all<Row = SqlRow>(sql: string, parameters: SqlParameters = {}): Row[] {
    return this.#timed(sql, () => this.#prepare(sql).all(parameters) as Row[]);
  }

  /** Runs a statement that returns nothing. */
  run(sql: string, parameters: SqlParameters = {}): { changes: number; lastRowId: number } {
    this.finishSlices();
    // Runs for each record that is written: a function within a function for each step would
    // double its cost.
    try {
      const statement = this.#prepare(sql);
      const watcher = this.#isCommitting ? this.watcher : null;
      watcher?.beforeCommit();
      const startedAtMs = performance.now();
      const { changes, lastInsertRowid } = statement.run(parameters);
      noteStatement(sql, startedAtMs);
      watcher?.afterCommit();
      return { changes, lastRowId: Number(lastInsertRowid) };
    } catch (thrown) {
      throw this.#errorOf(thrown);
    }
  }

  /** Runs any number of statements without parameters. */
  exec(sql: string): void {
    this.finishSlices();
    this.#timed(sql, () => this.#sqlite.exec(sql));
  }

  /** Sets or reads a pragma; the first column of its first row. */
  pragma(source: string): unknown {
    return this.#translate(() => this.#sqlite.pragma(source, { simple: true }));
  }

  /**
   * Runs `work` in one write transaction: all of it is committed and durable when this returns, or
   * none of it when this throws. `work` must be synchronous.
   */
  transaction<Result>(work: () => Result): Result {
    this.finishSlices();
    const guarded = () => {
      this.#depth += 1;
      try {
        const result = work();
        this.watcher?.beforeCommit();
        return result;
      } finally {
        this.#depth -= 1;
      }
    };
    const result = this.#translate(() => this.#sqlite.transaction(guarded).immediate());
    this.watcher?.afterCommit();
    return result;
  }

  /**
   * Like {@link transaction} for long work, with pauses in which the process can do other things;
   * one such work after another, in the order of the calls. A read on this connection
   * meanwhile sees the work half done; a write, or closing, first takes all of them to their end.
   * @param signal takes the work back where it is, until its end
   * @throws AppError `cancelled`.
   */
  transactionInSlices<Result>(slices: Slices<Result>, signal?: AbortSignal): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.enqueue(this.workInSlices(slices, signal, resolve, reject));
    return promise;
  }

  /** A transaction in slices as work for {@link enqueue}. */
  workInSlices<Result>(
    slices: Slices<Result>,
    signal: AbortSignal | undefined,
    resolve: (result: Result) => void,
    reject: (thrown: unknown) => void,
  ): QueuedWork {
    return new SlicedWork(
      this.#sqlite,
      () => this.#log,
      slices,
      signal,
      () => this.#commit(),
      resolve,
      (thrown) => reject(this.#errorOf(thrown)),
    );
  }

  /** Begins work as soon as all that was begun before is over. */
  enqueue(work: QueuedWork): void {
    this.#sliced.push(work);
    if (this.#sliced.length === 1) this.#takeSlices();
  }

  /** Whether work in slices is under way. */
  get isInSlices(): boolean {
    return this.#sliced.length > 0;
  }

  /**
   * Settles when no work in slices is under way or waits. All that wait for this go on together,
   * because as works of the queue they would wait for one another without end.
   */
  async atRest(): Promise<void> {
    while (this.isInSlices) {
      this.#rest ??= Promise.withResolvers();
      await this.#rest.promise;
    }
  }

  /** Whether work in slices is under way that the caller is not part of. */
  get isBetweenSlices(): boolean {
    return this.isInSlices && !this.#isAdvancing;
  }

  /**
   * Ends transactions in slices at once; their promises have settled when the waiting callers get
   * their turn.
   */
  finishSlices(): void {
    // Their own statements come here too.
    if (this.#isAdvancing) return;
    while (this.#sliced.length > 0) this.#advance(Infinity);
  }

  /** Where SQLite has the write-ahead log: beside the file, whatever links lead to it. */
  get #log(): string {
    this.#realFile ??= this.get<{ file: string }>(
      "SELECT file FROM pragma_database_list WHERE name = 'main'",
    )!.file;
    return this.#realFile + logSuffix;
  }

  #takeSlices(): void {
    this.#advance(performance.now() + sliceMs);
    const [next] = this.#sliced;
    if (next?.pause) void next.pause.then(() => this.#takeSlices());
    else if (next) setImmediate(() => this.#takeSlices());
  }

  /** Goes on with the first work until a time, or until it is over. */
  #advance(untilMs: number): void {
    const [work] = this.#sliced;
    if (!work || this.#isAdvancing) return;
    this.#isAdvancing = true;
    try {
      if (work.advance(untilMs)) this.#sliced.shift();
      if (this.isInSlices) return;
      this.#rest?.resolve();
      this.#rest = null;
    } finally {
      this.#isAdvancing = false;
    }
  }

  /** Whether a statement commits by itself. */
  get #isCommitting(): boolean {
    return this.#depth === 0 && !this.#isAdvancing && !this.isInTransaction;
  }

  get isInTransaction(): boolean {
    return this.#sqlite.inTransaction;
  }

  /** How many rows this connection has written. */
  get rowsWritten(): number {
    return this.get<{ rows: number }>('SELECT total_changes() AS rows')!.rows;
  }

  /** Whether no other connection is writing to the file. */
  isFree(): boolean {
    this.pragma('busy_timeout = 0');
    try {
      this.#sqlite.exec('BEGIN IMMEDIATE; ROLLBACK');
      return true;
    } catch {
      return false;
    } finally {
      this.pragma(`busy_timeout = ${busyTimeoutMs}`);
    }
  }

  /** Writes a compact copy to a new file, also when the name of this one has changed. */
  copyInto(file: string): void {
    this.finishSlices();
    this.#translate(() => this.#prepare('VACUUM INTO @file').run({ file }));
  }

  /** Empties the write-ahead log where nobody reads it; waits for nobody. */
  truncateLog(): void {
    this.pragma('busy_timeout = 0');
    try {
      this.pragma('wal_checkpoint(TRUNCATE)');
    } finally {
      this.pragma(`busy_timeout = ${busyTimeoutMs}`);
    }
  }

  close(): void {
    this.finishSlices();
    this.#translate(() => this.#sqlite.close());
    this.#closed = true;
  }

  /** Ends a transaction in slices. */
  #commit(): void {
    this.watcher?.beforeCommit();
    this.#translate(() => this.#sqlite.exec('COMMIT'));
    this.watcher?.afterCommit();
  }

  #prepare(sql: string): Sqlite.Statement<[SqlParameters]> {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#sqlite.prepare<[SqlParameters]>(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #timed<Result>(sql: string, work: () => Result): Result {
    return this.#translate(() => timeStatement(sql, work));
  }

  #translate<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (thrown) {
      throw this.#errorOf(thrown);
    }
  }

  #errorOf(thrown: unknown): AppError {
    if (this.#closed) {
      return new AppError('project-not-open', `${this.file} was closed. Open it again.`);
    }
    const error = toDatabaseError(thrown, this.file);
    return ['internal', 'database-corrupt'].includes(error.code)
      ? (this.#displacement() ?? error)
      : error;
  }

  /**
   * The state of the file after another program changed, moved or deleted it; reads detect this by
   * failing.
   */
  #displacement(): AppError | null {
    const { watcher } = this;
    if (!watcher) return null;
    try {
      // Looking at the file can fail itself.
      this.watcher = null;
      watcher.beforeCommit();
      return null;
    } catch (thrown) {
      return thrown instanceof AppError && thrown.code === 'project-displaced' ? thrown : null;
    } finally {
      this.watcher = watcher;
    }
  }
}

/** How long other things wait for a slice of long work. */
const sliceMs = 12;

/** A project has one connection, so waiting helps only while another process is closing it. */
const busyTimeoutMs = 500;
