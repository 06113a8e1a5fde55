import { writeSync } from 'node:fs';
import { openProjectDatabase } from '../../../db/project-database.ts';

/**
 * Opens the project named on the command line, says so, and keeps it until this process is killed.
 */
openProjectDatabase(process.argv[2]!);
writeSync(1, 'open\n');
setInterval(() => undefined, 60_000);
