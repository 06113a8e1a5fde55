import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addition,
  applyDiff,
  emptyDiff,
  invertDiff,
  removal,
  replacement,
  type Diff,
  type Records,
} from '../../../core/diff.ts';
import { oneSegment } from '../../../core/project/make-item.ts';
import type { ProjectRecord } from '../../../core/records.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import {
  makeAnnotation,
  makeCategory,
  makeDescription,
  makeImage,
  makeReview,
} from './make-records.ts';
import { reopen, temporaryProject } from './temporary-project.ts';

const imageIds = ['image-1', 'image-2'];
const categoryIds = ['category-1', 'category-2'];
const annotationIds = ['annotation-1', 'annotation-2', 'annotation-3'];
const itemIds = ['item-1', 'item-2'];
const reviewIds = ['review-1', 'review-2'];
const allIds = [...imageIds, ...categoryIds, ...annotationIds, ...itemIds, ...reviewIds];

/**
 * The effect of one command of the property on each id: null removes or leaves absent, undefined
 * leaves alone.
 */
type Wish = Record<string, { version: number; imageId: string; categoryId: string | null } | null>;

const wishArbitrary: fc.Arbitrary<Wish> = fc.dictionary(
  fc.constantFrom(...allIds),
  fc.option(
    fc.record({
      version: fc.nat(1000),
      imageId: fc.constantFrom(...imageIds),
      categoryId: fc.option(fc.constantFrom(...categoryIds)),
    }),
    { freq: 3 },
  ),
  { minKeys: 1, maxKeys: 6 },
);

type Command =
  | { kind: 'apply'; wish: Wish; group: string | null }
  | { kind: 'undo' }
  | { kind: 'redo' }
  | { kind: 'reopen' };

const commandArbitrary: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('apply' as const),
      wish: wishArbitrary,
      group: fc.option(fc.constantFrom('g', 'h')),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'undo' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'redo' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'reopen' as const }) },
);

interface Step {
  group: string | null;
  diffs: Diff[];
}

/** The project as plain values: what the database must be equal to after every command. */
interface Model {
  records: Records;
  done: Step[];
  undone: Step[];
}

test('any mix of edits, undo, redo and restarts leads where plain values lead', () => {
  fc.assert(
    fc.property(fc.array(commandArbitrary, { minLength: 1, maxLength: 25 }), (commands) => {
      let database = temporaryProject();
      const folderId = database.addFolder('photos').id;
      const model: Model = { records: new Map(), done: [], undone: [] };
      for (const command of commands) {
        if (command.kind === 'reopen') database = reopen(database);
        else if (command.kind === 'apply') edit(database, model, folderId, command);
        else stepBack(database, model, command.kind);
        expect(recordsOf(database)).toEqual(model.records);
        expect([database.canUndo, database.canRedo]).toEqual([
          model.done.length > 0,
          model.undone.length > 0,
        ]);
        expect(database.history().map(({ done }) => done)).toEqual([
          ...model.undone.map(() => false),
          ...model.done.map(() => true),
        ]);
      }

      const end = model.records;
      while (database.redo());
      const last = recordsOf(database);
      while (database.undo());
      expect(recordsOf(database)).toEqual(new Map());
      database = reopen(database);
      while (database.redo());
      expect(recordsOf(database)).toEqual(last);
      if (model.undone.length === 0) expect(last).toEqual(end);
      expect(database.check()).toEqual([]);
    }),
    { numRuns: 40 },
  );
}, 300_000);

function edit(
  database: ProjectDatabase,
  model: Model,
  folderId: string,
  command: { wish: Wish; group: string | null },
): void {
  const diff = diffFor(model.records, command.wish, folderId);
  if (Object.values(diff).every((map) => Object.keys(map).length === 0)) return;
  const next = applyDiff(model.records, diff);
  const options = command.group === null ? {} : { group: command.group };
  if (!isSound(next)) {
    expect(() => database.apply('Edit', diff, options)).toThrow(
      expect.objectContaining({ code: 'conflict' }),
    );
    return;
  }
  expect(database.apply('Edit', diff, options).diff).toEqual(diff);
  model.records = next;
  model.undone = [];
  const newest = model.done.at(-1);
  if (newest && newest.group === command.group && command.group !== null) newest.diffs.push(diff);
  else model.done.push({ group: command.group, diffs: [diff] });
}

function stepBack(database: ProjectDatabase, model: Model, kind: 'undo' | 'redo'): void {
  const step = kind === 'undo' ? model.done.pop() : model.undone.shift();
  const applied = database[kind]();
  if (!step) {
    expect(applied).toBeNull();
    return;
  }
  const diffs = kind === 'undo' ? step.diffs.map(invertDiff).reverse() : step.diffs;
  const before = model.records;
  model.records = diffs.reduce(applyDiff, before);
  expect(applyDiff(before, applied!.diff)).toEqual(model.records);
  if (kind === 'undo') model.undone.unshift(step);
  else model.done.push(step);
}

