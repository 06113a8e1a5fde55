import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The project file that a start of the program names, as an absolute path, or null. Parameters
 * that Chromium adds to the command line of a second start begin with a hyphen. File managers may
 * name the file as a URL.
 * @param folder where that start took place
 */
export function projectOfCommandLine(words: readonly string[], folder: string): string | null {
  const file = words.findLast((word) => word.endsWith('.pixelsail') && !word.startsWith('-'));
  if (file === undefined) return null;
  return file.startsWith('file://') ? fileURLToPath(file) : resolve(folder, file);
}
