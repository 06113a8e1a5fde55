import { Database } from './database.ts';

/** Writes during a move are left to the next move; they shrink each time. */
const moves = 3;

/**
 * Moves what the write-ahead log of an open project holds into its file, durably. Other
 * processes with the project open go on reading and writing; their changes meanwhile stay in the
 * log.
 */
export function moveLog(file: string): void {
  const database = new Database(file, { mustExist: true });
  try {
    database.pragma('synchronous = FULL');
    database.pragma('fullfsync = ON');
    for (let time = 0; time < moves; time++) database.pragma('wal_checkpoint(PASSIVE)');
  } finally {
    database.close();
  }
}
