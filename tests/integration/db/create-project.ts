import { readSync, writeSync } from 'node:fs';
import { createProjectDatabase } from '../../../db/project-database.ts';

/**
 * Waits for a line on its input, makes the project named on the command line and says `made`, or
 * the code of the error.
 */
readSync(0, Buffer.alloc(16));
try {
  createProjectDatabase(process.argv[2]!, 'New').close();
  writeSync(1, 'made\n');
} catch (thrown) {
  writeSync(1, `${(thrown as { code: string }).code}\n`);
}
