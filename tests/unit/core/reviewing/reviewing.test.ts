import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixProblem } from '../../../../core/reviewing/fix-problem.ts';
import { isAssigned } from '../../../../core/reviewing/assignment.ts';
import { agreementOf } from '../../../../core/reviewing/agreement.ts';
import { editDistance } from '../../../../core/reviewing/edit-distance.ts';
import { cohenKappa, fleissKappa } from '../../../../core/kappa.ts';
import {
  itemsAnHour,
  reviewQueue,
  type Reviewable,
  type QueueFilter,
} from '../../../../core/reviewing/queue.ts';
import { isDisputed, settledReason } from '../../../../core/reviewing/verdicts.ts';
import { makeItem } from '../../../../core/project/make-item.ts';
import type { Item, Review } from '../../../../core/records.ts';

const said = fc.constantFrom('a', 'b', 'c');

describe('kappa', () => {
  it('of Cohen is that of textbooks', () => {
    // 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: 0.4.
    const times = (count: number, pair: [string, string]) =>
      Array.from({ length: count }, () => pair);
    const pairs = [
      ...times(20, ['y', 'y']),
      ...times(5, ['y', 'n']),
      ...times(10, ['n', 'y']),
      ...times(15, ['n', 'n']),
    ];
    expect(cohenKappa(pairs)).toBeCloseTo(0.4, 12);
  });

  it('of Fleiss is that of his example with fourteen reviewers', () => {
    const table = [
      [0, 0, 0, 0, 14],
      [0, 2, 6, 4, 2],
      [0, 0, 3, 5, 6],
      [0, 3, 9, 2, 0],
      [2, 2, 8, 1, 1],
      [7, 7, 0, 0, 0],
      [3, 2, 6, 3, 0],
      [2, 5, 3, 2, 2],
      [6, 5, 2, 1, 0],
      [0, 2, 2, 3, 7],
    ];
    const things = table.map((counts) =>
      counts.flatMap((count, value) => Array.from({ length: count }, () => String(value))),
    );
    expect(fleissKappa(things)).toBeCloseTo(0.2099, 4);
  });

  it('is 1 of those who always agree, at most 1, and does not depend on their order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(said, said), { minLength: 2 }), (pairs) => {
        const kappa = cohenKappa(pairs);
        if (Number.isNaN(kappa)) return;
        expect(kappa).toBeLessThanOrEqual(1 + 1e-12);
        expect(cohenKappa(pairs.map(([a, b]) => [b, a] as const))).toBeCloseTo(kappa, 10);
        const agreed = cohenKappa(pairs.map(([a]) => [a, a] as const));
        if (!Number.isNaN(agreed)) expect(agreed).toBeCloseTo(1, 10);
      }),
    );
    expect(cohenKappa([])).toBeNaN();
    expect(fleissKappa([['a'], []])).toBeNaN();
  });
});

describe('the edit distance', () => {
  it('is a distance between 0 and 1', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance).toBeGreaterThanOrEqual(0);
        expect(distance).toBeLessThanOrEqual(1);
        expect(editDistance(a, a)).toBe(0);
      }),
    );
    expect(editDistance('kitten', 'sitting')).toBeCloseTo(3 / 7, 12);
  });
});

describe('assignment', () => {
  const reviewers = ['person:ann', 'person:bob', 'person:cho', 'person:dee'];

  it('gives each thing to as many people as are asked for', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 4 }), (id, each) => {
        const given = reviewers.filter((person) => isAssigned(id, person, { reviewers, each }));
        expect(given).toHaveLength(each);
        expect(isAssigned(id, 'person:else', { reviewers, each })).toBe(false);
        expect(isAssigned(id, null, { reviewers: [], each })).toBe(true);
      }),
    );
  });

  it('shares the work out about evenly', () => {
    const ids = Array.from({ length: 4000 }, (_, index) => `item-${index}`);
    for (const person of reviewers) {
      const count = ids.filter((id) => isAssigned(id, person, { reviewers, each: 1 })).length;
      expect(count).toBeGreaterThan(800);
      expect(count).toBeLessThan(1200);
    }
  });
});

const item: Item = makeItem(
  { task: 'multiple-choice', content: { question: 'Which?', choices: ['a', 'b'], answer: 'a' } },
  { imageId: 'image', segments: [] },
  { source: 'person', by: 'person:author' },
  1,
);

function review(reviewer: string, change: Partial<Review> = {}): Review {
  return {
    kind: 'review',
    id: `review of ${reviewer}`,
    imageId: 'image',
    itemId: item.id,
    annotationId: null,
    reviewer,
    verdict: 'accept',
    reason: null,
    note: '',
    atMs: 1,
    ...change,
  };
}
const wouldHave = (answer: string) => ({
  verdict: 'fix' as const,
  suggestion: { question: 'Which?', choices: ['a', 'b'], answer },
});

