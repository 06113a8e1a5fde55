import Sqlite from 'better-sqlite3';
import { AppError } from '../core/errors.ts';
import type { Slices } from './slices.ts';
import { toDatabaseError } from './sqlite-error.ts';

/** A value that SQLite stores. JavaScript numbers become INTEGER or REAL by the column's type. */
export type SqlValue = string | number | null | Uint8Array;
export type SqlParameters = Readonly<Record<string, SqlValue>>;
export type SqlRow = Record<string, SqlValue>;

/**
 * One connection to one SQLite file. Statements are prepared once and kept; parameters are named (`@id`).
 * Every method throws AppError with a code that says what happened to the file (see sqlite-error.ts).
 */
export class Database {
  readonly file: string;
  readonly #sqlite: Sqlite.Database;
  #closed = false;
  /** Takes work in slices to its end; does nothing when there is none, or inside that work itself. */
  #finishSlices = (): void => undefined;
  readonly #statements = new Map<string, Sqlite.Statement<[SqlParameters]>>();

  constructor(file: string, options: { mustExist: boolean; isReadOnly?: boolean }) {
    const { mustExist, isReadOnly: readonly = false } = options;
    this.file = file;
    this.#sqlite = this.#translate(
      () => new Sqlite(file, { fileMustExist: mustExist, readonly, timeout: busyTimeoutMs }),
    );
  }

  /** The first row, or undefined. */
  get<Row = SqlRow>(sql: string, parameters: SqlParameters = {}): Row | undefined {
    return this.#translate(() => this.#prepare(sql).get(parameters) as Row | undefined);
  }

  all<Row = SqlRow>(sql: string, parameters: SqlParameters = {}): Row[] {
    return this.#translate(() => this.#prepare(sql).all(parameters) as Row[]);
  }

  /** Runs a statement that returns nothing. */
  run(sql: string, parameters: SqlParameters = {}): { changes: number; lastRowId: number } {
    this.#finishSlices();
    return this.#translate(() => {
      const { changes, lastInsertRowid } = this.#prepare(sql).run(parameters);
      return { changes, lastRowId: Number(lastInsertRowid) };
    });
  }

  /** Runs any number of statements without parameters. */
  exec(sql: string): void {
    this.#finishSlices();
    this.#translate(() => this.#sqlite.exec(sql));
  }

  /** Sets or reads a pragma; the first column of its first row. */
  pragma(source: string): unknown {
    return this.#translate(() => this.#sqlite.pragma(source, { simple: true }));
  }

  /**
   * Runs `work` in one write transaction: all of it is committed and durable when this returns, or none of it
   * when this throws. `work` must be synchronous.
   */
  transaction<Result>(work: () => Result): Result {
    this.#finishSlices();
    return this.#translate(() => this.#sqlite.transaction(work).immediate());
  }

  /**
   * Like {@link transaction} for long work, with pauses in which the process can do other things. What reads
   * meanwhile sees the work half done; what writes, or closes, first takes it to its end.
   */
  transactionInSlices<Result>(slices: Slices<Result>): Promise<Result> {
    this.#finishSlices();
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    let state: 'resting' | 'running' | 'over' = 'resting';
    const end = (settle: () => void): void => {
      state = 'over';
      this.#finishSlices = () => undefined;
      settle();
    };
    const advance = (untilMs: number): void => {
      if (state !== 'resting') return;
      state = 'running';
      try {
        do {
          const step = slices.next();
          if (!step.done) continue;
          this.exec('COMMIT');
          return end(() => resolve(step.value));
        } while (performance.now() < untilMs);
        state = 'resting';
      } catch (thrown) {
        if (this.#sqlite.inTransaction) this.exec('ROLLBACK');
        end(() => reject(thrown as Error));
      }
    };
    const takeSlice = (): void => {
      advance(performance.now() + sliceMs);
      if (state === 'resting') setImmediate(takeSlice);
    };

    this.exec('BEGIN IMMEDIATE');
    this.#finishSlices = () => advance(Infinity);
    takeSlice();
    return promise;
  }

  /** Ends a transaction in slices at once; its promise has settled when the waiting callers get their turn. */
  finishSlices(): void {
    this.#finishSlices();
  }

  close(): void {
    this.#finishSlices();
    this.#translate(() => this.#sqlite.close());
    this.#closed = true;
  }

  #prepare(sql: string): Sqlite.Statement<[SqlParameters]> {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#sqlite.prepare<[SqlParameters]>(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #translate<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (thrown) {
      if (this.#closed) {
        throw new AppError('project-not-open', `${this.file} was closed. Open it again.`);
      }
      throw toDatabaseError(thrown, this.file);
    }
  }
}

/** How long other things wait for a slice of long work. */
const sliceMs = 12;

/** A project has one connection, so waiting helps only while another process is closing it. */
const busyTimeoutMs = 500;
