import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  createProjectDatabase,
  openProjectDatabase,
  type ProjectDatabase,
} from '../../../db/project-database.ts';

/** A folder that disappears when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pixelsail-db-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function temporaryProject(): ProjectDatabase {
  const database = createProjectDatabase(join(temporaryFolder(), 'test.pixelsail'), 'Test');
  onTestFinished(() => database.close());
  return database;
}

export function reopen(database: ProjectDatabase): ProjectDatabase {
  database.close();
  const reopened = openProjectDatabase(database.file);
  onTestFinished(() => reopened.close());
  return reopened;
}
