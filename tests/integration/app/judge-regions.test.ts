import { describe, expect, it } from 'vitest';
import { judgeRegions } from '../../../app/features/waiting-regions/judge-regions.ts';
import { addition, removal, replacement, squashDiffs } from '../../../core/diff.ts';
import type { Provenance } from '../../../core/records.ts';
import { makeAnnotation, makeCategory, makeImage } from '../db/make-records.ts';
import { temporaryProject } from '../db/temporary-project.ts';

const byModel = (score: number): Provenance => ({
  source: 'model',
  model: { id: 'tiny', hash: 'f'.repeat(64) },
  request: { task: 'segment', text: 'cup', regions: [] },
  threshold: 0.5,
  score,
});

/** 30 images to check: in each a region of a person, one sure of a model, and one less sure. */
function makeProject() {
  const database = temporaryProject();
  const folder = database.addFolder('photos');
  const images = Array.from({ length: 30 }, (_, index) =>
    makeImage(folder.id, { path: `${index}.jpg`, state: 'to-check' }),
  );
  const annotations = images.flatMap(({ id }, index) => [
    makeAnnotation(id, { provenance: byModel(0.9) }),
    makeAnnotation(id, { provenance: byModel((29 - index) / 40) }),
    makeAnnotation(id, { provenance: { source: 'person' } }),
  ]);
  const done = makeImage(folder.id, { path: 'done.jpg', state: 'done' });
  const kept = makeAnnotation(done.id, { provenance: byModel(0.95) });
  database.apply('Add', addition(...images, done, ...annotations, kept));
  const context = { signal: new AbortController().signal, progress: () => undefined };
  const page = (order: 'best' | 'worst', atLeast = 0.5) =>
    database.waitingRegions({ offset: 0, limit: 100, order, atLeast });
  return { database, images, context, page };
}

