import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { AppError } from '../../../core/errors.ts';

/** The last lines of what a failed process said, enough for a traceback's end. */
const keptLines = 15;

export interface PythonRun {
  readonly python: string;
  readonly words: readonly string[];
  readonly folder?: string;
  /** Asks the process to end (SIGTERM), which may finish what it must not lose. */
  readonly signal?: AbortSignal;
  /** A line of standard output. */
  readonly onLine?: (line: string) => void;
  /**
   * The process leads a group of its own and gets a standard input that is closed when this process
   * ends, however that comes about; models/training/loop/end_with_parent.py waits for it.
   */
  readonly endsWithUs?: boolean;
}

/**
 * Runs Python until it ends.
 * @throws AppError `unsupported` with the last lines that it wrote to stderr when it fails
 */
export async function runPython({
  python,
  words,
  folder,
  signal,
  onLine,
  endsWithUs = false,
}: PythonRun): Promise<void> {
  const child = spawn(python, words, {
    cwd: folder,
    env: { ...process.env, PYTHONUNBUFFERED: '1', OMP_NUM_THREADS: '1' },
    stdio: [endsWithUs ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    detached: endsWithUs && process.platform !== 'win32',
  }) as ChildProcessByStdio<Writable | null, Readable, Readable>;
  child.stdin?.on('error', () => undefined);
  const stop = () => child.kill('SIGTERM');
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => onLine?.(line));
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    if (lines.length > keptLines) lines.shift();
  });
  const failure = await new Promise<string | null>((resolve) => {
    child.on('error', ({ message }) => resolve(message));
    child.on('close', (code) => resolve(code === 0 ? null : `it ended with code ${code}`));
  });
  signal?.removeEventListener('abort', stop);
  if (failure === null || signal?.aborted) return;
  throw new AppError(
    'unsupported',
    [`${python} ${words.slice(0, 3).join(' ')} failed: ${failure}.`, ...lines].join('\n'),
  );
}
