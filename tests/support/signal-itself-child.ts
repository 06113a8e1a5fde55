import { writeSync } from 'node:fs';

/**
 * Loaded before the command line by a test: sends the process the signal that SIGNAL_ITSELF names,
 * so many milliseconds after its start, as in `SIGTERM@250`, and says when. Processes that it
 * starts are left alone.
 */
const [signal, afterMs] = (process.env.SIGNAL_ITSELF ?? '').split('@');
if (process.argv[1]?.endsWith('cli/main.ts')) {
  setTimeout(() => {
    writeSync(2, `signalled at ${Date.now()}\n`);
    process.kill(process.pid, signal);
  }, Number(afterMs)).unref();
}
