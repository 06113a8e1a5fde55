import { Database } from './database.ts';

/**
 * Moves what the write-ahead log of an open project holds into its file, durably. Whoever has the project open goes on reading
 * and writing; what is written meanwhile stays in the log.
 */
export function moveLog(file: string): void {
  const database = new Database(file, { mustExist: true });
  try {
    database.pragma('synchronous = FULL');
    database.pragma('fullfsync = ON');
    database.pragma('wal_checkpoint(PASSIVE)');
  } finally {
    database.close();
  }
}
