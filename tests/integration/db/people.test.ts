import { expect, test } from 'vitest';
import { addition, removal } from '../../../core/diff.ts';
import { stepLabel } from '../../../core/project/step-labels.ts';
import { personOf } from '../../../core/project/person.ts';
import { withStoredDependents } from '../../../app/features/journal/dependents.ts';
import { makeAnnotation, makeDescription, makeImage, makeReview } from './make-records.ts';
import { reopen, temporaryProject } from './temporary-project.ts';

/** A project with an annotation, and the project as two people see it. */
function twoPeople() {
  const database = temporaryProject();
  const image = makeImage(database.addFolder('photos').id);
  const annotation = makeAnnotation(image.id);
  database.apply('Add', addition(image, annotation));
  const by = (name: string) =>
    database.by({ window: name, person: personOf(name), others: () => [] });
  return { database, image, annotation, ann: by('Ann'), bob: by('Bob') };
}

test('what two people write about one region stands side by side, each under their name', () => {
  const { database, image, annotation, ann, bob } = twoPeople();
  // Neither has seen the other's text.
  const items = [ann, bob].map(({ person }) => {
    return { ...makeDescription(annotation, `by ${person!.name}`), author: person!.id };
  });
  ann.apply(stepLabel('addText'), addition(items[0]!));
  bob.apply(stepLabel('addText'), addition(items[1]!));
  expect(database.items(image.id)).toEqual(items);
  expect(database.people().map(({ name }) => name)).toEqual(['Ann', 'Bob']);
  expect(database.history().map(({ label, person }) => [label, person])).toEqual([
    [stepLabel('addText'), 'Bob'],
    [stepLabel('addText'), 'Ann'],
    ['Add', null],
  ]);
  expect(database.check()).toEqual([]);
});

test('two reviews of one item stand side by side', () => {
  const { database, image, annotation, ann, bob } = twoPeople();
  const item = makeDescription(annotation, 'a heron');
  ann.apply('Add', addition(item));
  ann.apply('Judge', addition(makeReview(item, { reviewer: ann.person!.id })));
  bob.apply('Judge', addition(makeReview(item, { reviewer: bob.person!.id, verdict: 'reject' })));
  expect(database.reviews(image.id).map(({ reviewer, verdict }) => [reviewer, verdict])).toEqual([
    ['person:ann', 'accept'],
    ['person:bob', 'reject'],
  ]);
});

test('undo takes the name off no step, and a person stays known', () => {
  const { database, annotation, ann } = twoPeople();
  ann.apply('Add', addition({ ...makeDescription(annotation, 'x'), author: ann.person!.id }));
  while (database.undo());
  const reopened = reopen(database);
  expect(reopened.history().map(({ person }) => person)).toEqual(['Ann', null]);
  while (reopened.redo());
  expect(reopened.items(annotation.imageId)[0]?.author).toBe('person:ann');
});

test('an item names only who and what the project has', () => {
  const { database, image, annotation } = twoPeople();
  const item = makeDescription(annotation, 'x');
  const other = makeImage(image.folderId);
  database.apply('Add', addition(other));
  const wrong = [
    { ...item, author: 'person:nobody' },
    { ...item, segments: [{ ...item.segments[0]!, annotationId: 'gone' }] },
    { ...item, imageId: 'gone' },
    { ...item, imageId: other.id },
  ];
  for (const one of wrong) {
    expect(() => database.apply('Add', addition(one))).toThrow(
      expect.objectContaining({ code: 'conflict', detail: { id: item.id, kind: 'item' } }),
    );
  }
  const review = makeReview(item);
  expect(() => database.apply('Judge', addition(review))).toThrow(/needs item/);
});

test('a region with items is removed with them as one step, and not without saying so', () => {
  const { database, image, annotation } = twoPeople();
  const item = makeDescription(annotation, 'x');
  const caption = makeDescription(image, 'a photo');
  const review = makeReview(item);
  database.apply('Add', addition(item, caption, review));
  expect(() => database.apply('Remove', removal(annotation))).toThrow(/still used/);
  database.apply('Remove', withStoredDependents(database, removal(annotation)));
  expect([database.items(image.id), database.reviews(image.id)]).toEqual([[caption], []]);
  database.undo();
  expect(database.items(image.id)).toEqual([item, caption]);
  expect(database.reviews(image.id)).toEqual([review]);
  expect(database.check()).toEqual([]);
});

test('a region goes to another image only with the items about it', () => {
  const { database, image, annotation } = twoPeople();
  const other = makeImage(image.folderId);
  const item = makeDescription(annotation, 'x');
  database.apply('Add', addition(other, item));
  const moved = { ...annotation, imageId: other.id };
  const alone = { ...addition(), updated: { [annotation.id]: [annotation, moved] } };
  expect(() => database.apply('Move', alone as never)).toThrow(/still on the image/);
  const both = { ...alone.updated, [item.id]: [item, { ...item, imageId: other.id }] };
  database.apply('Move', { ...alone, updated: both } as never);
  expect(database.items(other.id)).toHaveLength(1);
  expect(database.check()).toEqual([]);
});
