import { setFlagsFromString } from 'node:v8';

/**
 * For the command line of a process that works through datasets (the script `pixelsail` has it
 * too): new objects get 16 MB before they are looked through, not 64. Measured, it takes no more
 * time, for they stay in the processor's caches.
 */
export const heapArguments: readonly string[] = ['--max-semi-space-size=8'];

/**
 * Lets V8 collect garbage when the heap has grown by half. By itself it waits until the heap is up
 * to four times what is in use, which a process that works through a million records always
 * reaches.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=50');
}
