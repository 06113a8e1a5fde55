import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { interruptSignal } from '../../cli/interrupt.ts';

// Work that does not stop when it is told to, beside a thread that waits for a pipe that nobody
// writes into.
const pipe = process.argv[2]!;
execFileSync('mkfifo', [pipe]);
void readFile(pipe);
interruptSignal('Stopping.');
setInterval(() => undefined, 1000);
process.stderr.write('begun\n');