function diffFor(records: Records, wish: Wish, folderId: string): Diff {
  const diff = emptyDiff();
  for (const [id, value] of Object.entries(wish)) {
    const from = records.get(id);
    const to = value && recordFor(id, value, folderId);
    if (from && to) diff.updated[id] = [from, to];
    else if (from) diff.removed[id] = from;
    else if (to) diff.added[id] = to;
  }
  return diff;
}

function recordFor(
  id: string,
  value: { version: number; imageId: string; categoryId: string | null },
  folderId: string,
): ProjectRecord {
  const { version, imageId, categoryId } = value;
  if (imageIds.includes(id)) return makeImage(folderId, { id, width: version + 1 });
  if (categoryIds.includes(id))
    return makeCategory({ id, name: `${version}`, parentId: categoryId });
  if (itemIds.includes(id)) {
    const annotationId = annotationIds[version % annotationIds.length]!;
    const isAboutImage = version % 4 === 0;
    const segments = isAboutImage ? [] : oneSegment('description', annotationId);
    const item = makeDescription(makeImage(folderId, { id: imageId }), `words ${version}`);
    return { ...item, id, segments };
  }
  if (reviewIds.includes(id)) {
    const item = { id: itemIds[version % itemIds.length]!, imageId };
    return makeReview(item, { id, note: `${version}` });
  }
  return makeAnnotation(imageId, { id, categoryId, bbox: [version, 0, 1, 1], zOrder: version });
}

/** Whether every reference has its target and the category tree has no circle. */
function isSound(records: Records): boolean {
  return [...records.values()].every((record) => {
    if (record.kind === 'image') return true;
    if (record.kind === 'annotation') {
      return (
        records.has(record.imageId) &&
        (record.categoryId === null || records.has(record.categoryId))
      );
    }
    if (record.kind === 'item') {
      const annotations = record.segments.map(({ annotationId }) => records.get(annotationId));
      return (
        records.has(record.imageId) &&
        annotations.every((one) => one?.kind === 'annotation' && one.imageId === record.imageId)
      );
    }
    if (record.kind === 'review') return records.has(record.imageId) && records.has(record.itemId!);
    const seen = new Set([record.id]);
    for (let parentId = record.parentId; parentId !== null;) {
      const parent = records.get(parentId);
      if (parent?.kind !== 'category' || seen.has(parentId)) return false;
      seen.add(parentId);
      parentId = parent.parentId;
    }
    return true;
  });
}

function recordsOf(database: ProjectDatabase): Map<string, ProjectRecord> {
  const images = [...database.exportImages()].map(({ image }) => image);
  const records = [
    ...database.categories(),
    ...images,
    ...images.flatMap(({ id }) => [
      ...database.annotations(id),
      ...database.items(id),
      ...database.reviews(id),
    ]),
  ];
  return new Map(records.map((record) => [record.id, record]));
}

test('work applied in chunks under one group is one step of undo', () => {
  const database = temporaryProject();
  const folder = database.addFolder('photos');
  for (let chunk = 0; chunk < 9; chunk++) {
    database.apply('Import images', addition(makeImage(folder.id), makeImage(folder.id)), {
      group: 'import-1',
    });
  }
  database.apply('Import more', addition(makeImage(folder.id)), { group: 'import-2' });
  expect(database.history().map(({ label }) => label)).toEqual(['Import more', 'Import images']);

  database.undo();
  const undone = database.undo()!;
  expect(undone.label).toBe('Import images');
  expect(Object.keys(undone.diff.removed)).toHaveLength(18);
  expect(database.imageCount()).toBe(0);
  expect(Object.keys(database.redo()!.diff.added)).toHaveLength(18);
  expect(database.imageCount()).toBe(18);
});

test('a new edit ends the possibility to redo', () => {
  const database = temporaryProject();
  const folder = database.addFolder('photos');
  database.apply('First', addition(makeImage(folder.id)));
  database.undo();
  database.apply('Second', addition(makeImage(folder.id)));
  expect(database.redo()).toBeNull();
  expect(database.history().map(({ label }) => label)).toEqual(['Second']);
});

test('the history lists steps newest first with their image and whether they are done', () => {
  const database = temporaryProject();
  const folder = database.addFolder('photos');
  const images = Array.from({ length: 5 }, () => makeImage(folder.id));
  for (const image of images) database.apply(image.id, addition(image), { imageId: image.id });
  database.undo();

  const steps = database.history();
  expect(steps.map(({ imageId, done }) => [imageId, done])).toEqual(
    images.map(({ id }, index) => [id, index < 4]).reverse(),
  );
  expect(steps[0]!.atMs).toBeGreaterThan(Date.now() - 60_000);
  expect(database.history({ before: steps[1]!.id, limit: 2 })).toEqual(steps.slice(2, 4));
});

