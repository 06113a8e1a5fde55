import { expect, test } from 'vitest';
import { addition, removal } from '../../../core/diff.ts';
import { makeAnnotation, makeImage } from './make-records.ts';
import { reopen, temporaryProject } from './temporary-project.ts';

function projectWith(count: number) {
  const database = temporaryProject();
  const folder = database.addFolder('photos');
  const image = makeImage(folder.id);
  const annotations = Array.from({ length: count }, () => makeAnnotation(image.id));
  database.apply('Add', addition(image, ...annotations));
  return { database, image, annotations };
}

/** How often the process could do something else until the work was done. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let isDone = false;
  const done = work.finally(() => (isDone = true));
  let turns = 0;
  while (!isDone) {
    await new Promise((resolve) => setImmediate(resolve));
    turns += 1;
  }
  await done;
  return turns;
}

test('a large change leaves time for others and is one step of undo', async () => {
  const { database, annotations } = projectWith(5000);
  expect(
    await turnsDuring(database.gradually.apply('Remove', removal(...annotations))),
  ).toBeGreaterThan(2);
  expect([database.annotationCount(), database.history()[0]!.label]).toEqual([0, 'Remove']);
  expect(await turnsDuring(database.gradually.undo())).toBeGreaterThan(2);
  expect(database.annotationCount()).toBe(5000);
  await database.gradually.redo();
  expect(database.annotationCount()).toBe(0);
  database.undo();
  expect(database.annotationCount()).toBe(5000);
  expect(database.check()).toEqual([]);
});

test('a write that comes meanwhile takes a large change to its end first', async () => {
  const { database, image, annotations } = projectWith(5000);
  const removed = database.gradually.apply('Remove', removal(...annotations));
  expect(database.annotationCount()).toBe(5000);
  const other = makeAnnotation(image.id);
  database.apply('Draw', addition(other));
  expect(database.history().map(({ label }) => label)).toEqual(['Draw', 'Remove', 'Add']);
  await removed;
  expect(database.annotations(image.id)).toEqual([other]);
  expect(database.check()).toEqual([]);
});

test('closing takes a large change to its end first', async () => {
  const { database, annotations } = projectWith(5000);
  const removed = database.gradually.apply('Remove', removal(...annotations));
  const reopened = reopen(database);
  await removed;
  expect([reopened.annotationCount(), reopened.canUndo]).toEqual([0, true]);
  expect(reopened.check()).toEqual([]);
});

test('a large change that meets a conflict at its end changes nothing', async () => {
  const { database, annotations } = projectWith(5000);
  const stale = { ...annotations.at(-1)!, area: 12_345 };
  const change = removal(...annotations.slice(0, -1), stale);
  await expect(database.gradually.apply('Remove', change)).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(database.annotationCount()).toBe(5000);
  expect(database.history().map(({ label }) => label)).toEqual(['Add']);
  await database.gradually.apply('Remove', removal(annotations[0]!));
  expect(database.annotationCount()).toBe(4999);
  expect(database.check()).toEqual([]);
});
