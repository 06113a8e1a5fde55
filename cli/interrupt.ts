import { exitCodes } from './exit-codes.ts';
import { note } from './output.ts';

/**
 * A signal that aborts on the first Ctrl-C (or SIGTERM), so that work can stop between two steps and keep what is
 * done. The second one ends the process at once; nothing acknowledged is lost by that either.
 */
export function interruptSignal(whatHappens: string): AbortSignal {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
    note(`\n${whatHappens} Press Ctrl-C again to stop at once.`);
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return controller.signal;
}
