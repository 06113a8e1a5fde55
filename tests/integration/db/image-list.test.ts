import fc from 'fast-check';
import { onTestFinished, expect, test } from 'vitest';
import { addition, removal, replacement } from '../../../core/diff.ts';
import { imageOrders } from '../../../core/project/image-filter.ts';
import { makeItem } from '../../../core/project/make-item.ts';
import {
  imageStates,
  provenanceSources,
  verdicts,
  type Annotation,
  type Category,
  type ImageRecord,
  type Item,
  type Provenance,
  type Review,
} from '../../../core/records.ts';
import { Database } from '../../../db/database.ts';
import type { ImageQuery } from '../../../db/project-database.ts';
import type { ImageRow } from '../../../db/project.ts';
import { listStatement } from '../../../db/repositories/image-list.ts';
import {
  makeAnnotation,
  makeCategory,
  makeDescription,
  makeImage,
  makeReview,
} from './make-records.ts';
import { temporaryProject } from './temporary-project.ts';

test('a page of images is what filtering and sorting all of them by hand gives', () => {
  const database = temporaryProject();
  const folder = database.addFolder('photos');
  const categories = [makeCategory({ name: 'Kiteboard' }), makeCategory({ name: 'thing' })];
  const people = ['person 1', 'person 2'];
  const words = ['Red kite', 'red bus', 'blue KITE', '赤い凧', ''];
  const images: ImageRecord[] = [];
  const annotations: Annotation[] = [];
  const items: Item[] = [];
  for (let index = 0; index < 40; index++) {
    const image = makeImage(folder.id, {
      path: `${(index * 17) % 40}.jpg`,
      state: imageStates[index % 3]!,
      split: index % 5 === 0 ? 'test' : null,
    });
    images.push(image);
    if (index % 4 === 0) items.push(makeDescription(image, words[(index / 4) % 5]!));
    for (let count = 0; count < index % 5; count++) {
      const annotation = makeAnnotation(image.id, {
        categoryId: index % 2 === 0 ? categories[count % 2]!.id : null,
        attributes: [{}, { dark: true }, { dark: 'no', size: 3 }][index % 3]!,
        provenance:
          count % 2 === 0 ? { source: 'person', by: people[index % 2]! } : modelAnswer(index / 40),
      });
      annotations.push(annotation);
      items.push(makeDescription(annotation, words[(index + count) % 5]!));
    }
  }
  const reviews = items
    .filter((_, index) => index % 3 === 0)
    .map((item, index) => makeReview(item, { verdict: verdicts[index % 3]! }));
  database.apply('Add', addition(...categories, ...images, ...annotations, ...items, ...reviews));

  const queryArbitrary = fc.record(
    {
      states: fc.subarray([...imageStates]),
      categoryId: fc.constantFrom(categories[0]!.id, categories[1]!.id, 'unknown'),
      text: fc.constantFrom(
        'red',
        'kite',
        'red kite',
        'KITE blue',
        'jpg',
        '1',
        '凧',
        '赤い凧',
        'x"y',
        ' ',
        '%',
      ),
      split: fc.constantFrom('test' as const, 'train' as const, 'none' as const),
      hasTexts: fc.boolean(),
      verdict: fc.constantFrom(...verdicts, 'none' as const),
      ids: fc.subarray(images.map(({ id }) => id)),
      source: fc.constantFrom(...provenanceSources),
      scoreBelow: fc.constantFrom(0, 0.3, 1),
      attribute: fc.constantFrom(
        { name: 'dark', value: null },
        { name: 'dark', value: 'true' },
        { name: 'size', value: '3' },
        { name: 'none', value: null },
      ),
      by: fc.constantFrom(...people),
      order: fc.constantFrom(...imageOrders),
      offset: fc.nat(45),
      limit: fc.nat(45),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(queryArbitrary, (query) => {
      const expected = byHand({ images, annotations, items, reviews, categories }, query);
      const { offset = 0, limit = 100 } = query;
      expect(database.images(query)).toEqual(expected.slice(offset, offset + limit));
      expect(database.imageCount(query)).toBe(expected.length);
      const page = { total: expected.length, rows: database.images(query) };
      expect(database.imagePage(query)).toEqual(page);
      for (const [place, { id }] of expected.entries()) {
        expect(database.imagePlace(id, query)).toBe(place);
      }
    }),
    { numRuns: 300 },
  );
});

function modelAnswer(score: number): Provenance {
  return {
    source: 'model',
    model: { id: 'model', hash: 'h' },
    request: { task: 'segment', text: null, regions: [] },
    threshold: 0.5,
    score,
  };
}

interface Records {
  readonly images: readonly ImageRecord[];
  readonly annotations: readonly Annotation[];
  readonly items: readonly Item[];
  readonly reviews: readonly Review[];
  readonly categories: readonly Category[];
}

function byHand({ images, annotations, items, reviews, categories }: Records, query: ImageQuery) {
  const own = (image: ImageRecord) => annotations.filter(({ imageId }) => imageId === image.id);
  const words = query.text?.toLowerCase().split(' ').filter(Boolean) ?? [];
  const textsOf = (image: ImageRecord) =>
    items
      .filter(({ imageId }) => imageId === image.id)
      .map(({ content }) => ('text' in content ? content.text.toLowerCase() : ''));
  const namesOf = (image: ImageRecord) =>
    own(image).flatMap(({ categoryId }) =>
      categories.filter(({ id }) => id === categoryId).map(({ name }) => name.toLowerCase()),
    );
  const rows = images
    .filter(({ state }) => query.states?.includes(state) ?? true)
    .filter(({ split }) => query.split === undefined || (split ?? 'none') === query.split)
    .filter((image) => {
      const hasTexts = textsOf(image).length > 0;
      return query.hasTexts === undefined || hasTexts === query.hasTexts;
    })
    .filter((image) => {
      const { categoryId, source, scoreBelow, attribute, by } = query;
      const ofRegion = [categoryId, source, scoreBelow, attribute, by];
      if (ofRegion.every((criterion) => criterion === undefined)) return true;
      return own(image).some(({ provenance, attributes, ...region }) => {
        const score = 'score' in provenance ? provenance.score : Infinity;
        const value = attribute && attributes[attribute.name];
        return (
          (categoryId === undefined || region.categoryId === categoryId) &&
          (source === undefined || provenance.source === source) &&
          (scoreBelow === undefined || score < scoreBelow) &&
          (by === undefined || provenance.by === by) &&
          (attribute === undefined ||
            (value !== undefined && [null, String(value)].includes(attribute.value)))
        );
      });
    })
    .filter(({ id }) => query.ids?.includes(id) ?? true)
    .filter((image) => {
      const { verdict } = query;
      const judged = reviews.filter(({ imageId }) => imageId === image.id);
      if (verdict === undefined) return true;
      if (verdict !== 'none') return judged.some((review) => review.verdict === verdict);
      return items.some(
        ({ id, imageId }) => imageId === image.id && !judged.some(({ itemId }) => itemId === id),
      );
    })
    .filter((image) =>
      words.every(
        (word) =>
          image.path.includes(word) ||
          [...textsOf(image), ...namesOf(image)].some((text) => text.includes(word)),
      ),
    )
    .map((image) => ({
      id: image.id,
      path: image.path,
      width: image.width,
      height: image.height,
      state: image.state,
      annotations: own(image).length,
    }));
  if (query.order === 'added') return rows;
  if (query.order === 'to-check') {
    const later = (row: ImageRow) => (row.state === 'to-check' ? 0 : 1);
    return rows.sort((a, b) => later(a) - later(b) || (a.path < b.path ? -1 : 1));
  }
  if (query.order === 'annotations') return rows.sort((a, b) => b.annotations - a.annotations);
  return rows.sort((a, b) => (a.path < b.path ? -1 : 1));
}

test('an image that a query leaves out has the place that it would have', () => {
  const database = temporaryProject();
  const folder = database.addFolder('photos');
  const images = ['a', 'b', 'c', 'd'].map((path) =>
    makeImage(folder.id, { path, state: path === 'c' ? 'done' : 'untouched' }),
  );
  database.apply('Add', addition(...images));
  const places = images.map(({ id }) => database.imagePlace(id, { states: ['untouched'] }));
  expect(places).toEqual([0, 1, 2, 2]);
  expect(database.imagePlace('unknown')).toBeNull();
});

test('words of texts, questions, answers and choices are found, those of provenance are not', () => {
  const database = temporaryProject();
  const folder = database.addFolder('photos');
  const image = makeImage(folder.id);
  const content = {
    question: 'Which colour?',
    choices: ['crimson', 'ultramarine'],
    answer: 'crimson, surely',
  };
  const item = makeItem(
    { task: 'multiple-choice', content },
    { imageId: image.id, segments: [] },
    {
      source: 'model',
      model: { id: 'secret-model', hash: 'h' },
      request: { task: 'ask', question: 'prompted', choices: ['offered'], regions: [] },
      threshold: 0.5,
      score: 1,
    },
  );
  database.apply('Add', addition(image, item));
  const found = (text: string) => database.imageCount({ text });
  expect(['which', 'marine', 'surely', 'crimson colour'].map(found)).toEqual([1, 1, 1, 1]);
  expect(['secret', 'prompted', 'offered', 'question'].map(found)).toEqual([0, 0, 0, 0]);
});

test('the search follows edits and undo', () => {
  const database = temporaryProject();
  const folder = database.addFolder('photos');
  const image = makeImage(folder.id);
  const annotation = makeAnnotation(image.id);
  const [heron, beak] = [
    makeDescription(image, 'a heron'),
    makeDescription(annotation, 'its beak'),
  ];
  database.apply('Add', addition(image, annotation, heron, beak));
  const stork = { ...makeDescription(image, 'a stork'), id: heron.id };
  database.apply('Edit', replacement(heron, stork));
  database.apply('Edit', removal(beak));
  const found = () => ['heron', 'stork', 'beak'].map((text) => database.imageCount({ text }));
  expect(found()).toEqual([0, 1, 0]);
  database.undo();
  expect(found()).toEqual([0, 1, 1]);
  database.undo();
  expect(found()).toEqual([1, 0, 1]);
  expect(database.check()).toEqual([]);
});

test('pages are read in the order of an index, and what belongs to an image is found by one', () => {
  const project = temporaryProject();
  project.close();
  const database = new Database(project.file, { mustExist: true });
  onTestFinished(() => database.close());
  const plan = (sql: string, parameters = {}) =>
    database
      .all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, parameters)
      .map(({ detail }) => detail)
      .join('; ');
  const pagePlan = (query: ImageQuery) => {
    const { sql, parameters } = listStatement(query);
    return plan(sql, parameters);
  };
  expect(pagePlan({})).toBe('SCAN image USING INDEX image_by_path');
  const deep = { offset: 5, limit: 5 };
  const found = (where: string) =>
    `SEARCH image USING INTEGER PRIMARY KEY (rowid=?); LIST SUBQUERY 1; ${where}; USE TEMP B-TREE FOR ORDER BY`;
  const byPath = found('SCAN image USING COVERING INDEX image_by_path');
  expect(pagePlan(deep)).toBe(byPath);
  expect(pagePlan({ ...deep, states: ['done', 'untouched'] })).toBe(byPath);
  expect(pagePlan({ ...deep, split: 'train' })).toBe(byPath);
  expect(pagePlan({ ...deep, split: 'none', states: ['done', 'to-check'] })).toBe(byPath);
  expect(pagePlan({ ...deep, states: ['done'] })).toBe(
    found('SEARCH image USING COVERING INDEX image_by_state_path (state=?)'),
  );
  expect(pagePlan({ order: 'added' })).toBe('SCAN image');
  expect(pagePlan({ ...deep, order: 'annotations' })).toBe(
    found('SCAN image USING COVERING INDEX image_by_annotation_count'),
  );
  expect(pagePlan({ categoryId: 'c' })).toContain('COVERING INDEX annotation_by_category');
  expect(pagePlan({ text: 'kite' })).toContain('SEARCH image USING INTEGER PRIMARY KEY');
  expect(
    plan('SELECT * FROM annotation WHERE image_id = @imageId ORDER BY z_order, export_id', {
      imageId: '',
    }),
  ).toBe('SEARCH annotation USING INDEX annotation_by_image (image_id=?)');
  expect(plan('SELECT 1 FROM journal_step WHERE done = 1 ORDER BY id DESC LIMIT 1')).toBe(
    'SEARCH journal_step USING COVERING INDEX journal_step_by_done (done=?)',
  );
});

test('a search may hold a NUL, words again and again, and is refused in words when it holds too many', () => {
  const database = temporaryProject();
  const image = makeImage(database.addFolder('photos').id, { path: 'heron.jpg' });
  database.apply('Add', addition(image));
  const found = (text: string) => database.images({ text }).map(({ path }) => path);
  expect(found('her\0on')).toEqual(['heron.jpg']);
  expect(found('\0')).toEqual(['heron.jpg']);
  expect(found('heron '.repeat(3000))).toEqual(['heron.jpg']);
  const many = Array.from({ length: 3000 }, (_, index) => `word${index}`).join(' ');
  expect(() => found(many)).toThrow(expect.objectContaining({ code: 'invalid-input' }));
});
