import { vi } from 'vitest';
import type { Finished } from './workplace.ts';

const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs the command line in this process, which spares the start of another one. The environment
 * must name the user's data before the first call, for it is read when the commands are loaded.
 */
export async function runHere(...words: readonly string[]): Promise<Finished> {
  const { runCommandLine } = await import('../../../cli/program.ts');
  const said = { stdout: '', stderr: '' };
  const known = endSignals.map((signal) => process.listeners(signal));
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += String(text);
      return true;
    }),
  );
  try {
    return { code: await runCommandLine(words), ...said };
  } finally {
    // The worker of the tests must not end with the code of a command.
    process.exitCode = undefined;
    for (const spy of spies) spy.mockRestore();
    // Nor must the worker hear what the command would.
    for (const [index, signal] of endSignals.entries()) {
      for (const listener of process.listeners(signal)) {
        if (!known[index]!.includes(listener)) process.removeListener(signal, listener);
      }
    }
  }
}
