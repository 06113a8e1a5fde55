/** Statements that take long, for a log. Threads have their own listener. */
type Listener = (sql: string, ms: number) => void;

let slowMs = Infinity;
let onSlow: Listener = () => undefined;

/**
 * Hears every statement of this process that takes longer, with its SQL and without its
 * parameters; in place of the last listener.
 */
export function watchSlowStatements(overMs: number, listener: Listener): void {
  slowMs = overMs;
  onSlow = listener;
}

/** How slow a statement must be; Infinity where nobody listens. */
export function slowStatementMs(): number {
  return slowMs;
}

/** Tells the listener of a slow statement of another thread. */
export function reportSlowStatement(sql: string, ms: number): void {
  onSlow(sql, ms);
}

/** Runs a statement and tells the listener when it was slow. */
export function timeStatement<Result>(sql: string, run: () => Result): Result {
  const startedAtMs = performance.now();
  try {
    return run();
  } finally {
    noteStatement(sql, startedAtMs);
  }
}

/** Tells the listener of a statement that has just ended, when it was slow. */
export function noteStatement(sql: string, startedAtMs: number): void {
  const ms = performance.now() - startedAtMs;
  if (ms > slowMs) onSlow(sql, ms);
}
