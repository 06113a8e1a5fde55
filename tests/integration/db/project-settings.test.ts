import { onTestFinished, expect, test } from 'vitest';
import { addition, removal } from '../../../core/diff.ts';
import { defaultProjectSettings } from '../../../core/project-settings.ts';
import { Database } from '../../../db/database.ts';
import { migrate } from '../../../db/migrate.ts';
import { initial } from '../../../db/migrations/0010-initial.ts';
import { openProjectDatabase } from '../../../db/project-database.ts';
import { makeAnnotation, makeImage } from './make-records.ts';
import { temporaryProject } from './temporary-project.ts';

const none = defaultProjectSettings;

/** A project with two annotations; its last step added them. */
function projectWithTwo() {
  const project = temporaryProject();
  const image = makeImage(project.addFolder('photos').id);
  const [first, second] = [makeAnnotation(image.id), makeAnnotation(image.id)];
  project.apply('Add the image', addition(image));
  project.apply('Draw', addition(first, second));
  return { project, first, second };
}

test('what is chosen for a project is there when it is opened again, and undo leaves it', () => {
  const { project, first, second } = projectWithTwo();
  expect(project.settings()).toEqual(none);
  const lockedIds = [second.id, first.id];
  project.changeSettings({ lockedIds });
  project.changeSettings({ modelId: 'ours' });
  project.undo();
  expect(project.settings().modelId).toBe('ours');
  project.redo();
  project.close();
  const reopened = openProjectDatabase(project.file);
  onTestFinished(() => reopened.close());
  expect(reopened.settings()).toEqual({ ...none, modelId: 'ours', lockedIds });
  expect(reopened.changeSettings({ modelId: null }).lockedIds).toEqual(lockedIds);
});

test('the lock of a region that is gone is no longer among them, and is forgotten with the next change of locks', () => {
  const { project, first, second } = projectWithTwo();
  project.changeSettings({ lockedIds: [first.id, second.id] });
  project.apply('Delete', removal(first));
  expect(project.settings().lockedIds).toEqual([second.id]);
  // As long as nothing was decided about locks, the region comes back as it was.
  project.undo();
  expect(project.settings().lockedIds).toEqual([first.id, second.id]);
  project.redo();
  project.changeSettings({ lockedIds: project.settings().lockedIds });
  project.undo();
  expect(project.settings().lockedIds).toEqual([second.id]);
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
