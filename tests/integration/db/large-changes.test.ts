import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { addition, removal, replacements, type Diff } from '../../../core/diff.ts';
import type { Annotation } from '../../../core/records.ts';
import { makeAnnotation, makeCategory, makeImage } from './make-records.ts';
import { reopen, temporaryProject } from './temporary-project.ts';

const parts = 14;
const inPart = 300;

function projectWithMany() {
  const database = temporaryProject();
  const image = makeImage(database.addFolder('photos').id);
  const annotations = Array.from({ length: parts * inPart }, () => makeAnnotation(image.id));
  database.apply('Add', addition(image, ...annotations));
  const areas = () => new Set(database.annotations(image.id).map(({ area }) => area));
  return { database, image, annotations, areas, before: areas() };
}

function* enlarged(annotations: readonly Annotation[]): Generator<Diff> {
  for (let start = 0; start < annotations.length; start += inPart) {
    const some = annotations.slice(start, start + inPart);
    yield replacements(some.map((each) => [each, { ...each, area: 77_777 }]));
  }
}

test('a change in many parts is written by another thread while this one answers others', async () => {
  const { database, annotations, areas, before } = projectWithMany();
  const written = database.rowsWritten;
  let isDone = false;
  const done = database.gradually
    .applyEach('Enlarge', enlarged(annotations))
    .finally(() => (isDone = true));
  const answers: unknown[] = [];
  while (!isDone) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!isDone) answers.push([database.rowsWritten - written, areas()]);
  }
  await done;
  expect(answers.length).toBeGreaterThan(parts);
  for (const answer of answers) expect(answer).toEqual([0, before]);
  expect(database.rowsWritten - written).toBeGreaterThan(annotations.length);
  expect(areas()).toEqual(new Set([77_777]));
  expect(database.history().map(({ label }) => label)).toEqual(['Enlarge', 'Add']);
  expect(database.check()).toEqual([]);
  await database.gradually.undo();
  expect(areas()).toEqual(before);
}, 60_000);

test('a change in many parts that fails while it is made changes nothing and says why', async () => {
  const { database, annotations, areas, before } = projectWithMany();
  const failing = function* (): Generator<Diff> {
    yield* enlarged(annotations);
    throw new RangeError('no photo');
  };
  await expect(database.gradually.applyEach('Enlarge', failing())).rejects.toThrow('no photo');
  expect([areas(), database.history()]).toEqual([before, [expect.objectContaining({ id: 1 })]]);
  await database.gradually.applyEach('Enlarge', enlarged(annotations));
  expect(areas()).toEqual(new Set([77_777]));
}, 60_000);

test('a change in many parts of which one meets a conflict changes nothing and names the record', async () => {
  const { database, annotations, areas, before } = projectWithMany();
  const conflicting = function* (): Generator<Diff> {
    yield* enlarged(annotations);
    yield removal(annotations[0]!);
  };
  const done = database.gradually.applyEach('Enlarge', conflicting());
  await expect(done).rejects.toMatchObject({
    code: 'conflict',
    detail: { id: annotations[0]!.id },
  });
  expect(areas()).toEqual(before);
}, 60_000);

test('a change in many parts that is cancelled on its way changes nothing', async () => {
  const { database, annotations, areas, before } = projectWithMany();
  const stop = new AbortController();
  let made = 0;
  const counted = function* (): Generator<Diff> {
    for (const diff of enlarged(annotations)) {
      if (++made === parts) stop.abort();
      yield diff;
    }
  };
  const done = database.gradually.applyEach('Enlarge', counted(), { signal: stop.signal });
  await expect(done).rejects.toMatchObject({ code: 'cancelled' });
  expect([areas(), database.history()]).toEqual([before, [expect.objectContaining({ id: 1 })]]);
}, 60_000);

test('a write, or closing, takes a change in many parts to its end first', async () => {
  const { database, image, annotations } = projectWithMany();
  const enlarging = database.gradually.applyEach('Enlarge', enlarged(annotations));
  database.apply('Draw', addition(makeAnnotation(image.id)));
  expect(database.history().map(({ label }) => label)).toEqual(['Draw', 'Enlarge', 'Add']);
  await enlarging;
  const large = database.annotations(image.id).filter(({ area }) => area === 77_777);
  const removing = database.gradually.apply('Remove', removal(...large));
  const reopened = reopen(database);
  await removing;
  expect([reopened.annotationCount(), reopened.canUndo]).toEqual([1, true]);
  expect(reopened.check()).toEqual([]);
}, 60_000);

test('undo of a change of thousands of records in one part is written by another thread, too', async () => {
  const { database, image } = projectWithMany();
  // Words that hardly compress, as outlines do.
  const more = Array.from({ length: 3500 }, () =>
    makeAnnotation(image.id, { attributes: { note: randomBytes(200).toString('hex') } }),
  );
  const before = database.annotationCount();
  database.apply('Take over', addition(makeCategory(), ...more));
  for (const [take, count] of [
    ['undo', before],
    ['redo', before + more.length],
  ] as const) {
    const written = database.rowsWritten;
    const seen = new Set<number>();
    let isDone = false;
    const taken = database.gradually[take]().finally(() => (isDone = true));
    while (!isDone) {
      await new Promise((resolve) => setImmediate(resolve));
      if (!isDone) seen.add(database.rowsWritten - written);
    }
    await taken;
    expect([[...seen], database.annotationCount()]).toEqual([[0], count]);
  }
  expect(database.check()).toEqual([]);
}, 60_000);
