import { onTestFinished, expect, test } from 'vitest';
import { addition } from '../../../core/diff.ts';
import { Database } from '../../../db/database.ts';
import { migrate } from '../../../db/migrate.ts';
import { initial } from '../../../db/migrations/0010-initial.ts';
import { openProjectDatabase } from '../../../db/project-database.ts';
import { makeImage } from './make-records.ts';
import { temporaryProject } from './temporary-project.ts';

const none = { modelId: null, lockedIds: [] };

test('what is chosen for a project is there when it is opened again, and undo leaves it', () => {
  const project = temporaryProject();
  expect(project.settings()).toEqual(none);
  project.apply('Add', addition(makeImage(project.addFolder('photos').id)));
  project.changeSettings({ lockedIds: ['a', 'b'] });
  project.changeSettings({ modelId: 'ours' });
  project.undo();
  project.close();
  const reopened = openProjectDatabase(project.file);
  onTestFinished(() => reopened.close());
  expect(reopened.settings()).toEqual({ modelId: 'ours', lockedIds: ['a', 'b'] });
  expect(reopened.changeSettings({ modelId: null }).lockedIds).toEqual(['a', 'b']);
});

test('a project of version 0.2 opens, with nothing chosen and nothing lost', () => {
  const file = temporaryProject().file.replace('test', 'older');
  const older = new Database(file, { mustExist: false });
  older.pragma('application_id = 1350062945');
  migrate(older, [initial]);
  older.run("INSERT INTO project (id, name, created_at_ms) VALUES (1, 'Older', 0)");
  older.close();
  const project = openProjectDatabase(file);
  onTestFinished(() => project.close());
  expect(project.name).toBe('Older');
  expect(project.settings()).toEqual(none);
});