test('an empty change writes no step', () => {
  const database = temporaryProject();
  const folder = database.addFolder('photos');
  const { stepId } = database.apply('Add', addition(makeImage(folder.id)));
  expect(database.apply('Nothing', emptyDiff())).toEqual({
    stepId,
    label: 'Nothing',
    diff: emptyDiff(),
  });
  expect(database.history()).toHaveLength(1);
});

test('a change of 50,000 records is one step, there and back', () => {
  let database = temporaryProject();
  const folder = database.addFolder('photos');
  const image = makeImage(folder.id);
  const many = Array.from({ length: 50_000 }, (_, zOrder) => makeAnnotation(image.id, { zOrder }));
  database.apply('Add', addition(image, ...many));
  const idsOf = (annotations: { id: string }[]) => annotations.map(({ id }) => id).join();
  expect(idsOf(database.annotations(image.id))).toBe(idsOf(many));
  expect(database.images()[0]!.annotations).toBe(50_000);
  database = reopen(database);
  expect(Object.keys(database.undo()!.diff.removed)).toHaveLength(50_001);
  expect(database.annotationCount()).toBe(0);
}, 300_000);

test('a refused change names the record and changes nothing', () => {
  const database = temporaryProject();
  const folder = database.addFolder('photos');
  const image = makeImage(folder.id, { path: 'a.jpg' });
  const category = makeCategory({ name: 'dog' });
  const annotation = makeAnnotation(image.id, { categoryId: category.id });
  database.apply('Add', addition(image, category, annotation));
  const stale = { ...annotation, area: 7 };
  const orphan = makeAnnotation('no-image');
  const uncategorised = makeAnnotation(image.id, { categoryId: 'no-category' });
  const homeless = makeImage('no-folder');
  const twin = makeImage(folder.id, { path: 'a.jpg' });
  const circle = { ...category, parentId: category.id };
  const extra = makeImage(folder.id);
  const refusals: [Diff, string, string][] = [
    [addition(annotation), 'conflict', annotation.id],
    [addition({ ...extra, id: category.id }), 'conflict', category.id],
    [replacement(stale, annotation), 'conflict', annotation.id],
    [removal(stale), 'conflict', annotation.id],
    [removal(orphan), 'conflict', orphan.id],
    [addition(orphan), 'conflict', 'no-image'],
    [addition(uncategorised), 'conflict', 'no-category'],
    [addition(homeless), 'conflict', 'no-folder'],
    [addition(twin), 'conflict', 'path'],
    [replacement(category, circle), 'conflict', 'ancestor'],
    [removal(category), 'conflict', 'dog'],
    [removal(image), 'conflict', 'a.jpg'],
    [{ ...emptyDiff(), added: { other: extra } }, 'invalid-input', extra.id],
    [addition({ ...extra, width: 0 }), 'invalid-input', 'width'],
    [addition({ ...extra, state: 'lost' as 'done' }), 'invalid-input', 'state'],
    [addition({ ...annotation, id: 'new', area: Number.NaN }), 'invalid-input', 'area'],
  ];
  for (const [diff, code, part] of refusals) {
    const together = {
      ...diff,
      added: { ...diff.added, bystander: makeImage(folder.id, { id: 'bystander' }) },
    };
    expect(() => database.apply('Refused', together)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(part) }),
    );
  }
  expect(recordsOf(database)).toEqual(
    new Map([category, image, annotation].map((record) => [record.id, record])),
  );
  expect(database.history()).toHaveLength(1);
  expect(database.check()).toEqual([]);
});

test('removing a category works when the same step says what becomes of its annotations', () => {
  const database = temporaryProject();
  const folder = database.addFolder('photos');
  const [image, category] = [makeImage(folder.id), makeCategory()];
  const annotation = makeAnnotation(image.id, { categoryId: category.id });
  database.apply('Add', addition(image, category, annotation));
  database.apply('Remove category', {
    ...removal(category),
    updated: { [annotation.id]: [annotation, { ...annotation, categoryId: null }] },
  });
  expect(database.annotation(annotation.id)?.categoryId).toBeNull();
  database.undo();
  expect(database.annotation(annotation.id)).toEqual(annotation);
});

test('a path that a step frees can be taken in the same step', () => {
  const database = temporaryProject();
  const folder = database.addFolder('photos');
  const before = makeImage(folder.id, { path: 'a.jpg' });
  const after = makeImage(folder.id, { path: 'a.jpg' });
  const annotation = makeAnnotation(before.id);
  database.apply('Add', addition(before, annotation));
  database.apply('Swap', {
    added: { [after.id]: after },
    updated: { [annotation.id]: [annotation, { ...annotation, imageId: after.id }] },
    removed: { [before.id]: before },
  });
  expect(database.images().map(({ id, annotations }) => [id, annotations])).toEqual([
    [after.id, 1],
  ]);
  expect(database.check()).toEqual([]);
  database.undo();
  expect(database.annotations(before.id)).toEqual([annotation]);
  expect(database.check()).toEqual([]);
});
