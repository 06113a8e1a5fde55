import { constants } from 'node:os';
import { exitCodes } from './exit-codes.ts';
import { note } from './output.ts';

/** The signals by which a person, a shell or a supervisor asks a process to end. */
const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type EndSignal = (typeof endSignals)[number];

/** How long work may take to stop between two steps, before the process ends wherever it is. */
const graceMs = 1500;

export interface StoppingOptions {
  /** Ctrl-C waits for the work however long that takes; a second one does not. */
  readonly waitsOnCtrlC?: boolean;
}

const controller = new AbortController();
let heard: EndSignal | null = null;
let stopping: { readonly sentence: string; readonly waitsOnCtrlC: boolean } | null = null;

/**
 * A signal that aborts on the first Ctrl-C, SIGTERM or SIGHUP, so that work can stop between two
 * steps and keep what is done. A second one, or {@link graceMs}, ends the process at once; nothing
 * acknowledged is lost by that either. A command that has nothing to finish does not ask for it:
 * the system then ends it, even in the middle of a native call.
 */
export function interruptSignal(
  sentence: string,
  { waitsOnCtrlC = false }: StoppingOptions = {},
): AbortSignal {
  if (!stopping) for (const name of endSignals) process.on(name, hear);
  stopping = { sentence, waitsOnCtrlC };
  return controller.signal;
}

/**
 * Ends a process whose command was told to stop and did: what it began in threads is waited for no
 * more.
 */
export function endInterrupted(): void {
  if (heard !== null && process.exitCode === interruptedExitCode()) endBy(heard);
}

/** What a command that was told to stop ends with: 128 and the signal's number, as shells count. */
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
 * Leaves the end to the system: `process.exit` waits for threads, and one that decodes a huge
 * photo takes its time. A shell sees the same exit code.
 */
function endBy(name: EndSignal): void {
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}
