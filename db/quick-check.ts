import { Database } from './database.ts';

/** What SQLite's quick check finds wrong with a file, read on a connection of its own. */
export function quickCheck(file: string): string[] {
  const database = new Database(file, { mustExist: true, readOnly: true });
  try {
    return quickProblems(database);
  } finally {
    database.close();
  }
}

/**
 * What SQLite's quick check finds wrong: all that `integrity_check` does, but not whether indexes
 * match their tables.
 */
export function quickProblems(database: Database): string[] {
  return database
    .all<{ quick_check: string }>('PRAGMA quick_check(20)')
    .map((row) => row.quick_check)
    .filter((message) => message !== 'ok');
}
