import { writeSync } from 'node:fs';
import Sqlite from 'better-sqlite3';

/**
 * Opens a project as version 0.3.0 of this program did, which knew no lock file: says `open` and
 * keeps it until this process is killed, or says why it may not.
 */
const database = new Sqlite(process.argv[2], { fileMustExist: true, timeout: 500 });
try {
  database.pragma('locking_mode = EXCLUSIVE');
  database.pragma('application_id');
  database.pragma('journal_mode = WAL');
  writeSync(1, 'open\n');
  // An unreferenced database may be collected and closed.
  setInterval(() => database.open, 60_000);
} catch (thrown) {
  writeSync(1, `${(thrown as { code: string }).code}\n`);
}
