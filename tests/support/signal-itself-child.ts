/**
 * Loaded before the command line by a test: sends the process the signal that SIGNAL_ITSELF names,
 * so many milliseconds after its start, as in `SIGTERM@250`. Processes that it starts are left
 * alone.
 */
const [signal, afterMs] = (process.env.SIGNAL_ITSELF ?? '').split('@');
if (process.argv[1]?.endsWith('cli/main.ts')) {
  setTimeout(() => process.kill(process.pid, signal), Number(afterMs)).unref();
}
