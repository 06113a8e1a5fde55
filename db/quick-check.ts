import { Database } from './database.ts';

/** Findings of SQLite's quick check, on a separate connection. */
export function quickCheck(file: string): string[] {
  const database = new Database(file, { mustExist: true, readOnly: true });
  try {
    return quickProblems(database);
  } finally {
    database.close();
  }
}

/**
 * Findings of SQLite's quick check: those of `integrity_check` without the comparison of indexes
 * and tables.
 */
export function quickProblems(database: Database): string[] {
  return database
    .all<{ quick_check: string }>('PRAGMA quick_check(20)')
    .map((row) => row.quick_check)
    .filter((message) => message !== 'ok');
}
