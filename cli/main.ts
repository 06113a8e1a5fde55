import { keepHeapSmall } from '../app/heap.ts';
import { endInterrupted } from './interrupt.ts';
import { outliveReaders } from './output.ts';
import { runCommandLine } from './program.ts';

keepHeapSmall();
outliveReaders(process.stdout, process.stderr);
process.exitCode = await runCommandLine(process.argv.slice(2));
endInterrupted();