describe('regions that wait to be checked', () => {
  it('are those of a model in images to check, by their scores', () => {
    const { page } = makeProject();
    const { total, above, rows } = page('best');
    expect(total).toBe(60);
    expect(above).toBe(40);
    const scores = rows.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(page('worst').rows.map(({ score }) => score)).toEqual(scores.toReversed());
  });

  it('are not those that a person saw before they became regions', () => {
    const { database, images, page } = makeProject();
    const accepted = { ...byModel(0.99), accepted: true } as const;
    database.apply('Accept', addition(makeAnnotation(images[0]!.id, { provenance: accepted })));
    expect(page('best').total).toBe(60);
  });

  it('leave an image done that has, beside them, one that a person accepted', async () => {
    const { database, images, context, page } = makeProject();
    const accepted = { ...byModel(0.99), accepted: true } as const;
    database.apply('Accept', addition(makeAnnotation(images[0]!.id, { provenance: accepted })));
    const all = { which: { atLeast: 0 }, verdict: 'accept' } as const;
    await judgeRegions(database, all, context);
    expect(page('best').total).toBe(0);
    expect(database.image(images[0]!.id)?.state).toBe('done');
  });

  it('are not removed where a person takes one over while they are looked for', async () => {
    const { database, page, context } = makeProject();
    const [best] = page('best').rows;
    const region = database.annotation(best!.id)!;
    const verdict = { which: { atLeast: 0.5 }, verdict: 'remove' } as const;
    const judged = judgeRegions(database, verdict, context);
    const own = { ...region, provenance: { source: 'person' } } as const;
    database.apply('Correct', replacement(region, own));
    expect(await judged).toBe(39);
    expect(database.annotation(region.id)).toEqual(own);
    expect(database.check()).toEqual([]);
  });

  it('are judged once where one is named twice', async () => {
    const { database, page, context } = makeProject();
    const [{ id } = { id: '' }] = page('best').rows;
    const verdict = { which: { ids: [id, id] }, verdict: 'accept' } as const;
    expect(await judgeRegions(database, verdict, context)).toBe(1);
  });

  it('are looked for by another thread, while this one answers others', async () => {
    const { database, context } = makeProject();
    const order: string[] = [];
    const progress = () => void order.push('judged');
    const verdict = { which: { atLeast: 0.5 }, verdict: 'accept' } as const;
    const judged = judgeRegions(database, verdict, { ...context, progress });
    order.push('answered another call');
    await judged;
    expect(order.slice(0, 2)).toEqual(['answered another call', 'judged']);
  });

  it('are all judged where they fill more than one page, and none where it is stopped', async () => {
    const { database, images, context, page } = makeProject();
    const many = Array.from({ length: 6000 }, () =>
      makeAnnotation(images[0]!.id, { provenance: byModel(0.8) }),
    );
    database.apply('Add', addition(...many));
    const verdict = { which: { atLeast: 0.75 }, verdict: 'remove' } as const;
    const stopped = judgeRegions(database, verdict, { ...context, signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    expect(page('best', 0.75).above).toBe(6030);
    expect(await judgeRegions(database, { ...verdict, verdict: 'accept' }, context)).toBe(6030);
    expect(page('best', 0.75).above).toBe(0);
    await database.gradually.undo();
    expect(await judgeRegions(database, verdict, context)).toBe(6030);
    expect(page('best', 0.75).above).toBe(0);
    expect(database.check()).toEqual([]);
  }, 120_000);

  it('are accepted above a score as one step, which undo takes back', async () => {
    const { database, images, context, page } = makeProject();
    const verdict = { which: { atLeast: 0.5 }, verdict: 'accept' } as const;
    expect(await judgeRegions(database, verdict, context)).toBe(40);
    expect(page('best').total).toBe(20);
    expect(database.image(images[0]!.id)?.state, 'both accepted').toBe('done');
    expect(database.image(images[29]!.id)?.state, 'one waits').toBe('to-check');
    expect(database.check()).toEqual([]);
    await database.gradually.undo();
    expect(page('best').total).toBe(60);
    expect(database.imageCount({ states: ['to-check'] })).toBe(30);
    expect(database.check()).toEqual([]);
  });

  it('may be accepted under another name, which is added, or removed', async () => {
    const { database, context, page } = makeProject();
    const [first, second] = page('best').rows;
    const renamed = { which: { ids: [first!.id] }, verdict: 'accept', category: 'mug' } as const;
    await judgeRegions(database, renamed, context);
    const category = database.categories().find(({ name }) => name === 'mug');
    expect(database.annotation(first!.id)?.categoryId).toBe(category!.id);
    await judgeRegions(database, { which: { ids: [second!.id] }, verdict: 'remove' }, context);
    expect(database.annotation(second!.id)).toBeNull();
    expect(page('best').total).toBe(58);
    expect(database.check()).toEqual([]);
  });

  it('have one review of a person who accepts them in two windows at once', async () => {
    const { database, context, page } = makeProject();
    const ids = page('best').rows.map(({ id }) => id);
    const verdict = { which: { ids }, verdict: 'accept' } as const;
    await Promise.all([0, 1].map(() => judgeRegions(database, verdict, context)));
    const reviewed = page('best').total === 0 ? ids : [];
    const reviews = reviewed.flatMap((id) => database.reviews(database.annotation(id)!.imageId));
    expect(new Set(reviews.map(({ annotationId }) => annotationId)).size).toBe(60);
    expect(new Set(reviews.map(({ id }) => id)).size).toBe(60);
  });

  it('of images that another window took out meanwhile are passed over', async () => {
    const { database, images, context, page } = makeProject();
    const ids = page('best').rows.map(({ id }) => id);
    const [gone] = images;
    const regions = database.annotations(gone!.id);
    // So much that it is under way while the regions are looked up.
    const added = Array.from({ length: 20_000 }, (_, index) => makeCategory({ name: `${index}` }));
    const change = squashDiffs(addition(...added), removal(gone!, ...regions));
    const taken = database.gradually.apply('Take out', change);
    expect(database.image(gone!.id)).not.toBeNull();
    const verdict = { which: { ids }, verdict: 'accept' } as const;
    expect(await judgeRegions(database, verdict, context)).toBe(58);
    await taken;
    expect(database.check()).toEqual([]);
  });

  it('stay as they are when the work is cancelled', async () => {
    const { database, page } = makeProject();
    const abort = new AbortController();
    const context = { signal: abort.signal, progress: () => abort.abort() };
    const work = judgeRegions(database, { which: { atLeast: 0 }, verdict: 'remove' }, context);
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
    expect(page('best').total).toBe(60);
  });
});
