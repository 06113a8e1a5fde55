import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toErrorEnvelope } from '../core/errors.ts';
import { timeOfId } from '../core/ids.ts';
import { watchSlowStatements } from '../db/slow-statements.ts';
import type { JobEnd } from './api/contract/jobs.ts';

/** Larger files make room for a new one. */
const maximumBytes = 1_000_000;
/** Files that are kept beside the one that is written to, the newest first. */
const keptFiles = 2;
/** Statements that take longer are logged. */
const slowStatementMs = 200;
const maximumSqlLength = 400;
const maximumFrames = 20;

/**
 * Log of failures and slow operations, without private content: one JSON object per line. It has a
 * method for each thing that is logged, and these take no photo, path of a project, label or text
 * that a person wrote; what may hold one (an error's message, a literal in SQL) is left out. Hosts
 * and backend write to one file, each line in one write.
 */
export class Log {
  readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  started(): void {
    const { platform, arch, versions } = process;
    this.#write('started', { platform: `${platform} ${arch}`, node: versions.node });
  }

  slowStatement(sql: string, ms: number): void {
    this.#write('slow-query', { ms: Math.round(ms), sql: withoutLiterals(sql) });
  }

  jobEnded(jobId: string, end: JobEnd): void {
    const ms = Date.now() - timeOfId(jobId)!;
    const code = end.outcome === 'done' ? null : end.error.code;
    this.#write('job-ended', { outcome: end.outcome, code, ms });
  }

  /** Another process died. @param how a signal, an exit code, or why it could not be started */
  died(what: 'backend' | 'engine', how: string): void {
    const isPlain = /^(SIG[A-Z0-9]+|exit code -?\w+)$/.test(how);
    this.#write(`${what}-died`, { how: isPlain ? how : 'could not be started' });
  }

  /** An error that nobody caught ends this process. */
  crashed(what: 'backend', thrown: unknown): void {
    this.#write(`${what}-crashed`, { code: toErrorEnvelope(thrown).code, at: framesOf(thrown) });
  }

  /** A log that cannot be written stops nothing. */
  #write(event: string, facts: Readonly<Record<string, unknown>>): void {
    const line = `${JSON.stringify({ time: new Date().toISOString(), event, ...facts })}\n`;
    try {
      mkdirSync(dirname(this.file), { recursive: true });
      const size = statSync(this.file, { throwIfNoEntry: false })?.size ?? 0;
      if (size + line.length > maximumBytes) this.#rotate();
      appendFileSync(this.file, line);
    } catch {
      // The disk is full, or the folder cannot be written to: the person hears that from what they
      // do.
    }
  }

  #rotate(): void {
    for (let number = keptFiles; number >= 1; number--) {
      const from = number === 1 ? this.file : `${this.file}.${number - 1}`;
      if (statSync(from, { throwIfNoEntry: false })) renameSync(from, `${this.file}.${number}`);
    }
  }
}

/** The log in the folder of the user's data. */
export function openLog(home: string): Log {
  return new Log(join(home, 'logs', 'pixel-sail-studio.log'));
}

/** Logs the slow statements of this process. */
export function logSlowStatements(log: Log, overMs: number = slowStatementMs): void {
  watchSlowStatements(overMs, (sql, ms) => log.slowStatement(sql, ms));
}

/**
 * The program's own statements have parameters; a literal may all the same name a file, as in
 * `VACUUM INTO`.
 */
function withoutLiterals(sql: string): string {
  return sql
    .replace(/'(?:[^']|'')*'/g, "'…'")
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, maximumSqlLength);
}

/**
 * Where an error came from: functions, file names without folders, lines. Its message may hold
 * texts and is left out.
 */
function framesOf(thrown: unknown): string[] {
  if (!(thrown instanceof Error) || !thrown.stack) return [];
  const { stack, message } = thrown;
  if (!stack.includes(message)) return [];
  return stack
    .slice(stack.indexOf(message) + message.length)
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, maximumFrames)
    .map((line) => line.trim().replace(/(?:file:\/\/)?[^\s()]*[\\/]/g, ''));
}
