import { resolve } from 'node:path';

/**
 * The project file that a start of the program names, as an absolute path, or null. Parameters that Chromium adds to the
 * command line of a second start begin with a hyphen.
 * @param folder where that start took place
 */
export function projectOfCommandLine(words: readonly string[], folder: string): string | null {
  const file = words.findLast((word) => word.endsWith('.pixelsail') && !word.startsWith('-'));
  return file === undefined ? null : resolve(folder, file);
}
