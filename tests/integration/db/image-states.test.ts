import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { addition, replacement } from '../../../core/diff.ts';
import { Database } from '../../../db/database.ts';
import { openProjectDatabase, type ProjectDatabase } from '../../../db/project-database.ts';
import { makeImage } from './make-records.ts';
import { temporaryFolder, temporaryProject } from './temporary-project.ts';

const fixture = new URL('../../fixtures/projects/version-20.pixelsail.gz', import.meta.url);

/** A project that the code of version 0.3 made, opened by this one. */
function projectOfVersion20(): ProjectDatabase {
  const file = join(temporaryFolder(), 'older.pixelsail');
  writeFileSync(file, gunzipSync(readFileSync(fixture)));
  const project = openProjectDatabase(file);
  onTestFinished(() => project.close());
  return project;
}

const statesOf = (project: ProjectDatabase) =>
  Object.fromEntries([...project.exportImages()].map(({ image }) => [image.id, image.state]));

/** The tables, indexes and triggers of a project as stored by SQLite. */
function schemaOf(project: ProjectDatabase): unknown {
  project.close();
  const database = new Database(project.file, { mustExist: true });
  const rows = database.all('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name');
  database.close();
  return rows;
}

test('a project of format 20 opens with its images as they were', () => {
  const project = projectOfVersion20();
  expect(statesOf(project)).toEqual({
    drawn: 'done',
    emptied: 'done',
    empty: 'reviewed-empty',
    waiting: 'untouched',
  });
  expect(project.images({ text: 'lighthouse', offset: 0, limit: 9 })).toMatchObject([
    { id: 'waiting' },
  ]);
  expect(project.images({ states: ['done'], offset: 0, limit: 9 })).toMatchObject([
    { id: 'drawn', annotations: 1 },
    { id: 'emptied', annotations: 0 },
  ]);
  expect(project.check()).toEqual([]);
});

test('it has the tables, indexes and triggers of a new project', () => {
  expect(schemaOf(projectOfVersion20())).toEqual(schemaOf(temporaryProject()));
});

test('its journal is redone and undone to its beginning, and done again', () => {
  const project = projectOfVersion20();
  let steps = 0;
  while (project.redo()) steps++;
  expect(steps).toBe(1);
  const atTheEnd = statesOf(project);
  for (steps = 0; project.undo();) steps++;
  expect([steps, project.imageCount()]).toEqual([8, 0]);
  while (project.redo());
  expect(statesOf(project)).toEqual(atTheEnd);
});

test('its images can be put to be checked, which is undone like any change', () => {
  const project = projectOfVersion20();
  const image = project.image('emptied')!;
  project.apply('Check', replacement(image, { ...image, state: 'to-check' }));
  expect(project.image('emptied')!.state).toBe('to-check');
  project.undo();
  expect(project.image('emptied')).toEqual(image);
});

test('a new image gets no number in exports that another image had', () => {
  const project = projectOfVersion20();
  const folderId = project.folders()[0]!.id;
  project.apply('Add', addition(makeImage(folderId, { id: 'new', path: 'new.jpg' })));
  const numbers = [...project.exportImages()].map(({ exportId, image }) => [image.id, exportId]);
  expect(Object.fromEntries(numbers)).toMatchObject({ drawn: 1, waiting: 4, new: 6 });
});

test('an image in no known state is refused', () => {
  const project = temporaryProject();
  const image = makeImage(project.addFolder('photos').id, { state: 'seen' as 'done' });
  expect(() => project.apply('Add', addition(image))).toThrow(/state/);
});
