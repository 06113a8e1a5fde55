import { renameSync, statSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
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
async function turnsDuring(
  work: Promise<unknown>,
  somethingElse: () => void = () => undefined,
): Promise<number> {
  let isDone = false;
  const done = work.finally(() => (isDone = true));
  let turns = 0;
  while (!isDone) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!isDone) somethingElse();
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

test('a write, or closing, takes a large undo and a large redo to their ends first', async () => {
  const { database, image } = projectWith(1);
  const many = Array.from({ length: 3000 }, () => makeAnnotation(image.id));
  database.apply('Import', addition(...many));
  const undone = database.gradually.undo();
  database.addFolder('more');
  expect([database.annotationCount(), database.canRedo]).toEqual([1, true]);
  const redone = database.gradually.redo();
  const reopened = reopen(database);
  expect((await Promise.all([undone, redone])).map((step) => step?.label)).toEqual([
    'Import',
    'Import',
  ]);
  expect([reopened.annotationCount(), reopened.canRedo]).toEqual([3001, false]);
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

test('a large change is not seen before it is whole', async () => {
  const { database, image, annotations } = projectWith(5000);
  const removed = database.gradually.apply('Remove', removal(...annotations));
  const seen = new Set<string>();
  await turnsDuring(
    removed,
    () => void seen.add(`${database.annotationCount()} ${database.annotations(image.id).length}`),
  );
  expect([...seen]).toEqual(['5000 5000']);
  expect(database.annotations(image.id)).toEqual([]);
});

test('large changes happen one after another in the order in which they were asked for', async () => {
  const { database, image, annotations } = projectWith(3000);
  const other = makeAnnotation(image.id);
  const ended: string[] = [];
  const note = (label: string) => () => void ended.push(label);
  await Promise.all([
    database.gradually.apply('Remove', removal(...annotations)).then(note('Remove')),
    database.gradually.apply('Draw', addition(other)).then(note('Draw')),
    database.gradually.undo().then(note('undo')),
    database.gradually.rest().then(note('rest')),
  ]);
  expect(ended).toEqual(['Remove', 'Draw', 'undo', 'rest']);
  expect(database.history().map(({ label, done }) => [label, done])).toEqual([
    ['Draw', false],
    ['Remove', true],
    ['Add', true],
  ]);
  expect(database.check()).toEqual([]);
});

test('closing takes waiting changes to their end too', async () => {
  const { database, image, annotations } = projectWith(3000);
  const removed = database.gradually.apply('Remove', removal(...annotations));
  const drawn = database.gradually.apply('Draw', addition(makeAnnotation(image.id)));
  const reopened = reopen(database);
  await Promise.all([removed, drawn]);
  expect(reopened.history().map(({ label }) => label)).toEqual(['Draw', 'Remove', 'Add']);
});

test('an undo that is cancelled on its way changes nothing, and says how far it was', async () => {
  const { database, annotations } = projectWith(1);
  const image = database.image(annotations[0]!.imageId)!;
  for (let part = 0; part < 4; part++) {
    const some = Array.from({ length: 500 }, () => makeAnnotation(image.id));
    database.apply('Import', addition(...some), { group: 'import' });
  }
  const stop = new AbortController();
  const seen: string[] = [];
  const undone = database.gradually.undo({
    signal: stop.signal,
    progress: (done, total) => {
      seen.push(`${done}/${total}`);
      if (done === 2) stop.abort();
    },
  });
  await expect(undone).rejects.toMatchObject({ code: 'cancelled' });
  expect(seen).toEqual(['0/4', '1/4', '2/4']);
  expect([database.annotationCount(), database.canRedo]).toEqual([2001, false]);
  expect(database.check()).toEqual([]);
  await database.gradually.undo();
  expect([database.annotationCount(), database.canRedo]).toEqual([1, true]);
});

test('a large undo in a project whose file was moved meanwhile changes nothing and says so', async () => {
  const { database, image } = projectWith(1);
  const many = Array.from({ length: 3000 }, () => makeAnnotation(image.id));
  database.apply('Import', addition(...many));
  const elsewhere = `${database.file}.moved`;
  const undone = database.gradually.undo({
    progress: (done) => {
      if (done === 1) renameSync(database.file, elsewhere);
    },
  });
  await expect(undone).rejects.toMatchObject({ code: 'project-displaced' });
  renameSync(elsewhere, database.file);
  expect([database.annotationCount(), database.canRedo]).toEqual([3001, false]);
  await database.gradually.undo();
  expect([database.annotationCount(), database.canRedo]).toEqual([1, true]);
  expect(database.check()).toEqual([]);
});

test('a step that changes very much is not told record by record', async () => {
  const { database, annotations } = projectWith(2001);
  database.apply('Remove', removal(...annotations.slice(1)));
  const undone = await database.gradually.undo();
  expect(Object.keys(undone!.diff!.added)).toHaveLength(2000);
  expect(await database.gradually.undo()).toEqual({ stepId: 1, label: 'Add', diff: null });
  expect(database.imageCount()).toBe(0);
  await database.gradually.redo();
  expect(database.annotationCount()).toBe(2001);
});

test('a step that is asked for record by record is told so, however much it changes', async () => {
  const { database, image } = projectWith(1);
  const many = Array.from({ length: 10_001 }, () => makeAnnotation(image.id));
  database.apply('Import', addition(...many));
  const told = await database.gradually.travelTo(1, { tellsAll: true });
  expect(Object.keys(told!.diff!.removed)).toHaveLength(many.length);
}, 60_000);

test('rows that a large undo writes are counted', async () => {
  const { database, image } = projectWith(1);
  const many = Array.from({ length: 3000 }, () => makeAnnotation(image.id));
  database.apply('Import', addition(...many));
  const before = database.rowsWritten;
  await database.gradually.undo();
  expect(database.rowsWritten - before).toBeGreaterThan(3000);
}, 60_000);

test('a large undo in a project whose file was replaced does not touch the other file', async () => {
  const { database, image } = projectWith(1);
  const many = Array.from({ length: 3000 }, () => makeAnnotation(image.id));
  database.apply('Import', addition(...many));
  const other = `${database.file}.other`;
  await database.backup(other);
  renameSync(other, database.file);
  const { mtimeMs } = statSync(database.file);
  const progress = vi.fn();
  await expect(database.gradually.undo({ progress })).rejects.toMatchObject({
    code: 'project-displaced',
  });
  expect(progress).not.toHaveBeenCalled();
  expect(statSync(database.file).mtimeMs).toBe(mtimeMs);
}, 60_000);

test('a change that fills the log beyond its length lets edits go on while the log is moved, and loses none', async () => {
  const { database, image } = projectWith(1);
  const counts = 'x'.repeat(20_000);
  const geometry = { kind: 'mask' as const, rle: { size: [480, 640] as [number, number], counts } };
  const many = Array.from({ length: 2000 }, () => makeAnnotation(image.id, { geometry }));
  await database.gradually.apply('Import', addition(...many));
  const log = `${database.file}-wal`;
  expect(statSync(log).size).toBeGreaterThan(8000 * 4096);
  for (let edits = 1; edits <= 50; edits++) {
    database.apply('Draw', addition(makeAnnotation(image.id)));
  }
  await expect.poll(() => statSync(log).size, { timeout: 60_000 }).toBe(0);
  expect(database.annotationCount()).toBe(2051);
  await database.endReads();
  const reopened = reopen(database);
  expect(reopened.annotationCount()).toBe(2051);
  expect(reopened.check()).toEqual([]);
}, 120_000);

test('several that wait until nothing is under way all get their turn', async () => {
  const { database, annotations } = projectWith(5000);
  const removed = database.gradually.apply('Remove', removal(...annotations));
  const isInTime = Promise.race([
    Promise.all([database.gradually.rest(), database.gradually.rest(), database.gradually.rest()]),
    removed.then(() => turns(50)).then(() => 'they wait for each other'),
  ]);
  expect(await isInTime).toEqual([undefined, undefined, undefined]);
});

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
