import { RemainingTime } from '../core/remaining-time.ts';
import { duration } from './output.ts';

/** Target of progress lines: `process.stderr`, or a fake in tests. */
export interface ProgressSink {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const intervalMs = { terminal: 100, plain: 5000 };

/**
 * Progress of long work on stderr: one line rewritten in place on a terminal, otherwise a plain
 * line every few seconds. The remaining time is estimated from the recent rate.
 */
export class Progress {
  readonly #label: string;
  readonly #sink: ProgressSink;
  readonly #now: () => number;
  readonly #remaining: RemainingTime;
  #writtenAtMs = -Infinity;
  #written = '';

  constructor(label: string, sink: ProgressSink = process.stderr, now = () => performance.now()) {
    this.#label = label;
    this.#sink = sink;
    this.#now = now;
    this.#remaining = new RemainingTime(now());
  }

  /** @param total null while unknown. */
  report(done: number, total: number | null): void {
    const nowMs = this.#now();
    const leftMs = this.#remaining.note(done, total, nowMs);
    const wait = this.#sink.isTTY ? intervalMs.terminal : intervalMs.plain;
    if (nowMs - this.#writtenAtMs < wait && done !== total) return;
    this.#writtenAtMs = nowMs;
    const line = `${this.#label}: ${describe(done, total, leftMs)}`;
    if (line !== this.#written) this.#write(line);
    this.#written = line;
  }

  /** Clears the progress line of a terminal before other output. */
  end(): void {
    if (this.#sink.isTTY) this.#sink.write('\r\x1b[K');
  }

  #write(line: string): void {
    this.#sink.write(this.#sink.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
  }
}

function describe(done: number, total: number | null, leftMs: number | null): string {
  if (total === null) return `${done}`;
  const share = `${done} of ${total}`;
  return leftMs === null ? share : `${share}, ${duration(leftMs)} left`;
}
