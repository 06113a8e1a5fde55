import { join } from 'node:path';
import { pino, type Level, type Logger } from 'pino';
import { toErrorEnvelope } from '../core/errors.ts';
import { timeOfId } from '../core/ids.ts';
import { watchSlowStatements } from '../db/slow-statements.ts';
import type { JobEnd } from './api/contract/jobs.ts';
import { LogFile } from './log-file.ts';

/** Statements that take longer are logged. */
const slowStatementMs = 200;
const maximumSqlLength = 400;
const maximumFrames = 20;

/**
 * Log of failures and slow operations, without private content: one JSON object per line, with a
 * level, a time and an event. The log has a method for each event. The methods take no photo, path
 * of a project, label or text of a person; a value that may hold one (an error's message, a literal
 * in SQL) is left out.
 */
export class Log {
  readonly file: string;
  readonly #lines: Logger;

  constructor(file: string) {
    this.file = file;
    this.#lines = pino(
      {
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (level) => ({ level }) },
      },
      new LogFile(file),
    );
  }

  started(): void {
    const { platform, arch, versions } = process;
    this.#write('info', 'started', { platform: `${platform} ${arch}`, node: versions.node });
  }

  slowStatement(sql: string, ms: number): void {
    this.#write('warn', 'slow-query', { ms: Math.round(ms), sql: withoutLiterals(sql) });
  }

  jobEnded(jobId: string, end: JobEnd): void {
    const ms = Date.now() - timeOfId(jobId)!;
    const code = end.outcome === 'done' ? null : end.error.code;
    const level = end.outcome === 'failed' ? 'error' : 'info';
    this.#write(level, 'job-ended', { outcome: end.outcome, code, ms });
  }

  /** Another process died. @param how a signal, an exit code, or the reason of a failed start */
  died(process: 'backend' | 'engine', how: string): void {
    const isPlain = /^(SIG[A-Z0-9]+|exit code -?\w+)$/.test(how);
    this.#write('error', `${process}-died`, { how: isPlain ? how : 'could not be started' });
  }

  /** An error without a handler ends this process. */
  crashed(process: 'backend', thrown: unknown): void {
    const { code } = toErrorEnvelope(thrown);
    this.#write('fatal', `${process}-crashed`, { code, at: framesOf(thrown) });
  }

  #write(level: Level, event: string, facts: Readonly<Record<string, unknown>>): void {
    this.#lines[level]({ event, ...facts });
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

/** The program's statements have parameters, but `VACUUM INTO` names a file in a literal. */
function withoutLiterals(sql: string): string {
  return sql
    .replace(/'(?:[^']|'')*'/g, "'…'")
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, maximumSqlLength);
}

/**
 * The stack of an error: functions, file names without folders, lines. The message may hold a
 * person's texts and is left out.
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