describe('a suggested content', () => {
  const content = { question: 'Which?', choices: ['a', 'b'], answer: 'a' };

  it('is refused where a question loses its choices, its answer or its words', () => {
    expect(fixProblem(item, { ...content, answer: 'b' })).toBeNull();
    expect(fixProblem(item, { ...content, choices: [] })).toBe('reviewFixChoices');
    expect(fixProblem(item, { ...content, answer: 'c' })).toBe('reviewFixAnswer');
    expect(fixProblem(item, { ...content, answer: '' })).toBe('reviewFixAnswer');
    expect(fixProblem(item, { ...content, question: ' ' })).toBe('reviewFixEmpty');
  });

  it('needs no choices where the question had none', () => {
    const free = { ...item, content: { ...content, choices: [] } } as Item;
    expect(fixProblem(free, { ...content, choices: [], answer: 'red' })).toBeNull();
    expect(fixProblem(free, { ...content, choices: [], answer: '' })).toBe('reviewFixEmpty');
  });
});

describe('a disagreement', () => {
  it('is there where verdicts or answers differ, until a third person settles it', () => {
    const [ann, bob] = [review('ann'), review('bob', wouldHave('b'))];
    expect(isDisputed(item, [ann])).toBe(false);
    expect(isDisputed(item, [ann, review('bob')])).toBe(false);
    expect(isDisputed(item, [ann, bob])).toBe(true);
    expect(isDisputed(item, [review('ann', wouldHave('b')), bob])).toBe(false);
    expect(isDisputed(item, [ann, bob, review('cho', { reason: settledReason })])).toBe(false);
  });

  it('shows in the agreement, which leaves out what one alone reviewed and what settled it', () => {
    const image = { width: 10, height: 10 };
    const thing = (...reviews: Review[]) => ({ item, annotation: null, image, reviews });
    const agreement = agreementOf([
      thing(review('ann'), review('bob')),
      thing(review('ann', wouldHave('b')), review('bob', wouldHave('b'))),
      thing(review('ann'), review('bob', wouldHave('b'))),
      thing(review('ann')),
    ]);
    expect(agreement).toMatchObject({ shared: 3, disputed: 1, maskIou: null, meteor: null });
    expect(agreement.cohenChoices).toBeCloseTo(0.4, 10);
    expect(agreement.fleissChoices).toBeCloseTo(1 / 3, 10);
  });
});

describe('the queue', () => {
  const about = { item, annotation: null, modelAgreement: null };
  const things: Reviewable[] = [
    { ...about, categoryIds: ['cup'], reviews: [] },
    { ...about, categoryIds: [null], reviews: [review('ann')] },
    { ...about, categoryIds: [], reviews: [review('ann'), review('bob', wouldHave('b'))] },
  ];
  const everything: QueueFilter = {
    ...{ task: null, author: null, categoryId: null },
    kind: 'open',
    order: 'project',
  };
  const all = { reviewers: [], each: 2 };

  it('holds what a person has not judged, and says nothing of what others did', () => {
    const page = reviewQueue(things, everything, 'bob', all);
    expect(page).toMatchObject({ total: 2, assigned: 3, judged: 1, disputed: 1 });
    expect(page.rows.map(({ verdict }) => verdict)).toEqual([null, null]);
    expect(reviewQueue(things, { ...everything, kind: 'disputed' }, 'cho', all).total).toBe(1);
    expect(reviewQueue(things, { ...everything, categoryId: 'cup' }, 'cho', all).total).toBe(1);
    expect(reviewQueue(things, { ...everything, author: 'person:x' }, 'cho', all).total).toBe(0);
    expect(reviewQueue(things, { ...everything, task: 'mask' }, 'cho', all).total).toBe(0);
  });

  it('holds what one reviewer would have otherwise, until it is decided', () => {
    const suggested = { ...everything, kind: 'suggested' } as const;
    const alone = { ...about, categoryIds: [], reviews: [review('bob', wouldHave('b'))] };
    const settled = [...alone.reviews, review('cho', { reason: settledReason })];
    const given = [...things, alone, { ...alone, reviews: settled }];
    expect(reviewQueue(given, suggested, 'cho', all).total).toBe(1);
  });

  it('puts first what reviewers, then what the model disagrees with', () => {
    const named = (id: string, change: Partial<Reviewable>): Reviewable => ({
      ...{ ...about, categoryIds: [], reviews: [], ...change },
      item: { ...item, id },
    });
    const disputed = [review('ann'), review('bob', wouldHave('b'))];
    const given = [
      named('right', { modelAgreement: 0.9 }),
      named('unasked', {}),
      named('wrong', { modelAgreement: 0.1 }),
      named('disputed', { reviews: disputed }),
    ];
    const first = { ...everything, kind: 'all', order: 'disagreement' } as const;
    const ids = (person: string, filter: QueueFilter = first) =>
      reviewQueue(given, filter, person, all).rows.map(({ id }) => id);
    expect(ids('ann')).toEqual(['disputed', 'wrong', 'right', 'unasked']);
    // Reviews of others stay hidden until a person has reviewed the subject.
    expect(ids('cho')).toEqual(['wrong', 'right', 'unasked', 'disputed']);
    expect(ids('cho', { ...first, kind: 'model' })).toEqual(['wrong']);
  });

  it('tells the pace without the breaks', () => {
    const minute = 60_000;
    expect(itemsAnHour([0, minute, 2 * minute, 100 * minute, 101 * minute])).toBe(60);
    expect(itemsAnHour([0, minute])).toBeNull();
  });
});
