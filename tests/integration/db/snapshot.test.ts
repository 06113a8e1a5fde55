import { onTestFinished, expect, test } from 'vitest';
import { addition, removal } from '../../../core/diff.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import { openSnapshot } from '../../../db/project-snapshot.ts';
import { makeAnnotation, makeImage } from './make-records.ts';
import { temporaryProject } from './temporary-project.ts';

function snapshotOf({ file }: ProjectDatabase) {
  const snapshot = openSnapshot(file);
  onTestFinished(() => snapshot.close());
  return snapshot;
}

test('a snapshot shows the project as it was, whatever is written since', async () => {
  const database = temporaryProject();
  const image = makeImage(database.addFolder('photos').id);
  const annotations = Array.from({ length: 3000 }, () => makeAnnotation(image.id));
  database.apply('Add', addition(image, ...annotations));
  const snapshot = snapshotOf(database);
  const rows = snapshot.exportAnnotations();
  expect(rows.next().value!.annotation).toEqual(annotations[0]);

  await database.gradually.apply('Remove', removal(...annotations.slice(0, 2000)));
  expect(database.annotationCount()).toBe(1000);
  expect([...rows]).toHaveLength(2999);
  expect([snapshot.annotationCount(), snapshot.history().length]).toEqual([3000, 1]);
  expect(snapshot.check()).toEqual([]);
  expect(snapshotOf(database).annotationCount()).toBe(1000);
});

test('a snapshot shows nothing of a change that is half done', async () => {
  const database = temporaryProject();
  const image = makeImage(database.addFolder('photos').id);
  database.apply('Add', addition(image));
  const annotations = Array.from({ length: 3000 }, () => makeAnnotation(image.id));
  const added = database.gradually.apply('Draw', addition(...annotations));
  const during = snapshotOf(database);
  await added;
  expect([during.annotationCount(), during.annotations(image.id)]).toEqual([0, []]);
  expect(snapshotOf(database).annotationCount()).toBe(3000);
});

test('closing a snapshot leaves the project locked and writable', () => {
  const database = temporaryProject();
  openSnapshot(database.file).close();
  const image = makeImage(database.addFolder('photos').id);
  database.apply('Add', addition(image));
  expect(database.image(image.id)).toEqual(image);
  expect(database.check()).toEqual([]);
});
