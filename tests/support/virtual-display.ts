import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface Display {
  /** Value for DISPLAY. */
  readonly name: string;
  stop(): void;
}

const xvfb = '/usr/bin/Xvfb';

/**
 * A display for windows: a virtual one of its own where Xvfb is installed. A string says why there
 * is none.
 */
export async function startDisplay(): Promise<Display | string> {
  if (!existsSync(xvfb)) {
    const { DISPLAY } = process.env;
    return DISPLAY ? { name: DISPLAY, stop: () => undefined } : 'no display and no Xvfb';
  }
  const screen = ['-screen', '0', '1600x1000x24', '-nolisten', 'tcp'];
  const server = spawn(xvfb, ['-displayfd', '3', ...screen], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const lines = createInterface({ input: server.stdio[3] as Readable });
  for await (const number of lines) return { name: `:${number}`, stop: () => void server.kill() };
  return 'Xvfb did not start';
}
