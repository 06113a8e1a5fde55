import { writeSync } from 'node:fs';
import { openProjectDatabase } from '../../../db/project-database.ts';

/**
 * Tries to open the project named on the command line and says `open`, or the code of the error.
 */
try {
  openProjectDatabase(process.argv[2]!).close();
  writeSync(1, 'open\n');
} catch (thrown) {
  writeSync(1, `${(thrown as { code: string }).code}\n`);
}
