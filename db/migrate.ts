import { AppError } from '../core/errors.ts';
import { backupDatabase } from './backup.ts';
import type { Database } from './database.ts';
import { backupName } from './backup-files.ts';
import { initial } from './migrations/0010-initial.ts';
import { projectSettings } from './migrations/0020-project-settings.ts';
import { imageStates } from './migrations/0030-image-states.ts';
import { keptCounts } from './migrations/0050-kept-counts.ts';
import { journalWindows } from './migrations/0060-journal-windows.ts';
import { standingAdditions } from './migrations/0065-standing-additions.ts';
import { items } from './migrations/0070-items.ts';
import { imageListIndexes } from './migrations/0080-image-list-indexes.ts';
import { scores } from './migrations/0110-scores.ts';
import { keypoints } from './migrations/0140-keypoints.ts';
import type { Migration } from './migrations/migration.ts';
import { projectFileFailure } from './project-file-sentences.ts';

/** Every migration in rising order; the last version is the one this program reads and writes. */
export const migrations: readonly Migration[] = [
  initial,
  projectSettings,
  imageStates,
  keptCounts,
  journalWindows,
  standingAdditions,
  items,
  imageListIndexes,
  scores,
  keypoints,
];

/**
 * Brings the file to the newest version: all pending migrations in one transaction. A file that
 * already holds a project is copied beside itself first.
 * @throws AppError `database-from-future`, before anything is written; `database-corrupt` when a
 *   migration meets damaged values or would leave broken references.
 */
export function migrate(database: Database, list: readonly Migration[] = migrations): void {
  const found = Number(database.pragma('user_version'));
  const newest = list.at(-1)?.version ?? 0;
  if (found > newest) {
    const parts = { file: database.file, found, newest };
    throw projectFileFailure('database-from-future', 'projectFromFuture', parts);
  }
  if (found > 0 && found < newest) {
    backupDatabase(database, backupName(database.file, Date.now(), `${found}`));
  }
  migrateCopy(database, list);
}

/**
 * Like {@link migrate}, of a file that is a copy itself.
 * @throws AppError `database-corrupt`.
 */
export function migrateCopy(database: Database, list: readonly Migration[] = migrations): void {
  const found = Number(database.pragma('user_version'));
  const newest = list.at(-1)?.version ?? 0;
  const pending = list.filter(({ version }) => version > found);
  if (pending.length === 0) return;
  // References are checked at the end instead, so that a migration may rebuild tables.
  database.pragma('foreign_keys = OFF');
  database.transaction(() => {
    for (const migration of pending) bring(database, migration);
    database.pragma(`user_version = ${newest}`);
    if (database.all('PRAGMA foreign_key_check').length > 0) {
      throw new AppError(
        'database-corrupt',
        `${database.file} cannot be brought to format ${newest}: its records refer to records that do not ` +
          'exist. The file was left as it is. Open the last backup.',
        { file: database.file },
      );
    }
  });
  database.pragma('foreign_keys = ON');
}

function bring(database: Database, migration: Migration): void {
  try {
    migration.up(database);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code !== 'internal') throw thrown;
    // It was tried on sound files, so it is the values that are none.
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    const parts = { file: database.file, reason, backup: null };
    throw projectFileFailure('database-corrupt', 'projectDamaged', parts, thrown);
  }
}
