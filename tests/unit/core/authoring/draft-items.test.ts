import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  draftItems,
  isDraftItem,
  withoutDraftMark,
} from '../../../../core/authoring/draft-items.ts';
import type { Box } from '../../../../core/geometry/shapes.ts';
import type { Annotation, Item } from '../../../../core/records.ts';
import { problemsOfItem, taskIds } from '../../../../core/tasks/registry.ts';
import { boxAnnotation } from '../../../support/annotations.ts';

const image = { id: 'image', width: 900, height: 900 };
const names = new Map(['dog', 'hot dog', 'cat', 'ant', 'car'].map((name) => [name, name]));
const region = (categoryId: string | null, box: Box): Annotation => ({
  ...boxAnnotation(box),
  categoryId,
});
const drafts = (annotations: Annotation[], items: Item[] = [], seed = 1) =>
  draftItems({ image, annotations, items, names }, taskIds, seed);
const said = (items: readonly Item[]) => items.map(({ task, content }) => ({ task, content }));

test('a region gets a description, a question for its category and words that only it fits', () => {
  const made = drafts([region('ant', [0, 0, 200, 200]), region('cat', [700, 400, 100, 100])]);
  expect(said(made.slice(0, 3))).toEqual([
    { task: 'description', content: { text: 'An ant at the top left of the photo.' } },
    {
      task: 'referring',
      content: { question: 'the ant at the top left of the photo', answer: '[region1]' },
    },
    {
      task: 'multiple-choice',
      content: {
        question: 'What is this?',
        answer: 'ant',
        choices: expect.arrayContaining(['ant', 'cat']) as string[],
      },
    },
  ]);
  expect(made.every(isDraftItem)).toBe(true);
  expect(made.map(withoutDraftMark).some(isDraftItem)).toBe(false);
});

test('regions of one category in one place get no words that fit both', () => {
  const made = drafts([region('cat', [0, 0, 100, 100]), region('cat', [50, 50, 100, 100])]);
  expect(made.filter(({ task }) => task === 'referring')).toEqual([]);
});

test('no draft is made of a region without a category, of a crowd, of one too small, or again', () => {
  const tiny = region('cat', [0, 0, 20, 20]);
  const crowd = { ...region('cat', [300, 0, 100, 100]), crowd: true };
  expect(drafts([region(null, [0, 0, 300, 300]), tiny, crowd])).toEqual([]);
  const once = [region('dog', [0, 0, 300, 300])];
  expect(drafts(once, drafts(once))).toEqual([]);
});

test('whatever the regions, every draft passes the checks, and a seed gives the same ones again', () => {
  const box = fc
    .tuple(fc.nat(600), fc.nat(600), fc.integer({ min: 40, max: 300 }))
    .map(([x, y, side]): Box => [x, y, side, side]);
  const regions = fc.array(fc.tuple(fc.constantFrom(...names.keys()), box), { maxLength: 12 });
  fc.assert(
    fc.property(regions, fc.nat(), (given, seed) => {
      const annotations = given.map(([category, at]) => region(category, at));
      const made = drafts(annotations, [], seed);
      expect(made.flatMap((item) => problemsOfItem(item))).toEqual([]);
      expect(said(drafts(annotations, [], seed))).toEqual(said(made));
    }),
  );
});
