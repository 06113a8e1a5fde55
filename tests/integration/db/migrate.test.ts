import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { onTestFinished, expect, test } from 'vitest';
import { addition } from '../../../core/diff.ts';
import { Database } from '../../../db/database.ts';
import { migrate, migrations } from '../../../db/migrate.ts';
import type { Migration } from '../../../db/migrations/migration.ts';
import { openProjectDatabase } from '../../../db/project-database.ts';
import { makeImage } from './make-records.ts';
import { temporaryProject } from './temporary-project.ts';

const newest = migrations.at(-1)!.version;

/**
 * A project with one image, opened below the interface so that migrations of tomorrow can be tried
 * on it.
 */
function openBelow(): Database {
  const project = temporaryProject();
  project.apply('Add', addition(makeImage(project.addFolder('photos').id)));
  project.close();
  const database = new Database(project.file, { mustExist: true });
  database.pragma('foreign_keys = ON');
  onTestFinished(() => database.close());
  return database;
}

const addRating: Migration = {
  version: newest + 10,
  up: (database) => database.exec('ALTER TABLE image ADD COLUMN rating INTEGER'),
};

test('the numbers of migrations rise', () => {
  const versions = migrations.map(({ version }) => version);
  expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
});

test('all pending migrations run, after a copy of the old file was put beside it', () => {
  const database = openBelow();
  const addNote: Migration = {
    version: newest + 20,
    up: (database) => database.exec('ALTER TABLE image ADD COLUMN note TEXT'),
  };
  migrate(database, [...migrations, addRating, addNote]);
  expect(database.pragma('user_version')).toBe(newest + 20);
  expect(database.get('SELECT rating, note FROM image')).toEqual({ rating: null, note: null });

  const folder = dirname(database.file);
  const [backup, ...others] = readdirSync(folder).filter((name) => name.includes('.backup-'));
  expect(others).toEqual([]);
  expect(backup).toMatch(new RegExp(`^test\\.backup-${newest}-.*\\.pixelsail$`));
  const copy = openProjectDatabase(join(folder, backup!));
  expect(copy.imageCount()).toBe(1);
  copy.close();
});

test('nothing is done and nothing is copied when the file is up to date', () => {
  const database = openBelow();
  migrate(database);
  expect(readdirSync(dirname(database.file)).filter((name) => name.includes('backup'))).toEqual([]);
});

test('when one of several migrations fails, none has happened', () => {
  const database = openBelow();
  const failing: Migration = {
    version: newest + 20,
    up: (database) => database.exec('ALTER TABLE nowhere ADD COLUMN x'),
  };
  expect(() => migrate(database, [...migrations, addRating, failing])).toThrow('nowhere');
  expect(database.pragma('user_version')).toBe(newest);
  expect(database.get('SELECT * FROM image')).not.toHaveProperty('rating');
});

test('a migration that breaks references is taken back', () => {
  const database = openBelow();
  const breaking: Migration = {
    version: newest + 10,
    up: (database) => database.exec('DELETE FROM image_folder'),
  };
  expect(() => migrate(database, [...migrations, breaking])).toThrow(
    expect.objectContaining({
      code: 'database-corrupt',
      message: expect.stringContaining(basename(database.file)),
    }),
  );
  expect(database.pragma('user_version')).toBe(newest);
  expect(database.get('SELECT count(*) AS count FROM image_folder')).toEqual({ count: 1 });
});
