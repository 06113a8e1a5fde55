import { toFileError } from '../app/files/file-error.ts';
import { toErrorEnvelope } from '../core/errors.ts';
import { exitCodeOf, type ExitCode } from './exit-codes.ts';

/**
 * Prints the result of a command to stdout, as JSON or as text. Progress and warnings go to
 * stderr.
 */
export function printResult(json: boolean, value: unknown, words: () => string): void {
  process.stdout.write(`${json ? JSON.stringify(value) : words()}\n`);
}

/** Lets a command finish after its reader (for example `head`) has closed the pipe. */
export function outliveReaders(...streams: readonly NodeJS.WriteStream[]): void {
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** Prints a note to stderr, for example about an omitted file. */
export function note(message: string): void {
  process.stderr.write(`${message}\n`);
}

/** Reports a failure in words on stderr, with `--json` also as `{"error": …}` on stdout. */
export function reportFailure(json: boolean, thrown: unknown): ExitCode {
  const error = toErrorEnvelope(
    isOfFileSystem(thrown) ? toFileError(thrown, 'use', thrown.path) : thrown,
  );
  if (json) process.stdout.write(`${JSON.stringify({ error })}\n`);
  note(`pixelsail: ${error.message}`);
  if (error.code === 'internal' && thrown instanceof Error && thrown.stack) note(thrown.stack);
  return exitCodeOf(error.code);
}

/** An error of the file system without a sentence of its own. */
function isOfFileSystem(thrown: unknown): thrown is NodeJS.ErrnoException & { path: string } {
  return (
    thrown instanceof Error &&
    'code' in thrown &&
    'path' in thrown &&
    typeof thrown.path === 'string'
  );
}

/** `1 image`, `2 images`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? singular : plural}`;
}

/** Rows as columns of equal width, two spaces apart; numbers should come right-aligned already. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A note with its subject and reason. */
interface Note {
  readonly what: string;
  readonly reason: string;
}

/** Lists at most `limit` omitted elements, and the count of the others. */
export function listLeftOut(skipped: readonly Note[], limit = 20): string[] {
  return listNotes('left out', skipped, limit);
}

/** Like {@link listLeftOut}, with another word before each note. */
export function listNotes(word: string, notes: readonly Note[], limit = 20): string[] {
  const lines = notes.slice(0, limit).map(({ what, reason }) => `  ${word} ${what}: ${reason}`);
  const more = notes.length - limit;
  return more > 0 ? [...lines, `  and ${more} more; --json lists all`] : lines;
}

/** A duration as text. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds.toFixed(0)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
