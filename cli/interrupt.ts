import { constants } from 'node:os';
import { exitCodes } from './exit-codes.ts';
import { note } from './output.ts';

/** Signals with which a person, a shell or a supervisor ends a process. */
const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type EndSignal = (typeof endSignals)[number];

/** Time limit for reaching the end of a step before the process is ended. */
const graceMs = 1500;

export interface StoppingOptions {
  /** The first Ctrl-C waits for the work without a time limit; a second one does not. */
  readonly waitsOnCtrlC?: boolean;
}

const controller = new AbortController();
let heard: EndSignal | null = null;
let stopping: { readonly sentence: string; readonly waitsOnCtrlC: boolean } | null = null;

/**
 * A signal that aborts on the first Ctrl-C, SIGTERM or SIGHUP. Work stops between two steps and
 * keeps finished steps. A second signal, or {@link graceMs}, ends the process at once; acknowledged
 * writes are kept. Commands without unfinished work do not use it: the system ends them, even
 * within a native call.
 */
export function interruptSignal(
  sentence: string,
  { waitsOnCtrlC = false }: StoppingOptions = {},
): AbortSignal {
  if (!stopping) for (const name of endSignals) process.on(name, hear);
  stopping = { sentence, waitsOnCtrlC };
  return controller.signal;
}

/** Ends the process of a stopped command without waiting for its threads. */
export function endInterrupted(): void {
  if (heard !== null && process.exitCode === interruptedExitCode()) endBy(heard);
}

/** Exit code of a stopped command: 128 plus the number of the signal, as in shells. */
export function interruptedExitCode(): number {
  return heard === null ? exitCodes.interrupted : 128 + constants.signals[heard];
}

function hear(name: EndSignal): void {
  if (heard !== null) endBy(name);
  heard = name;
  const isAwaited = name === 'SIGINT' && stopping!.waitsOnCtrlC;
  if (!isAwaited) setTimeout(endBy, graceMs, name).unref();
  note(`\n${stopping!.sentence} Press Ctrl-C again to stop at once.`);
  controller.abort();
}

/**
 * Ends the process with its signal: `process.exit` would wait for threads, for example one that
 * decodes a huge photo. A shell sees the same exit code.
 */
function endBy(name: EndSignal): void {
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}
