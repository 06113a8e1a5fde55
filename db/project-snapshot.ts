import { Database } from './database.ts';
import type { ProjectSnapshot } from './project.ts';
import { SqliteProjectReader } from './project-reader.ts';

/**
 * A project that this process has open, as it is now, over a connection of its own with one open
 * read transaction: what is written later is not seen, and nothing that writes waits for it. Any
 * thread may open one. While it is open the write-ahead log cannot start anew, so close it when
 * the reading is done.
 * @throws AppError `not-found`, `database-corrupt`.
 */
export function openSnapshot(file: string): ProjectSnapshot {
  const database = new Database(file, { mustExist: true, readOnly: true });
  try {
    database.exec('BEGIN');
    // The moment of a snapshot is that of its first read.
    database.get('SELECT 1 FROM project');
    return new SqliteProjectSnapshot(database);
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

class SqliteProjectSnapshot extends SqliteProjectReader implements ProjectSnapshot {
  close(): void {
    this.database.close();
  }
}
