import { describe, expect, it, vi } from 'vitest';
import { changeImages } from '../../../app/features/images/image-changes.ts';
import { addition } from '../../../core/diff.ts';
import { makeAnnotation, makeDescription, makeImage, makeReview } from '../db/make-records.ts';
import { temporaryProject } from '../db/temporary-project.ts';

/** 250 images: more than one diff changes. Every second one has a region with a judged text. */
function makeProject() {
  const database = temporaryProject();
  const folder = database.addFolder('photos');
  const images = Array.from({ length: 250 }, (_, index) =>
    makeImage(folder.id, { path: `${String(index).padStart(3, '0')}.jpg` }),
  );
  const labelled = images.filter((_, index) => index % 2 === 0);
  const annotations = labelled.map(({ id }) => makeAnnotation(id));
  const items = annotations.map((annotation) => makeDescription(annotation, 'a thing'));
  const reviews = items.map((item) => makeReview(item));
  database.apply('Add', addition(...images, ...annotations, ...items, ...reviews));
  const read = () =>
    images.map(({ id }) => [
      database.image(id),
      database.annotations(id),
      database.items(id),
      database.reviews(id),
    ]);
  return { database, images, labelled, read };
}

describe('changing many images', () => {
  it('says what can be said of each, and passes over the others', async () => {
    const { database } = makeProject();
    const change = { kind: 'state', state: 'done' } as const;
    expect(await changeImages(database, { filter: {}, change })).toEqual({
      changed: 125,
      passedOver: 125,
    });
    expect(database.imageCount({ states: ['done'] })).toBe(125);
  });

  it('puts those that a filter finds into a split', async () => {
    const { database } = makeProject();
    const change = { kind: 'split', split: 'test' } as const;
    const report = await changeImages(database, { filter: { text: '01' }, change });
    expect(report).toEqual({ changed: database.imageCount({ text: '01' }), passedOver: 0 });
    expect(database.imageCount({ split: 'test' })).toBe(report.changed);
  });

  it('lists thousands of them in pages, and changes each once', async () => {
    const database = temporaryProject();
    const { id } = database.addFolder('photos');
    const images = Array.from({ length: 4001 }, (_, index) => makeImage(id, { path: `${index}` }));
    database.apply('Add', addition(...images));
    const listed = vi.spyOn(database, 'images');
    const change = { kind: 'split', split: 'test' } as const;
    const report = await changeImages(database, { filter: { split: 'none' }, change });
    expect(report).toEqual({ changed: 4001, passedOver: 0 });
    expect(listed.mock.results.map(({ value }) => (value as unknown[]).length)).toEqual([
      2000, 2000, 1,
    ]);
    expect(database.imageCount({ split: 'test' })).toBe(4001);
    expect(database.history()).toHaveLength(2);
  }, 60_000);

  it('takes images out with all that is about them, and one undo brings all of it back', async () => {
    const { database, images, labelled, read } = makeProject();
    const before = read();
    const ids = images.slice(0, 240).map(({ id }) => id);
    const change = { kind: 'take-out' } as const;
    await changeImages(database, { filter: { ids }, change });
    expect(database.imageCount()).toBe(10);
    expect(database.annotationCount()).toBe(labelled.length - 120);
    expect(database.check()).toEqual([]);
    await database.gradually.undo();
    expect(read()).toEqual(before);
    expect(database.check()).toEqual([]);
    await database.gradually.redo();
    expect(database.imageCount()).toBe(10);
  });

  it('that is cancelled changes nothing', async () => {
    const { database, read } = makeProject();
    const before = read();
    const abort = new AbortController();
    const context = { signal: abort.signal, progress: () => abort.abort() };
    const work = changeImages(database, { filter: {}, change: { kind: 'take-out' } }, context);
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
    expect(read()).toEqual(before);
  });
});
